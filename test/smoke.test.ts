import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { envelopeOf, indicators } from './support/indicators.ts'
import { TAXII, testSite } from './support/site.ts'

const site = await testSite()
after(() => site.close())
const { api_root } = await site.addCollection({ alias: 'region' })
const headers = await site.addUser('poller', { read: ['region'], write: ['region'] })
const objects = `${site.url}${api_root}collections/region/objects/`

it('what is posted can be read back', async () => {
  const body = envelopeOf(indicators(3))
  const posted = await fetch(objects, { method: 'POST', headers: { ...headers, 'content-type': TAXII }, body })
  assert.equal(posted.status, 202)
  const read = await fetch(objects, { headers })
  assert.deepEqual(await read.json(), JSON.parse(Buffer.from(body).toString()))
})
