import { faultsOf, MAX_LENGTH, type SiteSettings, siteSettings } from '../../site/settings.ts'
import { selectField, textField } from '../components/field.ts'
import { line } from '../form.ts'
import type { Html } from '../html.ts'
import type { OpenVisit, Visit } from '../visit.ts'
import { LANGUAGE_NAMES, type Words } from '../words/words.ts'

/** What is wrong with which field, in the visitor's words. */
export type Mistakes = Readonly<Record<string, string>>

/** Name, region and contact, as they are or as somebody has just filled them in. */
export function nameFields(visit: Visit, mistakes: Mistakes): readonly Html[] {
  const { settings } = visit.words
  const now = siteSettings(visit.access)
  const field = (name: 'name' | 'region' | 'contact', hint: string, required = false) =>
    textField({
      name,
      label: settings[name],
      hint,
      mistake: mistakes[name],
      value: visit.form.get(name) ?? now[name],
      maxLength: MAX_LENGTH[name] ?? 100,
      required,
    })
  return [
    field('name', settings.nameHint, true),
    field('region', settings.regionHint),
    field('contact', settings.contactHint),
  ]
}

/** The same fields as they came. */
export function readNameFields({ form }: OpenVisit): Pick<SiteSettings, 'name' | 'region' | 'contact'> {
  return { name: line(form, 'name'), region: line(form, 'region'), contact: line(form, 'contact') }
}

/** The language of the site. */
export function languageField(visit: Visit, mistakes: Mistakes): Html {
  const { settings } = visit.words
  return selectField({
    name: 'language',
    label: settings.language,
    hint: settings.languageHint,
    mistake: mistakes['language'],
    options: Object.entries(LANGUAGE_NAMES),
    value: visit.form.get('language') ?? siteSettings(visit.access).language,
  })
}

/** The chosen language; undefined for one that we do not have. */
export function readLanguage({ form }: OpenVisit): SiteSettings['language'] | undefined {
  return (['en', 'es'] as const).find((each) => each === form.get('language'))
}

/** What is wrong with settings that are to be written, in the visitor's words and by their fields. */
export function mistakesIn(words: Words, wanted: Readonly<Partial<SiteSettings>>): Mistakes {
  return Object.fromEntries(
    Object.entries(faultsOf(wanted)).map(([name, fault]) => [name, words.settings.faults[fault]]),
  )
}
