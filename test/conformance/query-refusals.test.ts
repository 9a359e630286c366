import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { idsOf, openRegion } from './region.ts'
import { identities } from './samples.ts'

const region = await openRegion({ settings: { 'taxii.page_size': 10 } })
after(() => region.close())
const collection = await region.empty()
const objects = identities(12)
await collection.post(objects)
const [object] = objects
const LISTS = ['objects/', 'manifest/', `objects/${object?.id}/`, `objects/${object?.id}/versions/`]

async function mustRefuse(query: string, lists: readonly string[] = LISTS): Promise<void> {
  for (const list of lists) {
    const answer = await collection.get(`${list}?${query}`)
    assert.equal(answer.status, 400, `${list}?${query}`)
    const name = decodeURIComponent(query.split('=')[0] ?? '')
    assert.ok(answer.body.description?.includes(name), `${answer.body.description} names ${name}`)
  }
}

it('Q04 a malformed added_after is 400', async () => {
  const bad = ['', 'yesterday', '2026-11-21', '2026-11-21T20:21:31', '2026-11-21T20:21:31+01:00', '1700000000', '%00']
  const impossible = ['2026-02-30T00:00:00Z', '2026-11-21T24:00:00Z', '2026-11-21T20:21:31.Z', '2026-11-21t20:21:31z']
  const endless = `2026-11-21T20:21:31.${'1'.repeat(100)}Z`
  for (const value of [...bad, ...impossible, endless]) await mustRefuse(`added_after=${value}`)
})

it('Q04 an added_after that is doubled or a list is 400', async () => {
  const date = '2026-11-21T20:21:31Z'
  await mustRefuse(`added_after=${date}&added_after=${date}`)
  await mustRefuse(`added_after=${date},${date}`)
})

it('Q05 a limit that is no whole number above 0 is 400', async () => {
  for (const value of ['0', '-1', '1.5', 'abc', '', '1e3', '0x10', '00', '%201', '1,2', 'null']) {
    await mustRefuse(`limit=${value}`)
  }
  await mustRefuse('limit=1&limit=1')
})

it('Q05 a limit above that of the server is capped, however large', async () => {
  for (const value of ['10', '11', '1000000', '9'.repeat(400)]) {
    for (const list of ['objects/', 'manifest/']) {
      assert.equal(idsOf(await collection.get(`${list}?limit=${value}`)).length, 10)
    }
  }
  assert.equal(idsOf(await collection.get('objects/')).length, 10)
  assert.equal(idsOf(await collection.get('objects/?limit=007')).length, 7)
})

it('Q11 next with the same filters goes on, with changed ones it is 400', async () => {
  for (const list of ['objects/', 'manifest/']) {
    const filters = 'match[type]=identity&match[version]=all'
    const { next } = (await collection.get(`${list}?limit=5&${filters}`)).body
    const same = await collection.get(`${list}?limit=5&${filters}&next=${next}`)
    assert.deepEqual(
      idsOf(same),
      objects.slice(5, 10).map((one) => one.id),
    )
    assert.equal(
      (await collection.get(`${list}?limit=3&match[version]=all&match[type]=identity&next=${next}`)).status,
      200,
    )
    for (const changed of [
      'match[type]=identity',
      'match[type]=tool&match[version]=all',
      '',
      `${filters}&match[id]=a`,
    ]) {
      assert.equal((await collection.get(`${list}?limit=5&next=${next}&${changed}`)).status, 400, changed)
    }
  }
})

it('Q12 garbage as next is 400', async () => {
  const garbage = ['', 'garbage', '1', 'A'.repeat(48), 'A'.repeat(10_000), '%00', '..%2F..', "'", '-1', '%F0%9F%92%80']
  for (const value of garbage) await mustRefuse(`next=${value}`)
  const { next } = (await collection.get('objects/?limit=5')).body
  await mustRefuse(`next=${next}&next=${next}`, ['objects/'])
  await mustRefuse(`next=${next},${next}`, ['objects/'])
  await mustRefuse(`next=${next}%3D`, ['objects/'])
})

it('Q15 a match field that is doubled is 400, in any way of writing it', async () => {
  for (const field of ['id', 'type', 'version', 'spec_version']) {
    const value = field === 'spec_version' ? '2.1' : field === 'version' ? 'all' : 'identity'
    await mustRefuse(`match[${field}]=${value}&match[${field}]=${value}`, ['objects/', 'manifest/'])
    await mustRefuse(`match[${field}]=${value}&match%5B${field}%5D=${value}`, ['objects/', 'manifest/'])
  }
})

it('Q18 a malformed match[version] is 400', async () => {
  const date = '2026-01-01T00:00:00.000Z'
  for (const value of ['', 'newest', 'ALL', '2026', '2026-13-01T00:00:00Z', `${date},`, `,${date}`, `${date},later`]) {
    await mustRefuse(`match[version]=${value}`, LISTS.slice(0, 3))
  }
})

it('Q18 all with others, or a version twice, is 400', async () => {
  const date = '2026-01-01T00:00:00.000Z'
  const doubled = ['first,first', 'last,first,last', `${date},${date}`, `${date},2026-01-01T00:00:00Z`, 'all,all']
  for (const value of ['all,first', 'last,all', `all,${date}`, ...doubled]) {
    await mustRefuse(`match[version]=${value}`, LISTS.slice(0, 3))
  }
})

it('Q22 unknown match fields are ignored, and no query is a fault of the server', async () => {
  const whole = (await collection.get('objects/')).text
  for (const query of [
    'match[name]=x',
    'match[]=x',
    'match=x',
    'match[id][]=x',
    'x=1&x=2',
    'Limit=0',
    '%00=%00',
    '&&=&',
  ]) {
    const answer = await collection.get(`objects/?${query}`)
    assert.equal(answer.status, 200, query)
    assert.deepEqual(idsOf(answer), idsOf(await collection.get('objects/')), whole.length.toString())
  }
  const ids = ['%00', 'a%00b', "'", '%22', '%5C', '%7B%7D', '%ff', '%F0%9F%92%80', 'x'.repeat(5000), 'identity--%00']
  for (const value of ids) {
    for (const field of ['id', 'type']) {
      const answer = await collection.get(`objects/?match[${field}]=${value}`)
      assert.ok([200, 400].includes(answer.status), `${field} ${value}: ${answer.status}`)
      assert.equal(idsOf(answer).length, 0)
    }
    for (const path of [`objects/${value}/`, `objects/${value}/versions/`]) {
      const answer = await collection.get(path)
      assert.ok([400, 404].includes(answer.status), `${path}: ${answer.status}`)
    }
    assert.equal((await collection.delete(`objects/${value}/`)).status, 404, value)
  }
})

it('Q22 a field that an endpoint does not know is ignored there', async () => {
  const path = `objects/${object?.id}/versions/`
  const plain = await collection.get(path)
  assert.equal((await collection.get(`${path}?match[version]=nonsense&match[type]=tool`)).text, plain.text)
})
