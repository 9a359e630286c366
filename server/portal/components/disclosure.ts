import { type Html, html, type HtmlValue } from '../html.ts'

/** Something that few need, behind its name. Opens by mouse and keyboard without a script. */
export function disclosure(label: string, body: HtmlValue, open = false): Html {
  return html`<details ${open && html` open`}>
    <summary>${label}</summary>
    ${body}
  </details>`
}
