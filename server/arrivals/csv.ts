/** A row of a table with the line of the file that it begins in. */
export interface CsvRow {
  readonly line: number
  readonly cells: readonly string[]
}

/** A table, or where and why it cannot be read. */
export type Csv =
  | { readonly ok: true; readonly rows: readonly CsvRow[] }
  | { readonly ok: false; readonly line: number; readonly problem: string }

const SEPARATORS = [',', ';', '\t'] as const

/**
 * Reads RFC 4180, and what spreadsheets make of it: a byte order mark, semicolons or tabs for commas (as the first line
 * has most), any line ends, empty lines, blanks around cells.
 */
export function parseCsv(text: string): Csv {
  const source = text.replace(/^\ufeff/, '')
  const separator = separatorOf(source)
  const rows: CsvRow[] = []
  let cells: string[] = []
  let line = 1
  let began = 1
  const pattern = /"((?:[^"]|"")*)"|[^"\r\n,;\t]+|\r\n|\r|\n|[,;\t]|"/gy
  let cell = ''
  let isQuoted = false
  const endCell = () => {
    cells.push(isQuoted ? cell : cell.trim())
    cell = ''
    isQuoted = false
  }
  const endRow = () => {
    endCell()
    if (cells.some((each) => each !== '')) rows.push({ line: began, cells })
    cells = []
  }
  for (const match of source.matchAll(pattern)) {
    const [token, quoted] = match
    if (quoted !== undefined) {
      if (isQuoted || cell.trim() !== '') return broken(line)
      cell = quoted.replaceAll('""', '"')
      isQuoted = true
      line += quoted.split(/\r\n|\r|\n/).length - 1
    } else if (token === '"') return broken(line)
    else if (/^[\r\n]/.test(token)) {
      endRow()
      line += 1
      began = line
    } else if (token === separator) endCell()
    else if (isQuoted) {
      if (token.trim() !== '') return broken(line)
    } else cell += token
  }
  endRow()
  return { ok: true, rows }
}

function broken(line: number): Csv {
  return {
    ok: false,
    line,
    problem: 'a quotation mark is where none can be: put the whole cell into quotation marks, and double those inside',
  }
}

function separatorOf(source: string): string {
  const first = (/^[^\r\n]*/.exec(source)?.[0] ?? '').replaceAll(/"(?:[^"]|"")*"/g, '')
  const counts = SEPARATORS.map((each) => first.split(each).length)
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ','
}
