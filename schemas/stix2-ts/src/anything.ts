import { hasSoundText } from './characters.ts'
import type { Report } from './report.ts'
import { isJsonObject } from './table.ts'

/** Deeper than any real STIX content, far from the end of the call stack. */
const MAX_DEPTH = 64

/**
 * Checks a value that no table describes: it must be JSON, its text sound and its depth bounded. Walks by recursion, which
 * {@link MAX_DEPTH} bounds.
 */
export function checkAnything(value: unknown, report: Report, depth = 0): void {
  if (typeof value === 'string') {
    if (!hasSoundText(value)) report.problem('text', 'must have neither U+0000 nor a lone surrogate: remove it')
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value)) report.problem('json', 'must be a finite number: correct it')
  } else if (Array.isArray(value)) {
    if (tooDeep(depth, report)) return
    for (let i = 0; i < value.length; i++) {
      report.enter(i)
      checkAnything(value[i], report, depth + 1)
      report.leave()
    }
  } else if (isJsonObject(value)) {
    if (tooDeep(depth, report)) return
    for (const name of Object.keys(value)) {
      report.enter(name)
      if (!hasSoundText(name))
        report.problem('text', 'must have neither U+0000 nor a lone surrogate in its name: rename it')
      checkAnything(value[name], report, depth + 1)
      report.leave()
    }
  } else if (typeof value !== 'boolean' && value !== null) {
    report.problem('json', 'must be a JSON value: remove it')
  }
}

function tooDeep(depth: number, report: Report): boolean {
  if (depth < MAX_DEPTH) return false
  report.problem('depth', `is nested more than ${MAX_DEPTH} levels deep: flatten it`)
  return true
}
