import type { Statement } from './database.ts'

/**
 * One row of a read, with its columns still as bytes. Valid only during the call: the next row takes its place, so that a
 * page of 1,000 rows makes no thousands of small objects.
 */
export interface RawRow {
  /** An int8 column. */
  int8(column: number): number
  /** Bytes of a text (UTF-8) or bytea column. */
  length(column: number): number
  /** Copies a text or bytea column into `target`; answers with the place after it. */
  copy(column: number, target: Buffer, at: number): number
}

/** Told of each row in order. */
export type OnRow = (row: RawRow) => void

/** Reads outside transactions. Statements have names, so that they are planned once per connection. */
export interface RowReader {
  /** Rows as objects. */
  rows<Row>(statement: Statement, values: readonly unknown[]): Promise<readonly Row[]>
  /**
   * A page of (int8, text) rows or one (bytea) row without turning any column into a string: a page of 1 MB decoded and
   * encoded again would double its cost. The statement must have a name.
   */
  eachRaw(statement: Statement, values: readonly (string | number)[], onRow: OnRow): Promise<void>
}
