import assert from 'node:assert/strict'
import { it } from 'node:test'
import { scratch } from '../support/database.ts'
import { envelopeOf, indicators, newVersionOf } from '../support/indicators.ts'
import { checkChains } from '../support/ledger-check.ts'
import { poll } from '../support/poll.ts'
import { openSite, prepareSite, type ServeProcess, startProcess } from '../support/serve-process.ts'
import { TAXII } from '../support/site.ts'

const ROUNDS = 20
const POSTERS = 3
const OBJECTS = 60 // in an envelope: large enough to be killed in the middle of one

interface Envelope {
  readonly names: readonly string[]
  readonly body: Uint8Array
}

/** Moments of the kill, in milliseconds after the first request of a round: from before the first commit to after many. */
function delayOf(round: number): number {
  return 5 + ((round * 37) % 120)
}

it(`kill -9 during ingest, ${ROUNDS} times: what was acknowledged is there once, nothing is there by half`, async () => {
  const place = await scratch()
  try {
    const site = await prepareSite(place)
    const url = (server: ServeProcess) => server.url + site.objects
    const headers = { ...site.headers, 'content-type': TAXII }
    const acknowledged: Envelope[] = []
    const inDoubt: Envelope[] = []
    let interrupted = 0
    for (let round = 0; round < ROUNDS; round += 1) {
      await using server = await startProcess(place)
      const doubtful = await ingestUntilKilled(server, url(server), headers, round, acknowledged)
      interrupted += doubtful.length
      inDoubt.push(...doubtful)
    }
    assert.ok(interrupted > 0, 'no kill hit a request: the test shows nothing')

    await using server = await startProcess(place)
    const held = await everything(url(server), site.headers)
    for (const { names } of acknowledged) {
      for (const name of names)
        assert.equal(held.get(name), 1, `${name} was acknowledged and is there ${held.get(name)} times`)
    }
    for (const { names } of inDoubt) {
      const there = names.filter((name) => held.has(name)).length
      assert.ok(there === 0 || there === names.length, `${there} of ${names.length} objects of an envelope are there`)
    }
    const known = new Set([...acknowledged, ...inDoubt].flatMap(({ names }) => names))
    for (const [name, times] of held) assert.ok(times === 1 && known.has(name), name)

    // what a client does that had no answer: it sends the same again, and is told that all is well
    for (const { names, body } of [...inDoubt, ...acknowledged.slice(-5)]) {
      const response = await fetch(url(server), { method: 'POST', headers, body: Buffer.from(body) })
      const status = (await response.json()) as { success_count: number; failure_count: number }
      assert.deepEqual([response.status, status.success_count, status.failure_count], [202, names.length, 0])
    }
    const after = await everything(url(server), site.headers)
    assert.deepEqual([...after.keys()].toSorted(), [...known].toSorted())
    for (const [name, times] of after) assert.equal(times, 1, name)
    await server.stop()

    await using core = await openSite(place)
    const { releases } = await checkChains(core.context, site.collectionId)
    assert.equal(releases, known.size, 'one entry of the ledger for each release, and no other')
    await objectsHaveReleases(core.context.database)
  } finally {
    await place.remove()
  }
})

/** Posts from several sides at once and kills the server in the middle. Gives back what had no answer. */
async function ingestUntilKilled(
  server: ServeProcess,
  url: string,
  headers: Readonly<Record<string, string>>,
  round: number,
  acknowledged: Envelope[],
): Promise<readonly Envelope[]> {
  const inDoubt: Envelope[] = []
  let isDead = false
  const posters = Array.from({ length: POSTERS }, async (_, poster) => {
    for (let turn = 0; !isDead; turn += 1) {
      const envelope = envelopeAt(round, poster, turn)
      try {
        const response = await fetch(url, { method: 'POST', headers, body: Buffer.from(envelope.body) })
        await response.json()
        assert.equal(response.status, 202)
        acknowledged.push(envelope)
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error
        inDoubt.push(envelope)
        return
      }
    }
  })
  const killed = Promise.withResolvers<void>()
  setTimeout(() => killed.resolve(server.kill()), delayOf(round))
  await killed.promise
  isDead = true
  await Promise.all(posters)
  return inDoubt
}

/** New objects, and a new version of each third one: a kill in between must not leave two latest ones, or none. */
function envelopeAt(round: number, poster: number, turn: number): Envelope {
  const texts = indicators(OBJECTS, { seed: 1 + turn + 1000 * (poster + POSTERS * round) }).flatMap((text, index) =>
    index % 3 === 0 ? [text, newVersionOf(text, '2027-01-01T00:00:00.000Z')] : [text],
  )
  const names = texts.map((text) => {
    const { id, modified } = JSON.parse(text) as { id: string; modified: string }
    return `${id} ${modified}`
  })
  return { names, body: envelopeOf(texts) }
}

async function everything(url: string, headers: Readonly<Record<string, string>>): Promise<Map<string, number>> {
  const { objects } = await poll({ url, headers, by: 'next', query: { 'match[version]': 'all' }, isOver: () => true })
  const held = new Map<string, number>()
  for (const { id, modified } of objects) held.set(`${id} ${modified}`, (held.get(`${id} ${modified}`) ?? 0) + 1)
  return held
}

async function objectsHaveReleases(
  database: Awaited<ReturnType<typeof openSite>>['context']['database'],
): Promise<void> {
  const [row] = await database.reader.rows<{ orphans: number; doubles: number }>(
    {
      name: 'test-orphans',
      text: `select (select count(*) from object o where not exists (select 1 from release r where r.object_no = o.object_no)) as orphans,
                    (select count(*) from (select 1 from release where latest group by collection_no, stix_id having count(*) > 1) d) as doubles`,
    },
    [],
  )
  assert.deepEqual(row, { orphans: 0, doubles: 0 })
}
