import { isText } from './fields.ts'
import type { Field } from './table.ts'
import { VOCABULARIES } from './vocabulary.ts'
import type { VocabularyName, Word } from './vocabulary.ts'

type OpenName = VocabularyName & `${string}-ov`
type ClosedName = VocabularyName & `${string}-enum`

/** A word of an open vocabulary, or any other text: the editor suggests the words. */
export type OpenWord<V extends VocabularyName> = Word<V> | (string & Record<never, never>)

/** Text that should be of the vocabulary (STIX 2.1 §2.14). */
export function openVocabulary<V extends OpenName>(name: V): Field<OpenWord<V>> {
  const words: ReadonlySet<string> = new Set(VOCABULARIES[name])
  return {
    check(value, report) {
      if (!isText(value, report) || words.has(value)) return
      report.warning('open-vocabulary', `should be a value of ${name}: use one where it fits`)
      if (hasWrongForm(value))
        report.warning('vocabulary-form', 'should be lower case with hyphens between words: rewrite it')
    },
  }
}

/** Text that must be of the vocabulary (STIX 2.1 §2.4). */
export function enumeration<V extends ClosedName>(name: V): Field<Word<V>> {
  const words: ReadonlySet<unknown> = new Set(VOCABULARIES[name])
  return {
    check(value, report) {
      if (!words.has(value)) report.problem('enum', `must be a value of ${name}: choose one`)
    },
  }
}

/** True for text with capitals, spaces or underscores where the standard asks for lower case and hyphens. */
export function hasWrongForm(text: string): boolean {
  return text.includes(' ') || text.includes('_') || text !== text.toLowerCase()
}
