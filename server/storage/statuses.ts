import type { Database } from './database.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A status resource that its owner may read; undefined when unknown, expired or another's. */
export async function findStatus(
  database: Database,
  wanted: {
    readonly statusId: string
    readonly rootNo: number
    readonly accountNo: number
    readonly nowMicros: number
  },
): Promise<Record<string, unknown> | undefined> {
  if (!UUID.test(wanted.statusId)) return undefined
  const row = await database.kysely
    .selectFrom('status')
    .select('body')
    .where('status_id', '=', wanted.statusId)
    .where('root_no', '=', wanted.rootNo)
    .where('account_no', '=', wanted.accountNo)
    .where('expires_micros', '>', wanted.nowMicros)
    .executeTakeFirst()
  // written by ingest(), which stringified a Status
  return row && (JSON.parse(row.body) as Record<string, unknown>)
}

/** Forgets statuses whose time is over. */
export async function expireStatuses(database: Database, nowMicros: number): Promise<void> {
  await database.kysely.deleteFrom('status').where('expires_micros', '<=', nowMicros).execute()
}
