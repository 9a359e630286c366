import { EN } from './en/index.ts'
import { ES } from './es/index.ts'

/** Every text of the portal, by section. English is complete; another language falls back to it section by section. */
export type Words = typeof EN

const LANGUAGES: Readonly<Record<string, Words>> = { en: EN, es: ES }

/** The languages that can be chosen, each in its own words. */
export const LANGUAGE_NAMES: Readonly<Record<string, string>> = { en: 'English', es: 'Español' }

/** The words of a language that we have; undefined for any other. */
export function wordsOf(language: string): Words | undefined {
  return Object.hasOwn(LANGUAGES, language) ? LANGUAGES[language] : undefined
}

/** The first language that we have out of a header `Accept-Language` (RFC 9110 §12.5.4), else `fallback`. */
export function acceptedLanguage(header: string | undefined, fallback = 'en'): string {
  const wanted = (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((each) => {
      const [tag = '', ...parameters] = each.trim().toLowerCase().split(';')
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean)
      return { language: tag.split('-', 1)[0] ?? '', quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ language, quality }) => quality > 0 && wordsOf(language))
    .toSorted((a, b) => b.quality - a.quality)
  return wanted[0]?.language ?? fallback
}

/** `1 member`, `2 members`: chooses by the plural rules of a language. */
export function plural(language: string, count: number, one: string, other: string): string {
  return `${count} ${new Intl.PluralRules(language).select(count) === 'one' ? one : other}`
}
