import { run } from '../../server/storage/database.ts'
import type { TestSite } from '../support/site.ts'

/** Every row of every table of a site, by table, as the text of JSON: for comparing, and for searching it all. */
export async function everything(site: TestSite): Promise<ReadonlyMap<string, readonly string[]>> {
  return await site.context.database.transaction(async (trx) => {
    const { rows: tables } = await run<{ name: string }>(
      trx,
      `select table_name as name from information_schema.tables
        where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
    )
    const found = new Map<string, readonly string[]>()
    for (const { name } of tables) {
      const { rows } = await run<{ row: string }>(trx, `select row_to_json(t)::text as row from "${name}" t order by 1`)
      found.set(
        name,
        rows.map(({ row }) => row),
      )
    }
    return found
  })
}

/** Tables in which something differs; those that count and remember whatever happens are left out. */
export function changedTables(
  before: ReadonlyMap<string, readonly string[]>,
  after: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const passing = new Set(['site', 'audit', 'audit_head'])
  // notices are sent at any time: that there are more of them would be a change
  const content = (rows: readonly string[] = [], table: string) =>
    table === 'notice' ? rows.length : JSON.stringify(rows)
  return [...after.keys()].filter(
    (table) => !passing.has(table) && content(before.get(table), table) !== content(after.get(table), table),
  )
}

/** Whether a text is in some row, as it is or as the hexadecimal digits that bytes are shown as. */
export function holds(all: ReadonlyMap<string, readonly string[]>, text: string): readonly string[] {
  const hex = Buffer.from(text).toString('hex')
  return [...all].flatMap(([table, rows]) =>
    rows.some((row) => row.includes(text) || row.includes(hex)) ? [table] : [],
  )
}
