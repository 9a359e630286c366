import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { readJson } from '../../server/read-json.ts'
import { TAXII } from '../support/site.ts'
import type { Answer } from './exchange.ts'
import { mustBeErrorMessage, mustBeResource } from './resources.ts'
import { dateHeader, envelope, openRegion } from './region.ts'
import { absentId, address, identity } from './samples.ts'

const SIX_DECIMALS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/
const UUID4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const region = await openRegion({ settings: { 'taxii.max_content_length': 2000 } })
after(() => region.close())
const collection = await region.empty({ description: 'For the tests of bodies' })
const vacant = await region.empty()
const { headers } = { headers: region.bearer }
const nobody = await region.site.addUser('nobody')
const reader = await region.site.addUser('reader', { read: [collection.id] })

/** One success of every kind, and one refusal of every kind. */
const successes = new Map<string, Answer>()
const failures = new Map<string, readonly [number, Answer]>()

before(async () => {
  const object = identity()
  const posted = await collection.post([object, address('192.0.2.1'), identity({ name: 7 })])
  successes.set('status with all kinds', posted)
  successes.set('status without failures', await collection.post([identity()]))
  successes.set('status without successes', await collection.post([{ ...object, name: 'Another desk' }]))
  successes.set('status read', await region.ask(`${region.root}status/${posted.body.id}/`, { headers }))
  successes.set('discovery', await region.ask('/taxii2/', { headers }))
  successes.set('discovery without roots', await region.ask('/taxii2/', { headers: nobody }))
  successes.set('root', await region.ask(region.root, { headers }))
  successes.set('collections', await region.ask(`${region.root}collections/`, { headers }))
  successes.set('collection', await collection.get(''))
  for (const list of ['objects/', 'manifest/', `objects/${object.id}/`, `objects/${object.id}/versions/`]) {
    successes.set(list, await collection.get(list))
    successes.set(`${list} after everything`, await collection.get(`${list}?added_after=2999-01-01T00:00:00Z`))
  }
  successes.set('objects, one of two', await collection.get('objects/?limit=1'))
  successes.set('manifest, one of two', await collection.get('manifest/?limit=1'))
  successes.set('empty objects', await vacant.get('objects/'))
  successes.set('empty manifest', await vacant.get('manifest/'))
  successes.set('deleted', await collection.delete(`objects/${object.id}/`))

  const fail = async (status: number, what: string, answer: Promise<Answer>) =>
    failures.set(what, [status, await answer])
  const send = (body: string, more: Readonly<Record<string, string>> = {}) =>
    region.ask(new URL(collection.url).pathname + 'objects/', {
      method: 'POST',
      headers: { ...region.basic, 'content-type': TAXII, ...more },
      body,
    })
  await fail(400, 'a bad filter', collection.get('objects/?limit=0'))
  await fail(400, 'broken JSON', send('{"objects":['))
  await fail(401, 'not signed in', region.ask('/taxii2/', { headers: { accept: TAXII } }))
  await fail(403, 'no right to write', collection.post([identity()], reader))
  await fail(404, 'an unknown address', region.ask('/no/such/address/', { headers }))
  await fail(404, 'an address outside every root', region.ask('/no/such/address/', { headers }))
  await fail(404, 'an unknown root', region.ask('/absent/', { headers }))
  await fail(404, 'an unknown collection', region.ask(`${region.root}collections/absent/`, { headers }))
  await fail(404, 'an unknown object', collection.get(`objects/${absentId()}/`))
  await fail(404, 'an unknown status', region.ask(`${region.root}status/absent/`, { headers }))
  await fail(405, 'a method that is not offered', region.ask('/taxii2/', { method: 'POST', headers, body: '{}' }))
  await fail(406, 'another media type asked for', region.ask('/taxii2/', { headers: { ...headers, accept: 'a/b' } }))
  await fail(413, 'a body that is too large', send(' '.repeat(2001)))
  await fail(415, 'a body of another media type', send(envelope([identity()]), { 'content-type': 'text/plain' }))
  await fail(422, 'no envelope', send('[]'))
  await fail(404, 'an address that is no percent-encoding', region.ask('/%zz/', { headers }))
  await fail(404, 'a collection that is no percent-encoding', region.ask(`${region.root}collections/%ff/`, { headers }))
})

