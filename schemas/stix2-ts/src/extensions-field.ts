import { checkAnything } from './anything.ts'
import { isDigit, isLower } from './characters.ts'
import { isIdentifier } from './identifier.ts'
import type { Report } from './report.ts'
import { isJsonObject } from './table.ts'
import type { Field, JsonObject, Properties, ShapeOf } from './table.ts'
import { VOCABULARIES } from './vocabulary.ts'

const TYPES: ReadonlySet<unknown> = new Set(VOCABULARIES['extension-type-enum'])

/** Known extensions by name, and any other by the id of its extension definition. */
export type Extensions<P extends Properties> = ShapeOf<P> & {
  readonly [id: `extension-definition--${string}`]: JsonObject
}

/** The extensions of an object (STIX 2.1 §3.2, §7.3). `known` are the predefined ones of its type. */
export function extensions<const P extends Properties>(known: P): Field<Extensions<P>> {
  const checks = new Map(Object.entries(known).map(([name, field]) => [name, field.check]))
  return {
    check(value, report) {
      if (!isJsonObject(value)) return report.problem('dictionary', 'must be a dictionary: put it in curly brackets')
      for (const name of Object.keys(value)) {
        const check = checks.get(name)
        report.enter(name)
        if (check === undefined) checkOther(name, value[name], report)
        else check(value[name], report)
        report.leave()
      }
    },
  }
}

function checkOther(name: string, value: unknown, report: Report): void {
  const isDefined = name.startsWith('extension-definition--')
  if (isDefined ? !isIdentifier(name) : !isPredefinedName(name)) {
    report.problem('extension', 'must be the id of an extension definition, or a name that ends in -ext: rename it')
  }
  if (!isJsonObject(value)) return report.problem('object', 'must be an object: put it in curly brackets')
  if (isDefined) checkType(value, report)
  else report.warning('custom-extension', 'is not an extension of the standard: name it by its extension definition')
  checkAnything(value, report)
}

function checkType(extension: JsonObject, report: Report): void {
  const type = extension['extension_type']
  if (type === undefined) report.warning('custom-extension', 'should have an extension_type: add it')
  else if (!TYPES.has(type)) {
    report.problemAt('extension_type', 'enum', 'must be a value of extension-type-enum: choose one')
  }
}

/** Lower-case letters, digits and single hyphens that end in `-ext`. */
function isPredefinedName(name: string): boolean {
  if (name.length > 250 || !name.endsWith('-ext') || !isLower(name.charCodeAt(0))) return false
  for (let i = 1; i < name.length; i++) {
    const code = name.charCodeAt(i)
    if (!isLower(code) && !isDigit(code) && !(code === 45 && name.charCodeAt(i - 1) !== 45)) return false
  }
  return true
}
