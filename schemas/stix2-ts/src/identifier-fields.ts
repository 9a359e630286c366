import { isText } from './fields.ts'
import { isIdentifier, typeOfIdentifier, uuidVersion } from './identifier.ts'
import type { Identifier } from './identifier.ts'
import type { Report } from './report.ts'
import type { Field } from './table.ts'

/** Reports text that is no identifier. @returns whether it is one */
export function checkIdentifier(value: unknown, report: Report): value is Identifier {
  if (!isText(value, report)) return false
  if (isIdentifier(value)) return true
  report.problem(
    'identifier',
    'must be an identifier such as identity--311b2d2d-f010-4473-83ec-1edf84858f4c: correct it',
  )
  return false
}

/** The id of an object of one type (STIX 2.1 §2.9). `uuid` is the version that it should have, if that is known. */
export function idOf<const T extends string>(type: T, uuid?: 4): Field<Identifier<T>> {
  return {
    check(value, report) {
      if (!checkIdentifier(value, report)) return
      // the length first: it is one comparison, and a prefix of the right text but another length cannot be an id of the type
      if (value.length !== type.length + 38 || !value.startsWith(type)) {
        report.problem('id-type', `must start with ${type}--, the type of the object: correct it`)
      } else if (uuid !== undefined && uuidVersion(value) !== uuid)
        report.warning('id-version', `should have a UUIDv${uuid}: make a new id`)
    },
  }
}

/** A reference to an object of one of some types; without types, to any object. */
export function ref<const T extends readonly string[]>(
  ...types: T
): Field<Identifier<T extends readonly [] ? string : T[number]>> {
  if (types.length === 0) return { check: checkIdentifier }
  return refWhere((type) => types.includes(type), `must refer to ${types.join(' or ')}: correct it`)
}

/** A reference whose type fulfils a condition. `fix` follows the name of the field in the message. */
export function refWhere<T extends string>(accepts: (type: string) => boolean, fix: string): Field<Identifier<T>> {
  return {
    check(value, report) {
      if (checkIdentifier(value, report) && !accepts(typeOfIdentifier(value))) report.problem('ref-type', fix)
    },
  }
}

/** A reference that should name an object of one type: the standard describes it so, and real feeds do not all keep to it. */
export function looseRef<const T extends string>(type: T): Field<Identifier<T>> {
  return {
    check(value, report) {
      if (checkIdentifier(value, report) && typeOfIdentifier(value) !== type) {
        report.warning('ref-form', `should refer to ${type}: correct it`)
      }
    },
  }
}

/**
 * A reference that must start with one of some types. A malformed UUID after it is a warning: the schemas of OASIS look at
 * the type part of src_ref and dst_ref alone (STIX 2.1 §6.12).
 */
export function prefixRef<const T extends string>(...types: readonly T[]): Field<Identifier<T>> {
  const allowed: readonly string[] = types
  return {
    check(value, report) {
      if (!isText(value, report)) return
      if (!allowed.includes(typeOfIdentifier(value)))
        report.problem('ref-type', `must refer to ${types.join(' or ')}: correct it`)
      else if (!isIdentifier(value)) report.warning('ref-form', 'should end in an RFC 4122 UUID: correct it')
    },
  }
}