it('G10 every success has the media type of TAXII 2.1', () => {
  for (const [what, answer] of successes) {
    assert.equal(answer.status, what.startsWith('status with') ? 202 : 200, `${what}: ${answer.text}`)
    assert.equal(answer.headers['content-type'], TAXII, what)
  }
})

it('G11 every failure has the media type of TAXII 2.1 and an error message', () => {
  for (const [what, [status, answer]] of failures) {
    assert.equal(answer.status, status, `${what}: ${answer.text}`)
    assert.equal(answer.headers['content-type'], TAXII, what)
    assert.ok(answer.body.title, what)
  }
})

it('G12 an error message has a title, the status as text, and nothing that the standard does not know', () => {
  for (const [what, [status, answer]] of failures) mustBeErrorMessage(answer.body, status, what)
})

it('G15 timestamps have six decimals and Z', () => {
  for (const [what, answer] of successes) {
    const records = (answer.body.objects ?? []).flatMap((record) => record.date_added ?? [])
    const { request_timestamp: requested } = answer.body
    for (const time of [...records, ...(requested ? [requested] : [])]) assert.match(time, SIX_DECIMALS, what)
    for (const which of ['first', 'last'] as const) {
      const header = dateHeader(answer, which)
      if (header !== undefined) assert.match(header, SIX_DECIMALS, what)
    }
  }
  assert.ok(successes.get('manifest/')?.body.objects?.[0]?.date_added)
  assert.ok(dateHeader(read('objects/'), 'first'))
  assert.ok(read('status read').body.request_timestamp)
})

it('G16 no list is empty', () => {
  for (const [what, answer] of successes) {
    for (const [property, value] of Object.entries(answer.body)) assert.notDeepEqual(value, [], `${what}: ${property}`)
  }
  assert.equal(read('empty objects').text, '{}')
  assert.equal(read('empty manifest').text, '{}')
  assert.equal('api_roots' in read('discovery without roots').body, false)
  assert.equal('failures' in read('status without failures').body, false)
  assert.equal('successes' in read('status without successes').body, false)
  assert.equal('pendings' in read('status with all kinds').body, false)
})

it('G17 collections and statuses are named by UUIDs of version 4', () => {
  for (const { id } of read('collections').body.collections ?? []) assert.match(id, UUID4)
  assert.match(read('collection').body.id ?? '', UUID4)
  assert.match(read('status with all kinds').body.id ?? '', UUID4)
})

it('G18 unknown properties of an envelope are ignored', async () => {
  const text = envelope([identity()]).replace('{', '{"x_note":[1],"more":true,"next":"1","surprise":{"a":null},')
  const path = `${new URL(vacant.url).pathname}objects/`
  const posted = await region.ask(path, {
    method: 'POST',
    headers: { ...region.basic, 'content-type': TAXII },
    body: text,
  })
  assert.equal(posted.status, 202)
  assert.equal(posted.body.success_count, 1)
})

it('G18 properties of our own would begin with x_', () => {
  for (const [what, answer] of successes) mustBeResource(what, answer.body, { required: false })
})

it('G19 every resource has its required properties under their exact names', () => {
  for (const [what, answer] of successes) mustBeResource(what, answer.body, { required: true })
})

it('G20 what we answer is JSON in UTF-8 without doubled keys', () => {
  const all = [...successes.values(), ...Array.from(failures.values(), ([, answer]) => answer)]
  for (const answer of all) {
    const reading = readJson(answer.bytes, 'objects')
    assert.ok(reading.ok, answer.text)
  }
})

it('G20 a body with doubled keys, or that is no UTF-8, is 400', async () => {
  const object = JSON.stringify(identity())
  const bad: readonly (string | Uint8Array)[] = [
    '{"objects":[],"objects":[]}',
    `{"objects":[${object.replace('"name":', '"name":"first","name":')}]}`,
    Buffer.concat([Buffer.from(`{"objects":[${object.slice(0, -2)}`), Buffer.from([0xff]), Buffer.from('"}]}')]),
    Buffer.from(`\uFEFF${envelope([identity()])}`, 'utf16le'),
  ]
  for (const body of bad) {
    const path = `${new URL(vacant.url).pathname}objects/`
    const answer = await region.ask(path, { method: 'POST', headers: { ...region.basic, 'content-type': TAXII }, body })
    assert.equal(answer.status, 400, String(body))
    assert.ok(answer.body.description)
  }
})

function read(what: string): Answer {
  const answer = successes.get(what)
  if (!answer) throw new Error(`there is no answer ${what}`)
  return answer
}
