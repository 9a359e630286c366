import { checkCustomName, checkCustomValue, definesObject, hasExtensionType } from './custom-property.ts'
import { COMMON } from './definition.ts'
import { extensions } from './extensions-field.ts'
import { boolean, formatted } from './fields.ts'
import { selectorsResolve } from './granular-marking.ts'
import { checkIdentifier } from './identifier-fields.ts'
import { isObjectType, typeOfIdentifier } from './identifier.ts'
import { ordered } from './object-rules.ts'
import type { Report } from './report.ts'
import { checkTable, compile } from './table.ts'
import type { JsonObject, UnknownProperty } from './table.ts'

const TYPE = formatted('type', isObjectType, 'must be 3 to 250 of a-z, 0-9 and single hyphens: rename the type')

const TABLE = {
  ...compile({
    ...COMMON,
    type: TYPE,
    id: { check: checkIdentifier },
    defanged: boolean(),
    extensions: extensions({}),
  }),
  // whether a custom type is an SDO or an SCO is not known, so that only these two are always there
  required: ['type', 'id'],
}

const VERSIONED = ['spec_version', 'created', 'modified'] as const

const modifiedAfterCreated = ordered('created', 'modified')

const keepProperty: UnknownProperty = (name, value, report) => {
  checkCustomName(name, report)
  checkCustomValue(name, value, report)
}

/** Checks an object of a type that the standard does not know: its type, its id, and the common properties it has. */
export function checkCustomObject(type: string, object: JsonObject, report: Report): void {
  checkTable(TABLE, object, report, keepProperty)
  const { id } = object
  if (typeof id === 'string' && typeOfIdentifier(id) !== type) {
    report.problemAt('id', 'id-type', 'must start with the type of the object and two hyphens: correct it')
  }
  if (hasExtensionType(object, 'new-sdo') || hasExtensionType(object, 'new-sro')) {
    for (const name of VERSIONED) {
      if (object[name] === undefined) report.problemAt(name, 'required', 'is required for a versioned object: add it')
    }
  }
  modifiedAfterCreated(object, report)
  selectorsResolve(object, report)
  if (!definesObject(object))
    report.warning('custom-object', 'has a custom type: describe it by an extension definition')
}
