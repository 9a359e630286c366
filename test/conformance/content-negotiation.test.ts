import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { TAXII } from '../support/site.ts'
import { envelope, openRegion } from './region.ts'
import { identities, identity } from './samples.ts'

const region = await openRegion()
after(() => region.close())
const collection = await region.empty()
await collection.post(identities(3))
const { authorization } = region.bearer

/** Lists and single resources, with and without content of a view. */
const READ = ['/taxii2/', region.root, `${region.root}collections/`, ...['objects/', 'manifest/'].map(pathOf)]

it('C01 the media type with version 2.1 is accepted', async () => {
  await mustServe(TAXII)
})

it('C02 the media type without a version is served as 2.1', async () => {
  await mustServe('application/taxii+json')
})

it('C03 white space, capitals, quotes, parameters, weights and several ranges are read', async () => {
  for (const accept of [
    'application/taxii+json; version=2.1',
    'application/taxii+json ;\tversion=2.1',
    'Application/TAXII+JSON;Version=2.1',
    'application/taxii+json;version="2.1"',
    'application/taxii+json;version=2.1;charset=utf-8',
    'application/taxii+json;version=2.1;q=0.5',
    'application/taxii+json;q=0.001',
    'text/html,application/taxii+json;version=2.1;q=0.2',
    'application/taxii+json;version=2.1,text/html;q=0.9',
    'application/taxii+json;version=2.0, application/taxii+json;version=2.1',
    'text/plain;note="a, b; c", application/taxii+json;version=2.1',
  ]) {
    await mustServe(accept)
  }
})

it('C03 a Content-Type is read in the same way', async () => {
  for (const type of [
    'application/taxii+json; version=2.1',
    'Application/TAXII+JSON;VERSION=2.1',
    'application/taxii+json;version="2.1"',
    'application/taxii+json;version=2.1;charset=utf-8',
  ]) {
    assert.equal((await postAs(type)).status, 202, type)
  }
})

it('C04 TAXII and STIX together are served, as §5.3 writes it', async () => {
  await mustServe('application/taxii+json;version=2.1,application/stix+json;version=2.1')
  await mustServe('application/stix+json;version=2.1, application/taxii+json;version=2.1')
})

it('C05 wildcards, what generic JSON clients send, and no Accept at all are served', async () => {
  for (const accept of ['*/*', 'application/*', 'application/json, text/plain, */*', 'application/json']) {
    await mustServe(accept)
  }
  await mustServe(undefined)
})

it('C05 what is neither is 406 with an error message', async () => {
  for (const accept of ['text/html', 'application/stix+json;version=2.1', 'image/*', '']) await mustRefuse(accept)
})

it('C06 TAXII 2.0 alone is 406', async () => {
  await mustRefuse('application/taxii+json;version=2.0')
  await mustRefuse('application/vnd.oasis.taxii+json')
  await mustRefuse('application/vnd.oasis.taxii+json; version=2.0, application/vnd.oasis.stix+json; version=2.0')
})

it('C07 our type with q=0 is 406, whatever stands beside it', async () => {
  await mustRefuse('application/taxii+json;version=2.1;q=0')
  await mustRefuse('application/taxii+json;q=0.0')
  await mustRefuse('*/*, application/taxii+json;version=2.1;q=0')
})

it('C08 a body of our media type is read, with and without the version', async () => {
  assert.equal((await postAs(TAXII)).status, 202)
  assert.equal((await postAs('application/taxii+json')).status, 202)
})

it('C09 a body of another media type is 415, and nothing is stored', async () => {
  const types = [
    'text/plain',
    'application/json',
    'application/stix+json;version=2.1',
    'application/taxii+json;version=2.0',
  ]
  for (const type of types) {
    const object = identity()
    const answer = await postAs(type, envelope([object]))
    assert.equal(answer.status, 415, type)
    assert.equal(answer.body.http_status, '415')
    assert.equal((await collection.get(`objects/${object.id}/`)).status, 404)
  }
})

it('C10 a post without Accept is 406, without Content-Type 415', async () => {
  const body = envelope([identity()])
  const post = (headers: Readonly<Record<string, string>>) =>
    region.ask(pathOf('objects/'), { method: 'POST', headers: { authorization, ...headers }, body })
  assert.equal((await post({ 'content-type': TAXII })).status, 406)
  assert.equal((await post({ accept: TAXII })).status, 415)
  assert.equal((await post({ accept: TAXII, 'content-type': TAXII })).status, 202)
})

it('C11 a gzip body is taken', async () => {
  const object = identity()
  const headers = { ...region.basic, 'content-type': TAXII, 'content-encoding': 'gzip' }
  const body = gzipSync(envelope([object]))
  assert.equal((await region.ask(pathOf('objects/'), { method: 'POST', headers, body })).status, 202)
  assert.equal((await collection.get(`objects/${object.id}/`)).status, 200)
})

it('C11 a page is gzip for those who ask for it, and never for others', async () => {
  const many = await region.empty()
  await many.post(identities(100))
  for (const path of ['objects/', 'manifest/']) {
    const plain = await many.get(path)
    assert.equal(plain.headers['content-encoding'], undefined)
    for (const accepted of ['gzip', 'br, gzip;q=0.8', 'GZIP, deflate']) {
      const packed = await many.get(path, { ...region.bearer, 'accept-encoding': accepted })
      assert.equal(packed.headers['content-encoding'], 'gzip', accepted)
      assert.deepEqual(gunzipSync(packed.bytes), plain.bytes)
      assert.equal(packed.headers['content-length'], String(packed.bytes.length))
    }
    const refused = await many.get(path, { ...region.bearer, 'accept-encoding': 'gzip;q=0, identity' })
    assert.deepEqual(refused.bytes, plain.bytes)
    const vary = (plain.headers.vary ?? '').toLowerCase().split(/,\s*/)
    assert.ok(vary.includes('accept') && vary.includes('accept-encoding'), plain.headers.vary)
  }
})

function pathOf(list: string): string {
  return new URL(list, collection.url).pathname
}

async function mustServe(accept: string | undefined): Promise<void> {
  for (const path of READ) {
    const answer = await region.ask(path, { headers: { authorization, ...(accept === undefined ? {} : { accept }) } })
    assert.equal(answer.status, 200, `${path} for ${accept}`)
    assert.equal(answer.headers['content-type'], TAXII)
  }
}

async function mustRefuse(accept: string): Promise<void> {
  for (const path of READ) {
    const answer = await region.ask(path, { headers: { authorization, accept } })
    assert.equal(answer.status, 406, `${path} for ${JSON.stringify(accept)}`)
    assert.equal(answer.body.http_status, '406')
  }
}

async function postAs(type: string, body = envelope([identity()])) {
  return await region.ask(pathOf('objects/'), {
    method: 'POST',
    headers: { ...region.basic, 'content-type': type },
    body,
  })
}
