import { type Static, Type } from 'typebox'
import Value from 'typebox/value'
import { UnprocessableError } from '../errors.ts'

const { Object: group, String: text, Integer: integer, Array: list, Literal: literal } = Type
const closed = { additionalProperties: false }

/** Raised when a reader of today could not read what is written. */
export const FORMAT_VERSION = 1

const HEADER = group({
  format: literal('vouchsafe-backup'),
  format_version: integer(),
  migrations: list(text()),
  program: text(),
  made: text(),
  site_created: text(),
  database: text(),
})

/** The first line: what wrote the backup, when, and which schema it has. */
export type Header = Readonly<Static<typeof HEADER>>

const TABLE = group({ table: text(), columns: list(text()) }, closed)

/** The line before the rows of a table. Each row is a list of cells in the order of these columns. */
export type TableLine = Static<typeof TABLE>

const DIGEST = group({ rows: integer(), sha256: text() }, closed)
const CHAIN = { seq: integer(), hash: text() }
const MANIFEST = group(
  {
    manifest: group(
      {
        tables: Type.Record(text(), DIGEST),
        audit: group(CHAIN, closed),
        ledgers: list(group({ collection: text(), last_added: integer(), ...CHAIN }, closed)),
      },
      closed,
    ),
  },
  closed,
)

/** The last line: rows and SHA-256 (hex, over the lines of the rows) of each table, and the heads of the chains (hex). */
export type Manifest = Static<typeof MANIFEST>['manifest']

/** Reads a line that is no row. @throws {UnprocessableError} when it is none of the three kinds */
export function parseLine(line: string): { header: Header } | { table: TableLine } | { manifest: Manifest } {
  const value = parseJson(line)
  if (Value.Check(MANIFEST, value)) return { manifest: value.manifest }
  if (Value.Check(TABLE, value)) return { table: value }
  if (Value.Check(HEADER, value)) return { header: mustBeReadable(value) }
  throw damaged('a line is neither header, table, row nor manifest')
}

/** Reads the line of a row. @throws {UnprocessableError} when it is no list of cells of this length */
export function parseRow(line: string, table: TableLine): readonly (string | number | boolean | null)[] {
  const value = parseJson(line)
  if (!Array.isArray(value) || value.length !== table.columns.length || !value.every(isCell)) {
    throw damaged(`a row of ${table.table} has not one value for each column`)
  }
  return value
}

function isCell(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw damaged('a line is no JSON')
  }
}

function mustBeReadable(header: Header): Header {
  if (header.format_version <= FORMAT_VERSION) return header
  throw new UnprocessableError(
    'newer_backup',
    `the backup was made by Vouchsafe ${header.program} in a newer form: install that version or a later one`,
  )
}

/** Says that a backup is not what was written, and what to do. */
export function damaged(what: string): UnprocessableError {
  return new UnprocessableError(
    'damaged_backup',
    `the backup is damaged (${what}): nothing of it was loaded; use another copy of the file`,
  )
}
