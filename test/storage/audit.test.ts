import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { AUDIT_START, auditHash } from '../../server/storage/audit-log.ts'
import { chainReads } from '../../server/storage/read-tally.ts'
import { post, testSite } from '../support/site.ts'
import { indicators } from '../support/indicators.ts'
import { movableClock } from '../support/movable-clock.ts'

const clock = movableClock('2026-11-21T08:00:00Z')
const site = await testSite({ clock })
after(() => site.close())
const { api_root, id } = await site.addCollection({ alias: 'region' })
const writer = await site.addUser('writer', { read: ['region'], write: ['region'] })
const reader = await site.addUser('reader', { read: ['region'] })
const objects = `${site.url}${api_root}collections/region/objects/`

const records = () => site.context.database.kysely.selectFrom('audit').selectAll().orderBy('seq').execute()
const ofKind = async (kind: string) => (await records()).filter((record) => record.kind === kind)

it('a write is one record, with counts and no content', async () => {
  const posted = await post(
    objects,
    writer,
    indicators(3).map((text) => JSON.parse(text) as unknown),
  )
  const [record] = await ofKind('objects_added')
  assert.equal(record?.actor, 'writer')
  assert.deepEqual(JSON.parse(record?.detail ?? ''), {
    collection: id,
    status: posted.body['id'],
    added: 3,
    known: 0,
    refused: 0,
  })
})

it('each refusal is a record of its own', async () => {
  for (let i = 0; i < 3; i++) await fetch(objects)
  await fetch(`${site.url}/nowhere/`, { headers: reader })
  const refused = (await ofKind('refused')).map((record) => [record.actor, JSON.parse(record.detail)])
  const path = `${api_root}collections/region/objects/`
  const anonymous = ['anonymous', { status: 401, code: 'unauthenticated', method: 'GET', path }]
  assert.deepEqual(refused, [
    anonymous,
    anonymous,
    anonymous,
    ['reader', { status: 404, code: 'not_found', method: 'GET', path: '/nowhere/' }],
  ])
})

it('reads are one record for each principal, collection and minute', async () => {
  for (let i = 0; i < 4; i++) await fetch(objects, { headers: reader })
  await fetch(objects, { headers: writer })
  clock.move(60_000_000)
  await fetch(objects, { headers: reader })
  clock.move(120_000_000)
  await site.context.reads.flush()
  await chainReads(site.context.database, clock.nowMicros())
  const reads = (await ofKind('collection_read')).map((record) => {
    const { collection, requests, objects: count } = JSON.parse(record.detail) as Record<string, unknown>
    assert.equal(collection, id)
    return [record.actor, requests, count]
  })
  assert.deepEqual(reads, [
    ['reader', 4, 12],
    ['writer', 1, 3],
    ['reader', 1, 3],
  ])
})

it('that somebody reads is stored before the first answer of the minute', async () => {
  clock.move(60_000_000)
  await fetch(objects, { headers: reader })
  const tallies = await site.context.database.kysely.selectFrom('read_tally').selectAll().execute()
  assert.deepEqual(
    tallies.map((tally) => [tally.requests, tally.objects]),
    [[1, 3]],
  )
})

it('every record is chained to the one before', async () => {
  let hash: Uint8Array = AUDIT_START
  for (const [index, record] of (await records()).entries()) {
    assert.equal(record.seq, index + 1)
    hash = auditHash(hash, record)
    assert.deepEqual(Buffer.from(record.hash), hash)
  }
  const head = await site.context.database.kysely.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow()
  assert.deepEqual(Buffer.from(head.hash), hash)
})
