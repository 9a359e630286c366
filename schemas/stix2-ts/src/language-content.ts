import { checkAnything } from './anything.ts'
import { every, isNameCharacter } from './characters.ts'
import { COMMON, metaObject } from './definition.ts'
import type { ObjectOf } from './definition.ts'
import { extensions } from './extensions-field.ts'
import { timestamp } from './fields.ts'
import { ref } from './identifier-fields.ts'
import { isLanguageTag } from './language-tag.ts'
import type { Report } from './report.ts'
import { isJsonObject, required } from './table.ts'
import type { Field, JsonObject } from './table.ts'

/** Translations by language, then by the name of the property. */
export type Translations = Readonly<Record<string, JsonObject>>

function translations(): Field<Translations> {
  return {
    check(value, report) {
      if (!isJsonObject(value)) return report.problem('dictionary', 'must be a dictionary: put it in curly brackets')
      for (const tag of Object.keys(value)) {
        report.enter(tag)
        if (!isLanguageTag(tag)) report.problem('language-content', 'must be an RFC 5646 language tag: rename it')
        checkTranslation(value[tag], report)
        report.leave()
      }
    },
  }
}

function checkTranslation(value: unknown, report: Report): void {
  if (!isJsonObject(value))
    return report.problem('language-content', 'must be a dictionary of property names: correct it')
  for (const name of Object.keys(value)) {
    report.enter(name)
    if (name.length < 3 || name.length > 250 || !every(name, isNameCharacter)) {
      report.problem('language-content', 'must be the name of a property: rename it')
    }
    const translation = value[name]
    if (typeof translation !== 'string' && !isJsonObject(translation) && !Array.isArray(translation)) {
      report.problem('language-content', 'must be text, a list or a dictionary: correct it')
    }
    checkAnything(translation, report)
    report.leave()
  }
}

/** STIX 2.1 §7.1. */
export const languageContent = metaObject('language-content', {
  spec_version: COMMON.spec_version,
  created_by_ref: COMMON.created_by_ref,
  created: COMMON.created,
  modified: COMMON.modified,
  revoked: COMMON.revoked,
  labels: COMMON.labels,
  confidence: COMMON.confidence,
  external_references: COMMON.external_references,
  object_marking_refs: COMMON.object_marking_refs,
  granular_markings: COMMON.granular_markings,
  extensions: extensions({}),
  object_ref: required(ref()),
  object_modified: timestamp(),
  contents: required(translations()),
})

/** Translations of the text of another object (STIX 2.1 §7.1). */
export type LanguageContent = ObjectOf<typeof languageContent>
