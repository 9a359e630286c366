import type { Tlp } from '../../../policies/tlp.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import { tlpChip } from './tlp-chip.ts'

/** The heading of a page with what it is about in a sentence, its label where it has one, and what can be done here. */
export function pageHeader(header: {
  readonly title: string
  readonly lead?: HtmlValue
  readonly label?: Tlp | undefined
  /** Buttons and links that look like them. */
  readonly actions?: HtmlValue
}): Html {
  const { title, lead, label, actions } = header
  return html`<div class="page-header">
    <div>
      <h1>${title}${label && html` ${tlpChip(label)}`}</h1>
      ${lead !== undefined && html`<p class="lead">${lead}</p>`}
    </div>
    ${actions !== undefined && html`<div class="buttons">${actions}</div>`}
  </div>`
}
