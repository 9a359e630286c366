import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { TAXII } from '../support/site.ts'
import { type At, dateHeader, idsOf, openRegion, pagesOf } from './region.ts'
import { absentId, address, identities, identity, statement } from './samples.ts'

const region = await openRegion({ settings: { 'taxii.page_size': 10 } })
after(() => region.close())

const DAYS = ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z', '2026-01-03T00:00:00.000Z']

/** A collection with one object in three versions between two others. */
async function withVersions(): Promise<{ readonly at: At; readonly id: string }> {
  const at = await region.empty()
  const object = identity()
  await at.post([identity(), ...DAYS.map((modified) => ({ ...object, modified })), identity()])
  return { at, id: object.id }
}

async function versions(at: At, id: string): Promise<readonly string[] | undefined> {
  const answer = await at.get(`objects/${id}/versions/`)
  return answer.status === 404 ? undefined : answer.body.versions
}

it('W11 what was deleted is 404, and on no page', async () => {
  for (const headers of [region.basic, region.bearer]) {
    const { at, id } = await withVersions()
    const gone = await at.delete(`objects/${id}/`, headers)
    assert.equal(gone.status, 200)
    assert.equal(gone.headers['content-type'], TAXII)
    for (const query of ['', '?match[version]=all', '?match[version]=first', `?match[version]=${DAYS[0]}`]) {
      assert.equal((await at.get(`objects/${id}/${query}`)).status, 404, query)
    }
    assert.equal((await at.get(`objects/${id}/versions/`)).status, 404)
    for (const list of ['objects/?', 'manifest/?', 'objects/?match[version]=all&', 'objects/?match[type]=identity&']) {
      const pages = await pagesOf(at, `${list}limit=1`)
      assert.equal(idsOf(...pages).length, 2)
      assert.equal(idsOf(...pages).includes(id), false)
    }
    assert.equal((await at.get(`objects/?match[id]=${id}`)).text, '{}')
  }
})

it('W11 a page that was finished before forgets what was deleted', async () => {
  const at = await region.empty()
  const objects = identities(30)
  await at.post(objects)
  assert.equal(idsOf(...(await pagesOf(at, 'objects/'))).length, 30)
  for (const index of [0, 9, 10, 29]) await at.delete(`objects/${objects[index]?.id}/`)
  const left = objects.filter((_, index) => ![0, 9, 10, 29].includes(index)).map((object) => object.id)
  for (const list of ['objects/', 'manifest/']) assert.deepEqual(idsOf(...(await pagesOf(at, list))), left)
})

it('W12 match[version] takes those versions only', async () => {
  const cases: readonly (readonly [string, readonly number[]])[] = [
    [DAYS[1] ?? '', [0, 2]],
    ['2026-01-02T00:00:00Z', [0, 2]],
    ['first', [1, 2]],
    ['last', [0, 1]],
    ['first,last', [1]],
    [`${DAYS[0]},${DAYS[1]}`, [2]],
  ]
  for (const [match, left] of cases) {
    const { at, id } = await withVersions()
    assert.equal((await at.delete(`objects/${id}/?match[version]=${match}`)).status, 200)
    const expected = left.map((index) => DAYS[index])
    assert.deepEqual(await versions(at, id), expected, match)
    assert.equal((await at.get(`objects/${id}/`)).body.objects?.[0]?.modified, expected.at(-1))
    const latest = (await at.get('objects/')).body.objects?.filter((object) => object.id === id)
    assert.deepEqual(
      latest?.map((object) => object.modified),
      expected.slice(-1),
      'the newest that is left is the latest',
    )
  }
})

it('W12 without a match, and with all, every version goes', async () => {
  for (const query of [
    '',
    '?match[version]=all',
    '?match[spec_version]=2.1',
    '?match[version]=all&match[spec_version]=2.1',
  ]) {
    const { at, id } = await withVersions()
    assert.equal((await at.delete(`objects/${id}/${query}`)).status, 200, query)
    assert.equal(await versions(at, id), undefined, query)
  }
})

it('W12 what does not match stays: 404, and nothing is gone; a bad match is 400', async () => {
  const { at, id } = await withVersions()
  for (const query of ['match[spec_version]=2.0', 'match[version]=2001-01-01T00:00:00Z']) {
    assert.equal((await at.delete(`objects/${id}/?${query}`)).status, 404, query)
  }
  for (const query of [
    'match[version]=newest',
    'match[version]=all,last',
    'match[version]=first&match[version]=last',
  ]) {
    assert.equal((await at.delete(`objects/${id}/?${query}`)).status, 400, query)
  }
  assert.deepEqual(await versions(at, id), DAYS)
})

it('W13 an unknown object is 404, and so is one that is gone', async () => {
  const { at, id } = await withVersions()
  for (const unknown of [absentId(), 'absent', id.toUpperCase()]) {
    assert.equal((await at.delete(`objects/${unknown}/`)).status, 404)
  }
  assert.equal((await at.delete(`objects/${id}/`)).status, 200)
  assert.equal((await at.delete(`objects/${id}/`)).status, 404)
  const elsewhere = await region.empty()
  const [object] = (await at.get('objects/')).body.objects ?? []
  assert.equal((await elsewhere.delete(`objects/${object?.id}/`)).status, 404)
  assert.equal((await at.get(`objects/${object?.id}/`)).status, 200)
})

it('W14 a deleted id can be posted again and comes with a new date', async () => {
  const at = await region.empty()
  for (const object of [identity(), statement(), address('192.0.2.14')]) {
    await at.post([object])
    const before = dateHeader(await at.get('objects/'), 'last') ?? ''
    await at.delete(`objects/${object.id}/`)
    const { body } = await at.post([object])
    assert.deepEqual([body.success_count, body.failure_count], [1, 0])
    const again = await at.get(`objects/?added_after=${before}`)
    assert.deepEqual(again.body.objects, [object])
    assert.equal(idsOf(await at.get(`manifest/?match[id]=${object.id}&match[version]=all`)).length, 1)
  }
})

it('W14 a deleted version can be posted again with other content', async () => {
  const at = await region.empty()
  const object = identity()
  await at.post([object])
  await at.delete(`objects/${object.id}/`)
  const { body } = await at.post([{ ...object, name: 'Another desk' }])
  assert.deepEqual([body.success_count, body.failure_count], [1, 0])
  assert.equal((await at.get(`objects/${object.id}/`)).body.objects?.[0]?.name, 'Another desk')
})
