import type { ProblemRule, Rule, WarningRule } from './rule.ts'

/**
 * One finding. `pointer` is an RFC 6901 JSON pointer into the value that was parsed, of at most 4,096 characters: beyond
 * that it names the nearest parent. `message` names the field and the fix, and never holds a value.
 */
export interface Problem {
  readonly pointer: string
  readonly rule: Rule
  readonly message: string
}

/** More findings than a person reads; without a bound a hostile object makes the answer larger than itself. */
export const MAX_FINDINGS = 50

/** Longer pointers would let one long property name come back fifty times over. */
const MAX_POINTER = 4096

/** Longer names are cut in messages, so that a hostile property name does not fill the answer. */
const MAX_NAME_SHOWN = 60

/**
 * Collects the findings of one object. The place is a stack that the checks push to and pop from, so that a pointer is
 * only written out when there is something to report.
 */
export class Report {
  readonly problems: Problem[] = []
  readonly warnings: Problem[] = []
  readonly #path: (string | number)[] = []

  enter(component: string | number): void {
    this.#path.push(component)
  }

  leave(): void {
    this.#path.pop()
  }

  /** @param text what follows the name of the field: `must be …, so …` without a full stop */
  problem(rule: ProblemRule, text: string): void {
    if (this.problems.length < MAX_FINDINGS) this.problems.push(this.#finding(rule, text))
  }

  warning(rule: WarningRule, text: string): void {
    if (this.warnings.length < MAX_FINDINGS) this.warnings.push(this.#finding(rule, text))
  }

  /** As `problem`, one level deeper. */
  problemAt(component: string | number, rule: ProblemRule, text: string): void {
    this.enter(component)
    this.problem(rule, text)
    this.leave()
  }

  /** As `warning`, one level deeper. */
  warningAt(component: string | number, rule: WarningRule, text: string): void {
    this.enter(component)
    this.warning(rule, text)
    this.leave()
  }

  #finding(rule: Rule, text: string): Problem {
    return { pointer: jsonPointer(this.#path), rule, message: `${fieldName(this.#path)} ${text}.` }
  }
}

/** RFC 6901 pointer of a path, or of the nearest parent whose pointer is not too long. */
function jsonPointer(path: readonly (string | number)[]): string {
  let pointer = ''
  for (const component of path) {
    if (typeof component === 'string' && component.length > MAX_POINTER) break
    const step = typeof component === 'number' ? component : component.replaceAll('~', '~0').replaceAll('/', '~1')
    const longer = `${pointer}/${step}`
    if (longer.length > MAX_POINTER) break
    pointer = longer
  }
  return pointer.toWellFormed()
}

function fieldName(path: readonly (string | number)[]): string {
  const last = path.at(-1)
  if (last === undefined) return 'The object'
  const text = typeof last === 'number' ? `${shown(path.at(-2))}[${last}]` : shown(last)
  return `'${text}'`
}

function shown(name: string | number | undefined): string {
  const text = String(name ?? '')
  return (text.length > MAX_NAME_SHOWN ? `${text.slice(0, MAX_NAME_SHOWN)}…` : text).toWellFormed()
}
