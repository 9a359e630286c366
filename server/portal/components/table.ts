import { type Html, html, type HtmlValue } from '../html.ts'

/** A column; `numeric` ones are aligned at their digits. */
export interface Column {
  readonly label: string
  readonly numeric?: boolean
}

/** A table with a caption that says what it lists. On a narrow screen each row becomes a card. */
export function table(shape: {
  readonly caption: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly HtmlValue[])[]
}): Html {
  const { caption, columns, rows } = shape
  return html`<div class="table">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ label, numeric }) => html`<th scope="col" ${numeric && html` class="numeric"`}>${label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell, i) => html`<td data-label="${columns[i]?.label}" ${columns[i]?.numeric && html` class="numeric"`}>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
