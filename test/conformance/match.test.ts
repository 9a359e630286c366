import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { idsOf, openRegion, versionsOf } from './region.ts'
import { absentId, address, identity, indicator, statement } from './samples.ts'

const region = await openRegion()
after(() => region.close())
const collection = await region.empty()

const DAYS = [
  '2018-03-01T01:01:01.123Z',
  '2018-03-02T01:01:01.123Z',
  '2018-03-03T01:01:01.123Z',
  '2018-03-04T01:01:01Z',
]
const desk = identity()
const versions = DAYS.map((modified) => ({ ...desk, created: DAYS[0], modified }))
const other = identity()
const finding = indicator()
const marking = statement()
const observable = address('192.0.2.1')
// the newest version comes first, so that the order of addition is not that of the versions
await collection.post([...versions.toReversed(), other, finding, marking, observable])
const [first, second, third, last] = DAYS.map((modified) => `${desk.id} ${modified}`)

async function ids(query: string, list = 'objects/'): Promise<readonly string[]> {
  const answer = await collection.get(`${list}?${query}`)
  assert.equal(answer.status, 200, `${query}: ${answer.text}`)
  return idsOf(answer)
}

/** The versions of the desk that a query finds on all three addresses. */
async function found(version: string): Promise<readonly string[]> {
  const lists = [`objects/?match[id]=${desk.id}&`, `objects/${desk.id}/?`]
  const [one, two] = [
    await collection.get(`${lists[0]}match[version]=${version}`),
    await collection.get(`${lists[1]}match[version]=${version}`),
  ]
  assert.equal(one.status, 200, one.text)
  assert.equal(one.text, two.text)
  const manifest = await collection.get(`manifest/?match[id]=${desk.id}&match[version]=${version}`)
  assert.deepEqual(
    manifest.body.objects?.map((record) => `${record.id} ${record.version}`),
    versionsOf(one),
  )
  return versionsOf(one).toSorted()
}

it('Q14 match[id], match[type], match[version] and match[spec_version] on objects and manifest', async () => {
  for (const list of ['objects/', 'manifest/']) {
    assert.deepEqual(await ids(`match[id]=${other.id}`, list), [other.id])
    assert.deepEqual(await ids('match[type]=indicator', list), [finding.id])
    assert.deepEqual(await ids(`match[version]=${finding.modified}`, list), [finding.id])
    assert.equal((await ids('match[spec_version]=2.1', list)).length, 5)
    assert.deepEqual(await ids('match[spec_version]=2.0', list), [])
  }
})

it('Q14 match[version] and match[spec_version] on an object, match[spec_version] on its versions', async () => {
  const object = `objects/${desk.id}/`
  assert.deepEqual(versionsOf(await collection.get(`${object}?match[version]=first`)), [first])
  assert.deepEqual(versionsOf(await collection.get(`${object}?match[spec_version]=2.1`)), [last])
  assert.equal((await collection.get(`${object}versions/?match[spec_version]=2.1`)).body.versions?.length, 4)
  const none = await collection.get(`${object}versions/?match[spec_version]=2.0`)
  assert.deepEqual([none.status, none.text], [200, '{}'])
})

it('Q15 fields are joined by AND, the values of a field by OR', async () => {
  for (const list of ['objects/', 'manifest/']) {
    assert.deepEqual(await ids(`match[id]=${other.id},${absentId()},${finding.id}`, list), [other.id, finding.id])
    assert.deepEqual(await ids('match[type]=indicator,ipv4-addr', list), [finding.id, observable.id])
    assert.deepEqual(await ids(`match[id]=${other.id},${finding.id}&match[type]=indicator`, list), [finding.id])
    assert.deepEqual(await ids(`match[id]=${other.id}&match[type]=indicator`, list), [])
    assert.deepEqual(await ids(`match[type]=identity&match[version]=${finding.modified}`, list), [])
  }
  const types = Array.from({ length: 20 }, (_, index) => `x-type-${index}`)
  assert.deepEqual(await ids(`match[type]=${[...types, 'indicator', 'indicator'].join()}`), [finding.id])
})

it('Q16 any type may be asked for, known or unknown', async () => {
  for (const type of ['malware', 'relationship', 'extension-definition', 'x-our-own', 'Indicator', 'no type at all']) {
    for (const list of ['objects/', 'manifest/']) {
      assert.deepEqual(await ids(`match[type]=${encodeURIComponent(type)}`, list), [])
    }
  }
})

