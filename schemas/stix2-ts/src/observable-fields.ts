import { isCharacterSet } from './character-set.ts'
import { formatted, isText, string } from './fields.ts'
import type { ObjectRule } from './fields.ts'
import { isMediaType } from './media-type.ts'
import type { Field } from './table.ts'

/** A media type, as text that should be registered with IANA. */
export function mediaType(): Field<string> {
  return {
    check(value, report) {
      if (isText(value, report) && !isMediaType(value)) {
        report.warning('media-type', 'should be a registered media type such as application/pdf: correct it')
      }
    },
  }
}

/** A character set by its IANA name (STIX 2.1 §6.3, §6.7). */
export function characterSet(): Field<string> {
  return formatted(
    'character-set',
    isCharacterSet,
    'must be a character set registered with IANA such as UTF-8: correct it',
  )
}

/** A value that must have a form, unless the object is defanged (STIX 2.1 §3.2). The form is checked by {@link valueForm}. */
export function defangable(): Field<string> {
  return string()
}

/** Checks the form of `value` of an object that is not defanged. */
export function valueForm(accepts: (text: string) => boolean, fix: string): ObjectRule {
  return (object, report) => {
    const value = object['value']
    if (object['defanged'] === true || typeof value !== 'string' || accepts(value)) return
    report.problemAt('value', 'address', fix)
  }
}
