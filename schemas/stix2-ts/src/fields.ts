import { hasSoundText, isBase64, isDictionaryKey, isHex } from './characters.ts'
import type { Report } from './report.ts'
import type { ProblemRule } from './rule.ts'
import { checkTable, compile, isJsonObject } from './table.ts'
import type { Field, JsonObject, Properties, ShapeOf, UnknownProperty } from './table.ts'
import { isTimestamp } from './timestamp.ts'
import type { Timestamp } from './timestamp.ts'
import { checkAnything } from './anything.ts'
import { isLanguageTag } from './language-tag.ts'

/** Any text without U+0000 and lone surrogates. */
export function string(): Field<string> {
  return { check: isText }
}

/** Reports a value that is no sound string. @returns whether it is one */
export function isText(value: unknown, report: Report): value is string {
  if (typeof value !== 'string') {
    report.problem('string', 'must be a string: write it as text')
    return false
  }
  if (!hasSoundText(value)) {
    report.problem('text', 'must have neither U+0000 nor a lone surrogate: remove it')
    return false
  }
  return true
}

/** Text of a certain form. `fix` follows the name of the field in the message. */
export function formatted(rule: ProblemRule, accepts: (text: string) => boolean, fix: string): Field<string> {
  return {
    check(value, report) {
      if (isText(value, report) && !accepts(value)) report.problem(rule, fix)
    },
  }
}

/** RFC 3339 in UTC (STIX 2.1 §2.16). */
export function timestamp(): Field<Timestamp> {
  return formatted(
    'timestamp',
    isTimestamp,
    'must be a real date and time in UTC such as 2016-04-06T20:03:48.000Z: correct it',
  )
}

/** Hexadecimal text (STIX 2.1 §2.8). */
export function hex(): Field<string> {
  return formatted('hex', isHex, 'must be an even number of hexadecimal characters: correct it')
}

/** Base64 text (STIX 2.1 §2.1). */
export function binary(): Field<string> {
  return formatted('binary', isBase64, 'must be padded base64 of RFC 4648: encode it again')
}

/** RFC 5646 tag (STIX 2.1 §3.2). */
export function language(): Field<string> {
  return formatted('language', isLanguageTag, 'must be an RFC 5646 language tag such as en or pt-BR: correct it')
}

/** true or false. */
export function boolean(): Field<boolean> {
  return {
    check(value, report) {
      if (typeof value !== 'boolean') report.problem('boolean', 'must be true or false, without quotes: correct it')
    },
  }
}

/** A whole number within 2^53-1, from `min` to `max` where given (STIX 2.1 §2.10). */
export function integer(min?: number, max?: number): Field<number> {
  return {
    check(value, report) {
      if (!Number.isSafeInteger(value)) report.problem('integer', 'must be a whole number within 2^53-1: correct it')
      else checkRange(Number(value), min, max, report)
    },
  }
}

/** A finite number, from `min` to `max` where given (STIX 2.1 §2.6). */
export function float(min?: number, max?: number): Field<number> {
  return {
    check(value, report) {
      if (typeof value !== 'number' || !Number.isFinite(value)) report.problem('float', 'must be a number: correct it')
      else checkRange(value, min, max, report)
    },
  }
}

function checkRange(value: number, min: number | undefined, max: number | undefined, report: Report): void {
  if (min !== undefined && value < min) report.problem('range', `must be at least ${min}: raise it`)
  if (max !== undefined && value > max) report.problem('range', `must be at most ${max}: lower it`)
}

/** Exactly one value. */
export function constant<const T extends string | boolean>(allowed: T): Field<T> {
  return {
    check(value, report) {
      if (value !== allowed) report.problem('const', `must be ${JSON.stringify(allowed)}: correct it`)
    },
  }
}

/** A list of one or more entries (STIX 2.1 §2.12). */
export function list<T>(entry: Field<T>): Field<readonly T[]> {
  return {
    check(value, report) {
      if (!Array.isArray(value)) return report.problem('list', 'must be a list: put it in square brackets')
      if (value.length === 0) return report.problem('empty-list', 'must not be empty: leave it out')
      for (let i = 0; i < value.length; i++) {
        report.enter(i)
        entry.check(value[i], report)
        report.leave()
      }
    },
  }
}

/** Looks at a dictionary key that is well-formed. */
export type KeyCheck = (key: string, report: Report) => void

/** Keys to values of one kind (STIX 2.1 §2.3). Keys should be lower case; ours come from other standards that are not. */
export function dictionary<T>(entry: Field<T>, checkKey?: KeyCheck): Field<Readonly<Record<string, T>>> {
  return {
    check(value, report) {
      if (!isJsonObject(value)) return report.problem('dictionary', 'must be a dictionary: put it in curly brackets')
      for (const key of Object.keys(value)) {
        report.enter(key)
        if (isDictionaryKey(key)) checkKey?.(key, report)
        else report.problem('dictionary-key', 'must be 1 to 250 letters, digits, hyphens and underscores: rename it')
        entry.check(value[key], report)
        report.leave()
      }
    },
  }
}

/** Any JSON value of bounded depth. */
export function anything(): Field<unknown> {
  return { check: (value, report) => checkAnything(value, report) }
}

/** Looks at an object as a whole, after its properties. It must not trust them: they may have problems. */
export type ObjectRule = (object: JsonObject, report: Report) => void

/** A nested object with its own table. */
export function object<const P extends Properties>(properties: P, ...rules: readonly ObjectRule[]): Field<ShapeOf<P>> {
  const table = compile(properties)
  return {
    check(value, report) {
      if (!isJsonObject(value)) return report.problem('object', 'must be an object: put it in curly brackets')
      checkTable(table, value, report, customNestedProperty)
      for (const rule of rules) rule(value, report)
    },
  }
}

const customNestedProperty: UnknownProperty = (_name, value, report) => {
  report.warning('custom-property', 'is not a property of the standard: move it to an extension')
  checkAnything(value, report)
}
