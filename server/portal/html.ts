/** Text that is safe to be part of a page. Only {@link html} makes it. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What may stand in a page: text is escaped, pieces are not, undefined and false leave nothing. */
export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[]

/** Builds a piece of a page: every value is escaped unless it is a piece itself. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = parts[0] ?? ''
  // counted by hand: pairs of entries() would double the cost of a table of 200 rows
  let next = 1
  for (const value of values) {
    text += pieceOf(value)
    text += parts[next] ?? ''
    next += 1
  }
  return new Html(text)
}

/** Nothing at all. */
export const NOTHING = new Html('')

function pieceOf(value: HtmlValue): string {
  if (value === undefined || value === false) return ''
  if (value instanceof Html) return value.text
  if (typeof value === 'string') return escape(value)
  if (typeof value === 'number') return String(value)
  let text = ''
  for (const piece of value) text += pieceOf(piece)
  return text
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const SPECIAL = /[&<>"']/
const EVERY_SPECIAL = /[&<>"']/g

function escape(text: string): string {
  // most text has none of them: testing first halves the cost of a table of 200 rows
  return SPECIAL.test(text) ? text.replaceAll(EVERY_SPECIAL, (character) => ESCAPES[character] ?? '') : text
}
