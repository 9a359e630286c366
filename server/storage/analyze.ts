import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Refreshes the planner's statistics of the tables that grow; the embedded database never does so by itself. */
export async function analyze(database: Database): Promise<void> {
  for (const table of ['object', 'release', 'ledger', 'segment'] as const) {
    await sql`analyze ${sql.table(table)}`.execute(database.kysely)
  }
}
