import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { verify } from '../../server/backup/verify.ts'
import { verifyAuditTail } from '../../server/backup/verify-audit.ts'
import { indicators, newVersionOf } from '../support/indicators.ts'
import { post, testSite } from '../support/site.ts'
import { backupBytes, change, emptyTarget, restoreBytes, type Target } from './copies.ts'

const site = await testSite()
after(() => site.close())
const { api_root } = await site.addCollection({ alias: 'region' })
const headers = await site.addUser('poller', { read: ['region'], write: ['region'] })
const objects = `${site.url}${api_root}collections/region/objects/`
const texts = indicators(30)
const parsed = (list: readonly string[]) => list.map((text) => JSON.parse(text) as { id: string })
await post(objects, headers, parsed(texts))
await post(objects, headers, parsed(texts.slice(0, 3).map((text) => newVersionOf(text, '2026-11-02T00:00:00.000Z'))))
await fetch(`${objects}${parsed(texts)[9]?.id}/`, { method: 'DELETE', headers })
const backup = await backupBytes(site.context)

/** Something done to the database behind the server's back, the chain that must tell, and the place. */
const TAMPERINGS: readonly (readonly [what: string, sql: string, chain: string, place: RegExp])[] = [
  [
    'a changed body',
    `update object set body = replace(body, 'indicator', 'indicatoR') where object_no = (select object_no from release where date_added = (select min(date_added) from release))`,
    'objects',
    /indicator--.* in region\) are not those/,
  ],
  [
    'a changed body with its hash',
    `update object set body = 'x', sha256 = sha256('x') where object_no = (select object_no from release order by date_added limit 1 offset 4)`,
    'ledger region',
    /entry 5 \(indicator--.*hash/,
  ],
  [
    'a changed audit detail',
    `update audit set detail = replace(detail, 'poller', 'pollar') where seq = 3`,
    'audit',
    /record 3 \(account_made\).*hash/,
  ],
  ['a deleted audit record', 'delete from audit where seq = 2', 'audit', /record 2 is missing/],
  [
    'reordered audit records',
    'update audit set seq = case seq when 2 then 3 else 2 end + 1000 where seq in (2, 3); update audit set seq = seq - 1000 where seq > 1000',
    'audit',
    /record 2 .*where it was written/,
  ],
  [
    'a cut audit tail',
    'delete from audit where seq = (select max(seq) from audit)',
    'audit',
    /are missing: the head says/,
  ],
  [
    'a cut audit tail with its head',
    'delete from audit where seq = (select max(seq) from audit); update audit_head set seq = seq - 1',
    'audit',
    /the head does not have the hash/,
  ],
  [
    'a record behind the head',
    `insert into audit select seq + 1, at_micros, kind, actor, detail, hash from audit order by seq desc limit 1`,
    'audit',
    /behind the head/,
  ],
  ['a deleted ledger entry', 'delete from ledger where seq = 7', 'ledger region', /entry 7 is missing/],
  [
    'reordered ledger entries',
    'update ledger set seq = case seq when 7 then 8 else 7 end + 1000 where seq in (7, 8); update ledger set seq = seq - 1000 where seq > 1000',
    'ledger region',
    /entry 7 .*its place/,
  ],
  [
    'a cut ledger tail',
    'delete from ledger where seq > 30',
    'ledger region',
    /entries after 30 are missing: the head says 34/,
  ],
  [
    'an entry of another actor',
    'update ledger set actor_no = actor_no + 1 where seq = 34',
    'ledger region',
    /entry 34 .*hash/,
  ],
  [
    'a deleted release',
    'delete from release where date_added = (select date_added from ledger where seq = 3)',
    'ledger region',
    /entry 3 names the release of 2026.*missing/,
  ],
  [
    'a deleted object',
    'delete from object where object_no = (select object_no from release order by date_added limit 1)',
    'ledger region',
    /entry 1 .*object that is missing/,
  ],
  [
    'a release without an entry',
    `insert into release select collection_no, date_added + 1000000000, object_no, stix_id || '0', version, version_digits, type, true, null from release order by date_added limit 1`,
    'ledger region',
    /has no entry/,
  ],
  [
    'a moved latest mark',
    'update release set latest = not latest where withdrawn_micros is null and stix_id = (select stix_id from release group by 1 having count(*) > 1 limit 1)',
    'ledger region',
    /of indicator--.* newest version/,
  ],
  [
    'a lost latest mark',
    'update release set latest = false where date_added = (select max(date_added) from release)',
    'ledger region',
    /newest version/,
  ],
  [
    'a withdrawal taken back',
    'update release set withdrawn_micros = null, latest = true where withdrawn_micros is not null',
    'ledger region',
    /entry 34 .*still has that release/,
  ],
  [
    'a withdrawal without an entry',
    'update release set withdrawn_micros = 1, latest = false where date_added = (select min(date_added) from release where latest)',
    'ledger region',
    /marked as withdrawn, but no entry/,
  ],
  [
    'a changed version text',
    `update release set version = version || '1' where date_added = (select date_added from ledger where seq = 6)`,
    'ledger region',
    /entry 6 .*hash/,
  ],
  [
    'a clock set back',
    'update collection_clock set last_micros = last_micros - 1',
    'ledger region',
    /clock .*last_micros/,
  ],
]

async function copy(): Promise<Target> {
  const target = await emptyTarget()
  await restoreBytes(target, backup)
  return target
}

const whole = await copy()
after(() => whole.close())

describe('verify finds', () => {
  it('nothing in a whole site', async () => {
    assert.equal((await verify(whole)).ok, true)
    assert.equal((await verify(site.context)).ok, true)
  })

  for (const [what, statements, chain, place] of TAMPERINGS) {
    it(what, async () => {
      // done and verified in one transaction that is rolled back: the next case starts from the whole site
      const { chainsWithin } = await import('../../server/storage/backup-chains.ts')
      const { verifyChains } = await import('../../server/backup/verify.ts')
      const { run } = await import('../../server/storage/database.ts')
      const undo = new Error('undo')
      await assert.rejects(
        whole.database.transaction(async (trx) => {
          for (const statement of statements.split(';'))
            assert.ok((await run(trx, statement)).count > 0, 'nothing was changed')
          const found = await verifyChains(chainsWithin(trx))
          assert.equal(found.ok, false)
          assert.match(found.chains.find((one) => one.chain === chain)?.problem ?? JSON.stringify(found), place)
          throw undo
        }),
        undo,
      )
    })
  }
})

it('the quick look at the end of the audit chain finds a change there, and only there', async () => {
  const target = await copy()
  try {
    const { rows } = await change(target, 'select max(seq) as seq from audit')
    const last = Number(rows[0]?.['seq'])
    assert.equal((await verifyAuditTail(target.database, 3)).problem, undefined)
    assert.equal((await verifyAuditTail(target.database, 1000)).checked, last)
    await change(target, `update audit set actor = 'nobody' where seq = $1::bigint`, [last - 1])
    assert.match((await verifyAuditTail(target.database, 3)).problem ?? '', new RegExp(`record ${last - 1} `))
    assert.equal((await verifyAuditTail(target.database, 1)).problem, undefined)
  } finally {
    await target.close()
  }
})
