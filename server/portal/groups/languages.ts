import { languageName, languagesIn } from '../../members/profile/profile-languages.ts'

/** Languages that people of a region are likely to have in common: the search offers them, profiles may name any. */
const OFFERED =
  'ar bg bn cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nb nl pl pt ro ru sk sl so sr sv sw ta th tl tr uk ur vi zh'.split(
    ' ',
  )

const names = new Map<string, string>()

/** A language by its ISO 639-1 code, in words of the reader's language; kept, because asking costs more than a row. */
function nameOf(code: string, reader: string): string {
  const key = `${reader} ${code}`
  const known = names.get(key)
  if (known !== undefined) return known
  const name = languageName(code, reader)
  if (names.size < 2000) names.set(key, name)
  return name
}

/** Languages as a profile keeps them, as words: `English, Dutch`. */
export function languageNames(kept: string, reader: string): string {
  return kept === ''
    ? ''
    : languagesIn(kept)
        .map(({ code }) => nameOf(code, reader))
        .join(', ')
}

/** Codes and names, by name. */
export function languageOptions(reader: string): readonly (readonly [code: string, name: string])[] {
  return OFFERED.map((code) => [code, nameOf(code, reader)] as const).toSorted(([, a], [, b]) =>
    a < b ? -1 : a > b ? 1 : 0,
  )
}
