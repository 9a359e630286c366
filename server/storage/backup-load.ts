import { BACKUP_TABLES, type BackupColumn, type DescribedTable } from './backup-tables.ts'
import { boolArray, byteaArray, int8Array, textArray } from './bulk.ts'
import { run, type Transaction } from './database.ts'

/** A value of a row as it stands in a backup: bytes are base64. */
export type Cell = string | number | boolean | null

/** The first kept table that has rows; undefined when the database is empty. Locks out a server that starts meanwhile. */
export async function firstTableWithRows(trx: Transaction): Promise<string | undefined> {
  await run(trx, 'lock table site in access exclusive mode')
  for (const { name } of BACKUP_TABLES) {
    const { rows } = await run<{ there: boolean }>(trx, `select exists (select 1 from ${name}) as there`)
    if (rows[0]?.there) return name
  }
  return undefined
}

/** Statements of a restore may take as long as they need: nobody else uses the database. */
export async function allowLongStatements(trx: Transaction): Promise<void> {
  await run(trx, 'set local statement_timeout = 0')
}

/**
 * Inserts rows with array parameters, one statement for all of them.
 * @param columns those that the backup has, in the order of the cells; the others get their default
 * @throws {TypeError} when a cell is not of its column's type
 */
export async function insertRows(
  trx: Transaction,
  table: DescribedTable,
  columns: readonly BackupColumn[],
  rows: readonly (readonly Cell[])[],
): Promise<void> {
  const arrays: Buffer[] = []
  const types: string[] = []
  const values: string[] = []
  for (const [index, column] of columns.entries()) {
    const cells = rows.map((row) => row[index] ?? null)
    const { array, type } = arrayOf(table.name, column, cells)
    const at = arrays.push(array)
    types.push(`$${at}::${type}`)
    const value = `x.c${at}::${column.type}`
    if (column.nullable) {
      const missing = arrays.push(boolArray(cells.map((cell) => cell === null)))
      types.push(`$${missing}::bool[]`)
      values.push(`case when x.c${missing} then null else ${value} end`)
    } else values.push(value)
  }
  const overriding = columns.some((column) => column.identity) ? 'overriding system value' : ''
  await run(
    trx,
    `insert into ${table.name} (${columns.map((column) => column.name).join()}) ${overriding}
     select ${values.join()} from unnest(${types.join()}) as x (${arrays.map((_, index) => `c${index + 1}`).join()})`,
    arrays,
  )
}

/** The values of one column as a binary array; nulls of a nullable column are filled with something of the type. */
function arrayOf(table: string, column: BackupColumn, cells: readonly Cell[]): { array: Buffer; type: string } {
  const wrong = (cell: Cell) =>
    new TypeError(
      `the backup has ${cell === null ? 'nothing' : `a ${typeof cell}`} where ${table}.${column.name} needs ${column.type}`,
    )
  const filled = <T extends Cell>(isRight: (cell: Cell) => cell is T, filler: T): T[] =>
    cells.map((cell) => {
      if (isRight(cell)) return cell
      if (cell === null && column.nullable) return filler
      throw wrong(cell)
    })
  if (column.type === 'bool') return { array: boolArray(filled(isBoolean, false)), type: 'bool[]' }
  if (column.type === 'bytea') {
    return { array: byteaArray(filled(isText, '').map((cell) => Buffer.from(cell, 'base64'))), type: 'bytea[]' }
  }
  if (/^int[248]$/.test(column.type)) return { array: int8Array(filled(isInteger, 0)), type: 'bigint[]' }
  const filler = column.type === 'uuid' ? '00000000-0000-0000-0000-000000000000' : ''
  return { array: textArray(filled(isText, filler)), type: 'text[]' }
}

const isBoolean = (cell: Cell): cell is boolean => typeof cell === 'boolean'
const isText = (cell: Cell): cell is string => typeof cell === 'string'
const isInteger = (cell: Cell): cell is number => Number.isSafeInteger(cell)
