import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { Readable } from 'node:stream'
import { restore } from '../../server/backup/restore.ts'
import { verify } from '../../server/backup/verify.ts'
import { writeBackup } from '../../server/backup/write-backup.ts'
import { indicators, newVersionOf } from '../support/indicators.ts'
import { post, testSite } from '../support/site.ts'
import { change, emptyTarget, KINDS, PASSPHRASE } from './copies.ts'

const site = await testSite()
after(() => site.close())
const { api_root } = await site.addCollection({ alias: 'region' })
await site.addCollection({ alias: 'other' })
const names = ['region', 'other']
const headers = await site.addUser('poller', { read: names, write: names })
const objects = (alias: string) => `${site.url}${api_root}collections/${alias}/objects/`

/** An envelope or a withdrawal that one writer sent. */
interface Act {
  readonly alias: string
  /** Id and version. */
  readonly keys: readonly string[]
  readonly kind: 'added' | 'withdrawn'
  readonly begun: number
  acknowledged: number
}

const acts: Act[] = []
let time = 0
let onAct: () => void = () => undefined

async function act(
  alias: string,
  kind: Act['kind'],
  keys: readonly string[],
  send: () => Promise<number>,
): Promise<void> {
  const done: Act = { alias, kind, keys, begun: time++, acknowledged: Infinity }
  acts.push(done)
  assert.ok((await send()) < 300)
  done.acknowledged = time++
  onAct()
}

async function add(alias: string, texts: readonly string[]): Promise<void> {
  const parsed = texts.map((text) => JSON.parse(text) as { id: string; modified: string })
  const keys = parsed.map(({ id, modified }) => `${alias} ${id} ${modified.replace(/\.?0*Z$/, '')}`)
  await act(alias, 'added', keys, async () => (await post(objects(alias), headers, parsed)).status)
}

/** Withdraws the first version of an object. */
async function withdraw(alias: string, text: string): Promise<void> {
  const { id, modified } = JSON.parse(text) as { id: string; modified: string }
  const url = `${objects(alias)}${id}/?match[version]=${modified}`
  const key = `${alias} ${id} ${modified.replace(/\.?0*Z$/, '')}`
  await act(alias, 'withdrawn', [key], async () => (await fetch(url, { method: 'DELETE', headers })).status)
}

it('holds exactly one moment, whatever writers do meanwhile', async () => {
  const old = indicators(6000)
  for (let at = 0; at < old.length; at += 1000) await add('region', old.slice(at, at + 1000))
  await add('other', old.slice(0, 50))

  let stop = false
  const writer = async (seed: number) => {
    const fresh = indicators(5000, { seed })
    for (let round = 0; !stop; round++) {
      const at = (round * 40) % 4960
      await add(round % 3 === 0 ? 'other' : 'region', fresh.slice(at, at + 40))
      // new versions of objects all over the backup, so that pages not yet read lose their latest mark
      const text = old[(seed * 997 + round * 131) % 3000] ?? ''
      await add('region', [newVersionOf(text, `2026-11-02T00:00:00.${String(seed).padStart(3, '0')}Z`)])
    }
  }
  const deleter = async () => {
    for (let round = 0; !stop; round++) await withdraw('region', old[3000 + ((round * 797) % 3000)] ?? '')
  }
  const work = [writer(2), writer(3), writer(4), writer(5), deleter()]
  const acted = async (count: number) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const until = acts.length + count
    onAct = () => acts.length >= until && resolve()
    await promise
  }
  await acted(30)

  const before = time++
  let after = Infinity
  const pieces: Uint8Array[] = []
  const report = await writeBackup(site.context, {
    passphrase: PASSPHRASE,
    // the first bytes come after the cut; writers go on before the next ones are asked for
    write: async (bytes) => {
      if (after === Infinity) after = time++
      if (pieces.push(bytes) % 8 === 1 && !stop) await acted(5)
    },
  })
  stop = true
  await Promise.all(work)
  assert.ok(acts.filter((one) => one.begun > after).length > 30, 'the writers wrote during the backup')
  assert.equal((await verify(site.context)).ok, true)

  for (const kind of KINDS) {
    const target = await emptyTarget(kind)
    try {
      const restored = await restore(target, { source: Readable.from(pieces), passphrase: PASSPHRASE, actor: 'test' })
      assert.deepEqual(restored.rows, report.rows)
      const { rows } = await change(
        target,
        `select c.alias || ' ' || r.stix_id || ' ' || r.version as key, r.withdrawn_micros is not null as gone
           from release r join collection c using (collection_no)`,
      )
      const releases = new Map(rows.map((row) => [String(row['key']), row['gone'] === true]))
      for (const { kind: what, keys, begun, acknowledged } of acts) {
        const there = keys.filter((key) => (what === 'added' ? releases.has(key) : releases.get(key) === true)).length
        assert.ok(there === 0 || there === keys.length, 'half of an envelope')
        if (acknowledged < before) assert.equal(there, keys.length, 'something acknowledged is missing')
        if (begun > after && what === 'withdrawn') assert.equal(there, 0, 'a withdrawal from after the cut')
        if (
          begun > after &&
          what === 'added' &&
          !acts.some((one) => one.begun < after && one.keys.includes(keys[0] ?? ''))
        ) {
          assert.equal(there, 0, 'an envelope from after the cut')
        }
      }
      // nothing that belongs to nothing: every status is of an envelope that is there, every object of a release
      const count = async (text: string) => Number((await change(target, text)).rows[0]?.['n'])
      assert.equal(
        await count(`select count(*)::int as n from status`),
        await count(`select count(*)::int as n from audit where kind = 'objects_added'`),
      )
      assert.equal(
        await count(
          'select count(*)::int as n from object o where not exists (select 1 from release r where r.object_no = o.object_no)',
        ),
        0,
      )
    } finally {
      await target.close()
    }
  }
})
