import type { Statement } from './database.ts'

/** One row of a read as raw column values: text columns as UTF-8, int8 as 8 bytes big-endian, bytea as it is. */
export type OnRow = (columns: readonly Buffer[]) => void

/** Reads outside transactions. Every statement is named, so that it is planned once per connection. */
export interface RowReader {
  /** Rows as objects. */
  rows<Row>(statement: Statement, values: readonly unknown[]): Promise<readonly Row[]>
  /**
   * A page of (int8, text) rows or one (bytea) row without turning any column into a string: a page of 1 MB decoded and
   * encoded again would double its cost. Columns are valid only during the call.
   */
  eachRaw(statement: Statement, values: readonly (string | number)[], onRow: OnRow): Promise<void>
}
