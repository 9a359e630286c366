import { checkAnything } from './anything.ts'
import { every, hasSoundText, isBase64, isHex, isLower, isNameCharacter } from './characters.ts'
import { isIdentifier } from './identifier.ts'
import type { Report } from './report.ts'
import { isJsonObject } from './table.ts'
import type { JsonObject } from './table.ts'

/** Names that STIX 2.1 keeps for itself. */
const RESERVED: ReadonlySet<string> = new Set(['severity', 'action', 'username', 'phone_numbers'])

const MAX_NAME = 250

/** Looks at a property that the table of its object does not know. It is kept, and reported as custom (STIX 2.1 §11.1). */
export function checkCustomProperty(name: string, value: unknown, report: Report, object: JsonObject): void {
  checkCustomName(name, report)
  checkCustomValue(name, value, report)
  if (!hasTopLevelExtension(object)) {
    report.warning('custom-property', 'is not a property of the standard: describe it by an extension, or remove it')
  }
}

/** Reports a custom property whose name is reserved or malformed. */
export function checkCustomName(name: string, report: Report): void {
  if (RESERVED.has(name)) report.problem('reserved-property', 'is a reserved name: rename it')
  if (!hasSoundText(name))
    report.problem('text', 'must have neither U+0000 nor a lone surrogate in its name: rename it')
  else if (!isAllowedName(name)) {
    report.problem(
      'property-name',
      'must start with a-z and two of a-z, 0-9 and underscore, at most 250 in all: rename it',
    )
  } else if (!every(name, isNameCharacter))
    report.warning('custom-name', 'should have only a-z, 0-9 and underscore: rename it')
}

/** The schemas of OASIS look at the first three characters alone; the rest is a warning. */
function isAllowedName(name: string): boolean {
  return (
    name.length >= 3 && name.length <= MAX_NAME && isLower(name.charCodeAt(0)) && every(name, isNameCharacter, 1, 3)
  )
}

/** Reports what is wrong with the value of a custom property. */
export function checkCustomValue(name: string, value: unknown, report: Report): void {
  if (value === null) return report.problem('null', 'must not be null: leave it out')
  if (Array.isArray(value) && value.length === 0) return report.problem('empty-list', 'must not be empty: leave it out')
  checkAnything(value, report)
  if (name.endsWith('_hex') && typeof value === 'string' && !isHex(value)) {
    report.problem('hex', 'must be hexadecimal, because its name ends in _hex: correct it')
  } else if (name.endsWith('_bin') && typeof value === 'string' && !isBase64(value)) {
    report.problem('binary', 'must be base64, because its name ends in _bin: correct it')
  } else if (name.endsWith('_ref') && !isReference(value)) warnOfReference(report)
  else if (name.endsWith('_refs') && !(Array.isArray(value) && value.every(isReference))) warnOfReference(report)
}

function isReference(value: unknown): boolean {
  return typeof value === 'string' && isIdentifier(value)
}

function warnOfReference(report: Report): void {
  report.warning('custom-ref', 'should hold identifiers, because of its name: correct or rename it')
}

/** True when an extension of the object adds properties at its top level (STIX 2.1 §7.3). */
function hasTopLevelExtension(object: JsonObject): boolean {
  return hasExtensionType(object, 'toplevel-property-extension') || definesObject(object)
}

/** True when an extension of the object makes it a new kind of object (STIX 2.1 §7.3). */
export function definesObject(object: JsonObject): boolean {
  return (
    hasExtensionType(object, 'new-sdo') || hasExtensionType(object, 'new-sco') || hasExtensionType(object, 'new-sro')
  )
}

/** True when one of the extensions of an object has the type. */
export function hasExtensionType(object: JsonObject, type: string): boolean {
  const extensions = object['extensions']
  if (!isJsonObject(extensions)) return false
  for (const key of Object.keys(extensions)) {
    const extension = extensions[key]
    if (isJsonObject(extension) && extension['extension_type'] === type) return true
  }
  return false
}
