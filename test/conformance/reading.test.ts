import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { indicators } from '../support/indicators.ts'
import { openRegion, versionsOf } from './region.ts'
import { absentId, address, identity, statement } from './samples.ts'

const region = await openRegion()
after(() => region.close())

it('Q23 nothing found on objects and manifest is 200 with an empty envelope', async () => {
  const collection = await region.empty()
  for (const list of ['objects/', 'manifest/']) {
    for (const query of ['', `?match[id]=${absentId()}`, '?match[type]=malware', '?added_after=2999-01-01T00:00:00Z']) {
      for (const headers of [region.basic, region.bearer]) {
        const answer = await collection.get(list + query, headers)
        assert.deepEqual([answer.status, answer.text], [200, '{}'])
      }
    }
  }
})

it('Q23 an unknown object, and a version that is not there, are 404', async () => {
  const collection = await region.empty()
  const object = identity()
  await collection.post([object])
  for (const id of [absentId(), 'absent', object.id.toUpperCase()]) {
    assert.equal((await collection.get(`objects/${id}/`)).status, 404)
    assert.equal((await collection.get(`objects/${id}/versions/`)).status, 404)
  }
  assert.equal((await collection.get(`objects/${object.id}/?match[version]=2001-01-01T00:00:00Z`)).status, 404)
})

it('Q24 a manifest record has id, date_added, version and a media type of the collection', async () => {
  const collection = await region.empty()
  const [object, marking] = [identity(), statement()]
  await collection.post([object, marking])
  const { media_types: types } = (await collection.get('')).body
  const records = (await collection.get('manifest/')).body.objects ?? []
  assert.deepEqual(
    records.map(({ id, version }) => ({ id, version })),
    [
      { id: object.id, version: object.modified },
      { id: marking.id, version: marking.created },
    ],
  )
  for (const record of records) assert.ok(Array.isArray(types) && types.includes(record.media_type))
})

it('Q24 filters look at the object, not at the record', async () => {
  const collection = await region.empty()
  const object = identity()
  await collection.post([{ ...object, modified: '2026-02-01T00:00:00.000Z' }, object])
  const record = async (query: string) => (await collection.get(`manifest/?${query}`)).body.objects?.[0]?.version
  assert.equal(await record('match[version]=first'), object.modified)
  assert.equal(await record('match[type]=identity'), '2026-02-01T00:00:00.000Z')
})

it('Q25 versions are the texts that were posted, in one order, each once', async () => {
  const collection = await region.empty()
  const object = identity({ created: '2026-01-01T00:00:00Z' })
  const texts = [
    '2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00.1Z',
    '2026-01-01T00:00:00.1230Z',
    '2026-01-02T00:00:00.000Z',
  ]
  await collection.post(texts.map((modified) => ({ ...object, modified })))
  const { versions } = (await collection.get(`objects/${object.id}/versions/`)).body
  assert.deepEqual(versions, texts)
  const all = await collection.get(`objects/${object.id}/?match[version]=all`)
  assert.deepEqual(
    versionsOf(all),
    versions?.map((version) => `${object.id} ${version}`),
  )
})

it('Q26 objects come back to the byte: numbers, escapes, spaces, order, unknown properties', async () => {
  const collection = await region.empty()
  const plain = JSON.stringify(identity())
  const odd = [
    plain.replace('{', '{"x_numbers":[1.0,1e3,9007199254740993,-0,0.1,1E-7,123456789012345678901234567890],'),
    JSON.stringify(identity()).replace('{', '{ "x_spaced" : [ 1 ,\n\t2 ] , '),
    JSON.stringify(identity({ x_text: 'Größe \u{1f480} 件名 \u0001 \u2028 "\\' })),
    JSON.stringify(identity()).replace('{', '{"x_escapes":"\\u00e9 \\ud83d\\udea2 \\/ \\u0041 \\b",'),
    JSON.stringify(identity()).replace('{', '{"x_deep":{"one":{"two":[{"three":[true,false]}]}},'),
  ]
  const { body } = await collection.post(odd)
  assert.equal(body.success_count, odd.length, JSON.stringify(body.failures))
  assert.equal((await collection.get('objects/')).text, `{"objects":[${odd.join(',')}]}`)
  for (const text of odd) {
    const { id } = JSON.parse(text) as { readonly id: string } // made above
    assert.equal((await collection.get(`objects/${id}/`)).text, `{"objects":[${text}]}`)
  }
})

it('Q26 a whole feed comes back to the byte', async () => {
  const collection = await region.empty()
  const texts = [...indicators(300, { seed: 7 }), JSON.stringify(address('192.0.2.9'))]
  assert.equal((await collection.post(texts)).body.success_count, texts.length)
  assert.equal((await collection.get('objects/')).text, `{"objects":[${texts.join(',')}]}`)
})