it('Q17 without match[version] only the latest version of each object', async () => {
  const all = await collection.get('objects/')
  assert.deepEqual(idsOf(all), [desk.id, other.id, finding.id, marking.id, observable.id])
  assert.equal(all.body.objects?.[0]?.modified, DAYS[3])
  assert.deepEqual(versionsOf(await collection.get(`objects/${desk.id}/`)), [last])
  assert.deepEqual(await ids('', 'manifest/'), idsOf(all))
  const types = await collection.get('objects/?match[type]=identity')
  assert.deepEqual(versionsOf(types), [last, `${other.id} ${other.modified}`])
})

it('Q18 first, last and all', async () => {
  assert.deepEqual(await found('first'), [first])
  assert.deepEqual(await found('last'), [last])
  assert.deepEqual(await found('all'), [first, second, third, last])
})

it('Q18 an exact version, or several', async () => {
  assert.deepEqual(await found(DAYS[1] ?? ''), [second])
  assert.deepEqual(await found(`${DAYS[2]},${DAYS[0]}`), [first, third])
  assert.deepEqual(await ids(`match[id]=${desk.id}&match[version]=2018-03-05T00:00:00Z`), [])
})

it('Q18 combinations', async () => {
  assert.deepEqual(await found(`first,${DAYS[1]},last`), [first, second, last])
  assert.deepEqual(await found('first,last'), [first, last])
  assert.deepEqual(await found(`last,${DAYS[3]}`), [last])
  assert.deepEqual(await found(`2018-03-05T00:00:00Z,first`), [first])
})

it('Q18 first and last hold for each object by itself', async () => {
  const both = await collection.get('objects/?match[type]=identity&match[version]=first')
  assert.deepEqual(versionsOf(both).toSorted(), [first ?? '', `${other.id} ${other.modified}`].toSorted())
})

it('Q19 versions are equal by instant, however many decimals they have', async () => {
  for (const same of ['2018-03-02T01:01:01.123000Z', '2018-03-02T01:01:01.123Z', '2018-03-02T01:01:01.1230Z']) {
    assert.deepEqual(await found(same), [second])
  }
  for (const same of ['2018-03-04T01:01:01Z', '2018-03-04T01:01:01.0Z', '2018-03-04T01:01:01.000000Z']) {
    assert.deepEqual(await found(same), [last])
  }
  assert.deepEqual(await ids(`match[version]=2018-03-02T01:01:01.1230001Z`), [])
})

it('Q20 an object without modified has one version in manifest, versions, status and match[version]', async () => {
  const marks = [statement('2026-05-05T05:05:05.5Z'), address('192.0.2.20')]
  const { body: status } = await collection.post(marks)
  for (const [index, { id }] of marks.entries()) {
    const version = status.successes?.[index]?.version ?? ''
    const manifest = await collection.get(`manifest/?match[id]=${id}`)
    assert.equal(manifest.body.objects?.[0]?.version, version)
    assert.deepEqual((await collection.get(`objects/${id}/versions/`)).body.versions, [version])
    assert.deepEqual(await ids(`match[version]=${version}&match[id]=${id}`), [id])
    for (const keyword of ['first', 'last', 'all']) {
      assert.deepEqual(idsOf(await collection.get(`objects/${id}/?match[version]=${keyword}`)), [id])
    }
  }
  assert.equal(status.successes?.[0]?.version, '2026-05-05T05:05:05.5Z')
})

it('Q20 the same cyber-observable posted again keeps its version', async () => {
  const version = async () => (await collection.get(`objects/${observable.id}/versions/`)).body.versions
  const before = await version()
  const again = await collection.post([observable])
  assert.deepEqual(await version(), before)
  assert.equal(again.body.successes?.[0]?.version, before?.[0])
})

it('Q21 match[spec_version] leaves out what is of another version', async () => {
  for (const list of ['objects/', 'manifest/']) {
    assert.deepEqual(await ids('match[spec_version]=2.0,2.1', list), await ids('', list))
    assert.deepEqual(await ids('match[spec_version]=2.0', list), [])
    assert.deepEqual(await ids('match[spec_version]=3.7', list), [])
  }
  assert.equal((await collection.get(`objects/${desk.id}/?match[spec_version]=2.0`)).body.objects, undefined)
})

it('Q27 brackets may be plain or percent-encoded', async () => {
  for (const [open, close] of [
    ['[', ']'],
    ['%5B', '%5D'],
    ['%5b', '%5d'],
    ['%5B', ']'],
  ]) {
    assert.deepEqual(await ids(`match${open}id${close}=${other.id}`), [other.id])
    assert.deepEqual(await ids(`match${open}type${close}=indicator%2Ctool`, 'manifest/'), [finding.id])
  }
})
