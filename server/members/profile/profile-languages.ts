/** How well somebody speaks a language, best first: the words of Ops-Trust. */
export const LANGUAGE_SKILLS = ['native', 'expert', 'intermediate', 'basic'] as const
export type LanguageSkill = (typeof LANGUAGE_SKILLS)[number]

/** A field that was read, or what is wrong with it. */
export type Read = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly problem: string }

/** A language that somebody speaks. */
export interface SpokenLanguage {
  /** ISO 639-1. */
  readonly code: string
  readonly skill: LanguageSkill
}

/** ISO 639-1, every code. */
const CODES: ReadonlySet<string> = new Set(
  (
    'aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et ' +
    'eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk ' +
    'kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny ' +
    'oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk ' +
    'tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu'
  ).split(' '),
)

const MOST = 12
const english = new Intl.DisplayNames('en', { type: 'language' })
const byName = new Map([...CODES].map((code) => [(english.of(code) ?? code).toLowerCase(), code]))

/** The languages of a profile as it keeps them. What is none is passed over. */
export function languagesIn(kept: string): readonly SpokenLanguage[] {
  return kept.split(' ').flatMap((word) => {
    const [code = '', named] = word.split(':')
    const skill = LANGUAGE_SKILLS.find((each) => each === named)
    return CODES.has(code) && skill ? [{ code, skill }] : []
  })
}

/** Languages as people write and read them: `en native, nl basic`. */
export function writeLanguages(kept: string): string {
  return languagesIn(kept)
    .map(({ code, skill }) => `${code} ${skill}`)
    .join(', ')
}

/** The name of a language in the language of a reader; the code where there is none. */
export function languageName(code: string, reader: string): string {
  try {
    return new Intl.DisplayNames(reader, { type: 'language' }).of(code) ?? code
  } catch {
    return code
  }
}

/**
 * Reads languages as people write them: a code of two letters or the English name, and a skill, with commas or lines
 * between them. Without a skill it is `intermediate`.
 * @returns them as a profile keeps them, `en:native nl:basic`
 */
export function readLanguages(text: string): Read {
  const found = new Map<string, LanguageSkill>()
  for (const part of text.split(/[,;\n]+/)) {
    const words = part
      .trim()
      .toLowerCase()
      .split(/[\s:]+/)
      .filter((word) => word !== '')
    if (words.length === 0) continue
    const skill = LANGUAGE_SKILLS.find((each) => each === words.at(-1))
    const name = words.slice(0, skill ? -1 : undefined).join(' ')
    const code = CODES.has(name) ? name : byName.get(name)
    if (code === undefined) {
      const problem = `“${part.trim().slice(0, 40)}” is not understood: write a code of two letters and native, expert, intermediate or basic, for example: en native, es basic`
      return { ok: false, problem }
    }
    if (found.has(code)) return { ok: false, problem: `“${code}” is named twice: keep one of the two` }
    found.set(code, skill ?? 'intermediate')
  }
  if (found.size > MOST) return { ok: false, problem: `these are ${found.size} languages: name at most ${MOST}` }
  return { ok: true, value: [...found].map(([code, skill]) => `${code}:${skill}`).join(' ') }
}
