import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { testSite } from '../support/site.ts'
import { clientOf, pollAll, type StixLike, versionKey } from './support/client.ts'
import { importBytes } from './support/intake.ts'

const data = join(process.env['VOUCHSAFE_SHARED'] ?? join(import.meta.dirname, '../../../shared'), 'data')
const releases = ['15.1', '16.1', '17.1'].map((release) => join(data, `ics-attack-${release}.json`))
const skip = releases.every((file) => existsSync(file)) ? false : 'the shared folder with the ATT&CK releases is absent'

describe('three releases of ATT&CK for ICS into one collection', { skip }, async () => {
  if (skip !== false) return
  const site = await testSite()
  after(() => site.close())
  const collection = await site.addCollection({ alias: 'attack', label: 'TLP:GREEN' })
  await site.addUser('poller', { read: ['attack'] })
  const expected = new Map<string, StixLike>()
  const conflicts: string[] = []

  it('every object is taken, and the one that was changed without a new version is refused', async (test) => {
    const totals = { added: 0, known: 0, refused: 0 }
    for (const file of releases) {
      const bytes = await readFile(file)
      const start = performance.now()
      const report = await importBytes(site, 'attack', bytes)
      test.diagnostic(`${file.slice(-15)}: ${Math.round(performance.now() - start)} ms`)
      assert.equal(report.problem, undefined)
      const { objects } = JSON.parse(bytes.toString()) as { readonly objects: readonly StixLike[] }
      assert.equal(report.added + report.known + report.refused, objects.length)
      totals.added += report.added
      totals.known += report.known
      totals.refused += report.refused
      for (const { pointer, rule, id } of report.refusals) {
        const index = Number(pointer.replace('/objects/', ''))
        assert.equal(objects[index]?.id, id, 'the pointer leads to the object')
        conflicts.push(`${rule} ${id}`)
      }
      for (const object of objects) if (!expected.has(versionKey(object))) expected.set(versionKey(object), object)
    }
    assert.equal(totals.added, 3517)
    assert.equal(totals.refused, 1)
    assert.deepEqual(conflicts, ['conflict marking-definition--fa42a846-8d90-4e51-bc29-71d5b4802168'])
  })

  it('a complete poll returns exactly the newest version of each object', async (test) => {
    using client = clientOf(site, collection, 'poller')
    const start = performance.now()
    const polled = await pollAll(client.collection)
    test.diagnostic(`poll of the latest: ${Math.round(performance.now() - start)} ms`)
    const newest = new Map<string, StixLike>()
    for (const object of expected.values()) {
      const rival = newest.get(object.id)
      if (!rival || versionKey(object) > versionKey(rival)) newest.set(object.id, object)
    }
    assert.equal(polled.length, 1883)
    assert.deepEqual(byVersion(polled), byVersion([...newest.values()]))
  })

  it('with match[version]=all it returns all versions, equal by value to the files', async (test) => {
    using client = clientOf(site, collection, 'poller')
    const start = performance.now()
    const polled = await pollAll(client.collection, 'all')
    test.diagnostic(`poll of all versions: ${Math.round(performance.now() - start)} ms`)
    assert.equal(polled.length, 3517)
    assert.deepEqual(byVersion(polled), byVersion([...expected.values()]))
  })
})

function byVersion(objects: readonly StixLike[]): ReadonlyMap<string, StixLike> {
  const sorted = objects.toSorted((a, b) => (versionKey(a) < versionKey(b) ? -1 : 1))
  return new Map(sorted.map((object) => [versionKey(object), object]))
}
