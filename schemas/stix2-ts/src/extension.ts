import { COMMON, metaObject } from './definition.ts'
import type { ObjectOf } from './definition.ts'
import { list, string } from './fields.ts'
import type { ObjectRule } from './fields.ts'
import { ref } from './identifier-fields.ts'
import { has } from './object-rules.ts'
import { required } from './table.ts'
import { enumeration } from './vocabulary-fields.ts'

const named: ObjectRule = (definition, report) => {
  const types = definition['extension_types']
  const topLevel = Array.isArray(types) && types.includes('toplevel-property-extension')
  if (!topLevel && has(definition, 'extension_properties')) {
    report.problemAt(
      'extension_properties',
      'extension-properties',
      'must go with toplevel-property-extension: remove it',
    )
  }
  if (topLevel && !has(definition, 'extension_properties')) {
    report.warningAt('extension_properties', 'extension-names', 'should name the properties of the extension: add it')
  }
}

const describedInWords: ObjectRule = (definition, report) => {
  if (!has(definition, 'description')) report.warningAt('description', 'extension-text', 'should be present: add it')
}

/** STIX 2.1 §7.3. */
export const extensionDefinition = metaObject(
  'extension-definition',
  {
    spec_version: COMMON.spec_version,
    created_by_ref: required(ref('identity')),
    created: COMMON.created,
    modified: COMMON.modified,
    revoked: COMMON.revoked,
    labels: COMMON.labels,
    external_references: COMMON.external_references,
    object_marking_refs: COMMON.object_marking_refs,
    granular_markings: COMMON.granular_markings,
    name: required(string()),
    description: string(),
    schema: required(string()),
    version: required(string()),
    extension_types: required(list(enumeration('extension-type-enum'))),
    extension_properties: list(string()),
  },
  named,
  describedInWords,
)

/** What an extension adds to STIX (STIX 2.1 §7.3). */
export type ExtensionDefinition = ObjectOf<typeof extensionDefinition>
