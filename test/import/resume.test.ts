import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { fileFingerprint, importName } from '../../server/intel/import-name.ts'
import { importStream } from '../../server/intel/import-stream.ts'
import { indicators } from '../support/indicators.ts'
import { testSite } from '../support/site.ts'
import { clientOf, pollAll, type StixLike } from './support/client.ts'
import { chunksOf, importBytes, targetOf } from './support/intake.ts'

const site = await testSite()
after(() => site.close())
const many = indicators(6000, { seed: 3 })
const file = Buffer.from(`{"type":"bundle","objects":[${many.join(',\n')}]}`)

async function storedIds(made: { readonly api_root: string; readonly id: string }, reader: string) {
  using client = clientOf(site, made, reader)
  return (await pollAll(client.collection, 'all')).map(({ id }) => id)
}

it('an import that is broken off goes on after the last stored batch: nothing is lost, nothing comes twice', async () => {
  const made = await site.addCollection({ alias: 'cut' })
  await site.addUser('cut-reader', { read: ['cut'] })
  const resumeName = importName(made.id, fileFingerprint(file.length, file.subarray(0, 100), file.subarray(-100)))
  const target = await targetOf(site, 'cut')
  const seen: number[] = []
  let added = 0
  let runs = 0
  for (let isDone = false; !isDone; runs++) {
    const stop = new AbortController()
    const before = await storedIds(made, 'cut-reader')
    const source = chunksOf(file)
    let stopAfter = 1
    try {
      const report = await importStream(site.context, {
        ...target,
        source,
        resumeName,
        signal: stop.signal,
        onProgress: ({ added: now }) => {
          if (now > 0 && stopAfter-- === 0) stop.abort(new Error('the power went'))
        },
      })
      assert.equal(report.resumedAfter, before.length)
      seen.push(report.resumedAfter)
      added = report.added + report.resumedAfter
      assert.equal(report.known, 0, 'what was stored is passed over')
      isDone = true
    } catch (error) {
      assert.equal(String(error), 'Error: the power went')
    }
    assert.ok(runs < 20)
  }
  assert.ok(runs >= 2, 'it was broken off at least once')
  assert.ok((seen[0] ?? 0) > 0, 'the last run did not begin at the start')
  assert.equal(added, many.length)
  assert.deepEqual(
    await storedIds(made, 'cut-reader'),
    many.map((text) => (JSON.parse(text) as StixLike).id),
    'in the order of the file',
  )
})

it('a file that was read to its end begins at the start: everything is known', async () => {
  await site.addCollection({ alias: 'twice' })
  const resumeName = 'import twice'
  assert.equal((await importBytes(site, 'twice', file, { resumeName })).added, many.length)
  const again = await importBytes(site, 'twice', file, { resumeName })
  assert.deepEqual([again.resumedAfter, again.added, again.known], [0, 0, many.length])
})

it('a source that fails in the middle keeps what was stored, and the next run has the rest', async () => {
  const made = await site.addCollection({ alias: 'failing' })
  await site.addUser('failing-reader', { read: ['failing'] })
  const target = await targetOf(site, 'failing')
  async function* failing() {
    yield* chunksOf(file.subarray(0, Math.floor(file.length / 2)))
    throw new Error('the disk went')
  }
  const resumeName = 'import failing'
  await assert.rejects(importStream(site.context, { ...target, source: failing(), resumeName }), /the disk went/)
  const kept = await storedIds(made, 'failing-reader')
  assert.ok(kept.length > 0 && kept.length < many.length)
  const report = await importBytes(site, 'failing', file, { resumeName })
  assert.equal(report.resumedAfter, kept.length)
  assert.equal(report.added, many.length - kept.length)
})

it('a bad object in a batch does not move the position beyond what is stored', async () => {
  await site.addCollection({ alias: 'bad' })
  const list = [...many.slice(0, 1500), '{"type":"x","id":tru}', ...many.slice(1500, 2500)]
  const text = `[${list.join(',')}`
  const first = await importBytes(site, 'bad', text, { resumeName: 'import bad' })
  assert.deepEqual([first.added, first.refused], [2500, 1])
  assert.match(first.problem?.message ?? '', /before the value/)
  const second = await importBytes(site, 'bad', text, { resumeName: 'import bad' })
  assert.deepEqual([second.resumedAfter, second.added, second.refused], [2501, 0, 0])
})

it('another file, or another collection, has another name', () => {
  const a = Buffer.from('a')
  const names = [
    importName('c1', fileFingerprint(1, a, a)),
    importName('c2', fileFingerprint(1, a, a)),
    importName('c1', fileFingerprint(2, a, a)),
    importName('c1', fileFingerprint(1, Buffer.from('b'), a)),
    importName('c1', fileFingerprint(1, a, Buffer.from('b'))),
  ]
  assert.equal(new Set(names).size, names.length)
})
