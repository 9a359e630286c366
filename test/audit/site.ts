import { addAccount } from '../../server/site/accounts.ts'
import { auditHash, AUDIT_START } from '../../server/storage/audit-log.ts'
import { run } from '../../server/storage/database.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, type TestSite } from '../support/site.ts'

/** A site administrator who has signed in. */
export async function administrator(site: TestSite, name = 'root'): Promise<PortalClient> {
  await addAccount(site.context, { actor: 'test', name, password: PASSWORD, role: 'administrator' })
  const client = new PortalClient(site.url)
  await client.signIn(name, PASSWORD)
  return client
}

/** What a made-up record says. */
export interface Made {
  readonly at_micros: number
  readonly kind: string
  readonly actor: string
  readonly detail: string
}

/** Puts records behind the end of the audit chain, a thousand at a time, with hashes that fit. */
export async function fillAudit(site: TestSite, count: number, make: (index: number) => Made): Promise<void> {
  const { database } = site.context
  const head = await database.kysely.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow()
  let { seq } = head
  let hash: Uint8Array = seq === 0 ? AUDIT_START : head.hash
  for (let at = 0; at < count; at += 1000) {
    const rows = Array.from({ length: Math.min(1000, count - at) }, (_, index) => {
      seq += 1
      const record = { seq, ...make(at + index) }
      hash = auditHash(hash, record)
      return { ...record, hash: Buffer.from(hash).toString('hex') }
    })
    await database.transaction(async (trx) => {
      await run(
        trx,
        `insert into audit (seq, at_micros, kind, actor, detail, hash)
         select seq, at_micros, kind, actor, detail, decode(hash, 'hex')
           from jsonb_to_recordset($1::jsonb) as r(seq bigint, at_micros bigint, kind text, actor text, detail text, hash text)`,
        [JSON.stringify(rows)],
      )
      await run(trx, 'update audit_head set seq = $1::bigint, hash = $2::bytea', [seq, hash])
    })
  }
}
