import { type Html, html, type HtmlValue } from '../html.ts'

/** A part of a page under a heading of the second level. */
export function panel(title: string, body: HtmlValue, id?: string): Html {
  return html`<section class="panel" ${id && html` id="${id}"`}>
    <h2>${title}</h2>
    ${body}
  </section>`
}
