import { type Html, html } from '../html.ts'
import type { OpenVisit } from '../visit.ts'

/** Ways to the pages before and after. Lists go on from the last row, so there are no numbers of pages. */
export function pagination(
  visit: Pick<OpenVisit, 'words'>,
  pages: {
    readonly first?: string | undefined
    readonly next?: string | undefined
    readonly shown?: string
    readonly label?: string
  },
): Html | undefined {
  const { first, next, shown, label } = pages
  if (first === undefined && next === undefined) return undefined
  const { shell } = visit.words
  return html`<nav class="pages" aria-label="${label ?? shell.pages}">
    <ul>
      ${first !== undefined && html`<li><a href="${first}">${shell.firstPage}</a></li>`}
      ${shown !== undefined && html`<li class="soft">${shown}</li>`}
      ${next !== undefined && html`<li><a href="${next}" rel="next">${shell.nextPage}</a></li>`}
    </ul>
  </nav>`
}
