import { type Html, html, type HtmlValue } from '../html.ts'

/** A column; `numeric` ones are aligned at their digits. */
export interface Column {
  readonly label: string
  readonly numeric?: boolean
  /** Where its heading leads: the same list in this order, or the other way round when it has it already. */
  readonly sort?: { readonly path: string; readonly order?: 'ascending' | 'descending' | undefined }
}

/** A row that can say more of itself than its cells. */
export interface Row {
  readonly cells: readonly HtmlValue[]
  readonly selected?: boolean
}

/**
 * A table with a caption that says what it lists. The first cell names its row, unless its column has no label. On a
 * narrow screen each row becomes a card.
 */
export function table(shape: {
  readonly caption: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly HtmlValue[] | Row)[]
}): Html {
  const { caption, columns, rows } = shape
  const cell = cellsOf(columns)
  return html`<div class="table">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(heading)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => {
          const { cells, selected = false } = 'cells' in row ? row : { cells: row }
          return html`<tr${selected && SELECTED}>${cells.map(cell)}</tr>`
        })}
      </tbody>
    </table>
  </div>`
}

const SELECTED = html` class="selected"`

function heading({ label, numeric, sort }: Column): Html {
  if (label === '') return html`<td></td>`
  const order = sort?.order
  return html`<th scope="col" ${numeric && html` class="numeric"`}${order && html` aria-sort="${order}"`}>
    ${sort ? html`<a href="${sort.path}">${label}</a>` : label}
  </th>`
}

/** What a column's cells have in common is made once, not once a row. */
function cellsOf(columns: readonly Column[]): (value: HtmlValue, column: number) => Html {
  const attributes = columns.map(
    ({ label, numeric }) => html`data-label="${label}"${numeric && html` class="numeric"`}`,
  )
  const isNamed = columns[0]?.label !== ''
  return (value, column) =>
    column === 0 && isNamed
      ? html`<th scope="row" ${attributes[column]}>${value}</th>`
      : html`<td ${attributes[column]}>${value}</td>`
}
