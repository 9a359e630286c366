import { randomBytes } from 'node:crypto'
import { AUDIT_START, recordAudit } from '../storage/audit-log.ts'
import { type Database, run, type Transaction } from '../storage/database.ts'
import type { Clock } from '../clock.ts'

/** What a use case of the site needs. */
export interface SiteContext {
  readonly database: Database
  readonly clock: Clock
}

/** Who does it, for the audit: an account's name, or `command line` for the operator at the machine. */
export interface Actor {
  readonly actor: string
}

/**
 * Gives an empty, migrated database its one site row, its secrets and the start of its chains; leaves one that has them
 * as it is, so it may be called at every start.
 * @returns whether the site was made now
 */
export async function ensureSite({ database, clock }: SiteContext): Promise<boolean> {
  const nowMicros = clock.nowMicros()
  return await database.transaction(async (trx) => {
    const { count } = await run(
      trx,
      `insert into site (site_no, access_generation, created_micros, outgoing) values (1, 1, $1::bigint, true)
       on conflict do nothing`,
      [nowMicros],
    )
    await ensureSecrets(trx)
    if (count === 0) return false
    await run(trx, 'insert into audit_head (site_no, seq, hash) values (1, 0, $1::bytea)', [AUDIT_START])
    await recordAudit(trx, nowMicros, [{ kind: 'site_made', actor: 'system', detail: {} }])
    return true
  })
}

/** Keys that a site makes for itself, 32 random bytes each: of page tokens, of sealed secrets, of session cookies. */
const SECRETS = ['page-token-key', 'sealing-key', 'session-key'] as const

/** A site of an earlier release gets the keys that came later. */
async function ensureSecrets(trx: Transaction): Promise<void> {
  for (const name of SECRETS) {
    await run(trx, 'insert into secret (name, value) values ($1::text, $2::bytea) on conflict do nothing', [
      name,
      randomBytes(32),
    ])
  }
}

/** Reads a secret of the site. */
export async function readSecret(database: Database, name: (typeof SECRETS)[number]): Promise<Uint8Array> {
  const row = await database.kysely
    .selectFrom('secret')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  return row.value
}

/**
 * Makes changes of rights wait for each other, without saying that there was one. Called first in a transaction that may
 * find out later whether it changes any, with {@link raiseAccess} then.
 */
export async function holdAccess(trx: Transaction): Promise<void> {
  await run(trx, 'select 1 from site where site_no = 1 for update')
}

/**
 * Says that who may do what has changed: every process reads it anew before its next answer. Called first in a
 * transaction, it also makes such changes wait for each other.
 */
export async function raiseAccess(trx: Transaction): Promise<void> {
  await run(trx, 'update site set access_generation = access_generation + 1 where site_no = 1')
}
