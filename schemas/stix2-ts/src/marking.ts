import { canonicalJson } from './canonical.ts'
import { COMMON, metaObject } from './definition.ts'
import type { ObjectOf } from './definition.ts'
import { anything, dictionary, string } from './fields.ts'
import type { ObjectRule } from './fields.ts'
import { extensions } from './extensions-field.ts'
import { notCircular } from './granular-marking.ts'
import { needs, oneOf } from './object-rules.ts'
import { isJsonObject } from './table.ts'
import { isTimestamp, normalVersion } from './timestamp.ts'
import { TLP2_EXTENSION, TLP_MARKINGS } from './tlp.ts'

const knownType: ObjectRule = (marking, report) => {
  const type = marking['definition_type']
  if (type === undefined || type === 'tlp' || type === 'statement') return
  report.warningAt(
    'definition_type',
    'marking-type',
    "should be 'statement' or 'tlp': describe other markings by an extension",
  )
}

const statement: ObjectRule = (marking, report) => {
  const definition = marking['definition']
  if (marking['definition_type'] !== 'statement' || !isJsonObject(definition)) return
  if (typeof definition['statement'] !== 'string') {
    report.enter('definition')
    report.problemAt('statement', 'required', 'is required for a statement marking: add it as text')
    report.leave()
  }
}

/**
 * TLP markings are fixed objects: none may be made beside them, and none of them may be given other content. Otherwise a
 * sender could name an object of their own TLP:CLEAR, or hand out a TLP:RED that says green (STIX 2.1 §7.2.1.4).
 */
const fixedTlp: ObjectRule = (marking, report) => {
  const { id, name } = marking
  const fixed = typeof id === 'string' ? TLP_MARKINGS.get(id.toLowerCase()) : undefined
  if (fixed === undefined) {
    const own = marking['extensions']
    if (marking['definition_type'] === 'tlp' || (isJsonObject(own) && Object.hasOwn(own, TLP2_EXTENSION))) {
      report.problemAt(
        'id',
        'tlp-instance',
        'must be one of the fixed TLP markings: refer to it instead of making another',
      )
    } else if (typeof name === 'string' && name.slice(0, 4).toUpperCase() === 'TLP:') {
      report.warningAt('name', 'tlp-name', 'should not be that of a TLP marking: rename it')
    }
    return
  }
  const expected: Readonly<Record<string, unknown>> = fixed
  for (const property of Object.keys(marking)) {
    if (property === 'id' || isSame(property, marking[property], expected[property])) continue
    report.problemAt(
      property,
      'tlp-content',
      'must be as the standard fixes it for this TLP marking: correct or remove it',
    )
  }
  for (const property of ['definition', 'extensions']) {
    if (Object.hasOwn(expected, property) && !Object.hasOwn(marking, property)) {
      report.problemAt(property, 'tlp-content', 'must be as the standard fixes it for this TLP marking: add it')
    }
  }
}

function isSame(property: string, value: unknown, expected: unknown): boolean {
  // a wrong definition_type is reported by knownType; the label does not depend on it
  if (property === 'definition_type') return expected !== undefined
  if (property === 'created' && typeof value === 'string' && typeof expected === 'string') {
    return isTimestamp(value) && normalVersion(value) === normalVersion(expected)
  }
  if (!isJsonObject(value) || !isJsonObject(expected)) return value === expected
  // the comparison of whole values only runs on small ones: a fixed object has two properties at most
  return (
    Object.keys(value).length === Object.keys(expected).length &&
    isSmall(value) &&
    canonicalJson(value) === canonicalJson(expected)
  )
}

function isSmall(value: object): boolean {
  return Object.values(value).every(
    (entry) => typeof entry === 'string' || (isJsonObject(entry) && Object.values(entry).every(isPlainText)),
  )
}

function isPlainText(value: unknown): boolean {
  return typeof value === 'string' && value.isWellFormed()
}

/** STIX 2.1 §7.2.1. It has no `modified`: markings are not versioned. */
export const markingDefinition = metaObject(
  'marking-definition',
  {
    spec_version: COMMON.spec_version,
    created_by_ref: COMMON.created_by_ref,
    created: COMMON.created,
    external_references: COMMON.external_references,
    object_marking_refs: COMMON.object_marking_refs,
    granular_markings: COMMON.granular_markings,
    extensions: extensions({}),
    name: string(),
    definition_type: string(),
    definition: dictionary(anything()),
  },
  oneOf('definition', 'extensions'),
  needs('definition', 'definition_type'),
  needs('definition_type', 'definition'),
  knownType,
  statement,
  notCircular,
  fixedTlp,
)

/** How content may be handled (STIX 2.1 §7.2.1). */
export type MarkingDefinition = ObjectOf<typeof markingDefinition>
