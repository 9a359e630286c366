/** A row of a table in text, with the line that it starts on, from 1. */
export interface DelimitedRow {
  readonly line: number
  readonly cells: readonly string[]
}

/**
 * Reads comma-separated values (RFC 4180): quotes may hold commas, line ends and doubled quotes. Rows that are empty, or
 * whose first cell starts with `#`, are passed over; spaces around a cell go.
 */
export function readCsv(text: string): readonly DelimitedRow[] {
  const rows: DelimitedRow[] = []
  const source = text.replace(/^\ufeff/, '')
  let cells: string[] = []
  let [cell, isQuoted, isBlank, line, started] = ['', false, true, 1, 1]
  const endCell = () => {
    cells.push(isQuoted ? cell : cell.trim())
    cell = ''
    isQuoted = false
    isBlank = true
  }
  const endRow = () => {
    endCell()
    if (cells.some((each) => each !== '') && !cells[0]?.startsWith('#')) rows.push({ line: started, cells })
    cells = []
    started = line
  }
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at]
    if (character === '\n') line += 1
    if (character === '"' && isBlank && !isQuoted) {
      const { value, next, lines } = quoted(source, at + 1)
      cell = value
      isQuoted = true
      at = next
      line += lines
    } else if (character === ',') endCell()
    else if (character === '\n') endRow()
    else if (!isQuoted) {
      cell += character
      isBlank &&= character?.trim() === ''
    }
  }
  endRow()
  return rows
}

/** What stands between quotes from a place on; `next` is the place of the closing one. */
function quoted(source: string, from: number) {
  let [value, lines] = ['', 0]
  for (let at = from; at < source.length; at += 1) {
    const character = source[at]
    if (character !== '"') {
      value += character
      if (character === '\n') lines += 1
    } else if (source[at + 1] === '"') {
      value += '"'
      at += 1
    } else return { value, next: at, lines }
  }
  return { value, next: source.length, lines }
}

/** A cell as CSV writes it; one that a spreadsheet would take for a formula gets an apostrophe in front. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
