import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { confirmRestore } from '../../server/backup/restore.ts'
import { verify } from '../../server/backup/verify.ts'
import { envelopeOf, indicators, newVersionOf } from '../support/indicators.ts'
import { TAXII, testSite } from '../support/site.ts'
import { backupBytes, change, emptyTarget, KINDS, restoreBytes, serve } from './copies.ts'

const site = await testSite()
after(() => site.close())
const { api_root } = await site.addCollection({ alias: 'region' })
await site.addCollection({ alias: 'empty' })
const headers = await site.addUser('poller', { read: ['region', 'empty'], write: ['region', 'empty'] })
const bearer = await site.addToken('poller')
const path = `${api_root}collections/region/objects/`

async function send(base: string, texts: readonly string[]) {
  const body = envelopeOf(texts)
  const answer = await fetch(base + path, { method: 'POST', headers: { ...headers, 'content-type': TAXII }, body })
  assert.equal(answer.status, 202)
  return (await answer.json()) as { readonly id: string }
}

/** A page: how many objects, a hash of their exact text (short, for messages), where it ends, and its token. */
async function read(base: string, query: string, as: Readonly<Record<string, string>> = headers) {
  const answer = await fetch(`${base}${path}${query}`, { headers: as })
  const text = await answer.text()
  assert.equal(answer.status, 200, text.slice(0, 500))
  const { objects, next = '' } = JSON.parse(text) as { objects: unknown[]; next?: string }
  const exact = text.slice(text.indexOf('[') + 1, text.lastIndexOf(']'))
  const page = {
    count: objects.length,
    hash: hash('sha256', exact),
    last: answer.headers.get('x-taxii-date-added-last'),
  }
  return { page, next }
}

const first = indicators(2300)
await send(site.url, first.slice(0, 1000))
await send(site.url, first.slice(1000))
await send(
  site.url,
  first.slice(0, 10).map((text) => newVersionOf(text, '2026-11-02T00:00:00.000Z')),
)
const { id: statusId } = await send(site.url, [newVersionOf(first[5] ?? '', '2026-11-03T00:00:00.000Z')])
const goneId = (JSON.parse(first[20] ?? '') as { id: string }).id
assert.equal((await fetch(`${site.url}${path}${goneId}/`, { method: 'DELETE', headers })).status, 200)

describe('a restored site', () => {
  for (const kind of KINDS) {
    it(`goes on where the other stopped, on ${kind}`, async () => {
      const before = await read(site.url, '?limit=700')
      const backup = await backupBytes(site.context)
      const target = await emptyTarget(kind)
      const restored = await restoreBytes(target, backup)
      assert.equal(restored.rows['release'], 2311)
      const copy = await serve(target)
      try {
        // what the old site gave out goes on here
        for (const query of [
          `?limit=700&next=${encodeURIComponent(before.next)}`,
          `?added_after=${before.page.last}&match[version]=all`,
        ]) {
          assert.deepEqual((await read(copy.url, query)).page, (await read(site.url, query)).page)
        }
        // credentials, rights, statuses
        assert.deepEqual((await read(copy.url, '?limit=1', bearer)).page, (await read(site.url, '?limit=1')).page)
        const status = `${api_root}status/${statusId}/`
        const of = async (base: string) => (await fetch(base + status, { headers })).text()
        assert.equal(await of(copy.url), await of(site.url))
        // dates go on rising, numbers are not given twice, segments close where they would have
        const newest = await change(target, 'select max(date_added) as date, max(object_no) as no from release')
        await send(copy.url, indicators(1500, { seed: 9 }))
        const numbers = await change(
          target,
          'select count(*)::int as fresh from release where date_added > $1::bigint and object_no > $2::bigint',
          [newest.rows[0]?.['date'], newest.rows[0]?.['no']],
        )
        assert.equal(numbers.rows[0]?.['fresh'], 1500)
        assert.equal((await change(target, 'select count(*)::int as n from segment')).rows[0]?.['n'], 3)
        assert.equal((await verify(copy.context)).ok, true)
      } finally {
        await copy.close()
        await target.place.remove()
      }
    })
  }
})

it('has the same segments, clocks and rows as the site it came from', async () => {
  const target = await emptyTarget()
  try {
    await restoreBytes(target, await backupBytes(site.context))
    for (const query of [
      'select collection_no, first_date, last_date, objects from segment order by 1, 2',
      'select collection_no, last_micros, open_first, open_count, open_objects, ledger_seq, ledger_head from collection_clock order by 1',
      'select * from release order by 1, 2',
      'select object_no, source_no, label, received_micros, sha256, body from object order by 1',
      'select * from token order by 1',
      'select * from account order by 1',
    ]) {
      assert.deepEqual((await change(target, query)).rows, (await change(site.context, query)).rows, query)
    }
  } finally {
    await target.close()
  }
})

it('sends nothing until it is confirmed, and both are on record', async () => {
  const target = await emptyTarget()
  try {
    await restoreBytes(target, await backupBytes(site.context))
    const outgoing = async () => (await change(target, 'select outgoing from site')).rows[0]?.['outgoing']
    assert.equal(await outgoing(), false)
    assert.equal(await confirmRestore(target, 'test'), true)
    assert.equal(await outgoing(), true)
    assert.equal(await confirmRestore(target, 'test'), false)
    const { rows } = await change(target, 'select kind from audit order by seq desc limit 2')
    assert.deepEqual(
      rows.map((row) => row['kind']),
      ['restore_confirmed', 'backup_restored'],
    )
    assert.equal((await verify(target)).ok, true)
  } finally {
    await target.close()
  }
})

it(
  'goes from the embedded database to PostgreSQL',
  { skip: KINDS.includes('postgres') ? false : 'TEST_DATABASE_URL is not set' },
  async () => {
    const embedded = await emptyTarget('embedded')
    const postgres = await emptyTarget('postgres')
    try {
      await restoreBytes(embedded, await backupBytes(site.context))
      await restoreBytes(postgres, await backupBytes(embedded))
      const query = 'select r.*, o.body from release r join object o using (object_no) order by 1, 2'
      assert.deepEqual((await change(postgres, query)).rows, (await change(embedded, query)).rows)
      assert.equal((await verify(postgres)).ok, true)
    } finally {
      await embedded.close()
      await postgres.close()
    }
  },
)
