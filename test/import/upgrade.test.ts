import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { indicators } from '../support/indicators.ts'
import { testSite } from '../support/site.ts'
import { clientOf, pollAll } from './support/client.ts'
import { importBytes } from './support/intake.ts'

const site = await testSite()
after(() => site.close())

const times = { created: '2017-01-27T13:49:53.935Z', modified: '2017-01-27T13:49:53.935Z' }
const indicator = {
  type: 'indicator',
  id: 'indicator--26ffb872-1dd9-446e-b6f5-d58527e5b5d2',
  ...times,
  labels: ['malicious-activity', 'of-ours'],
  name: 'Old file',
  pattern: "[file:name = 'a.example.exe']",
  valid_from: '2017-01-27T13:49:53.935382Z',
}
const observed = {
  type: 'observed-data',
  id: 'observed-data--b67d30ff-02ac-498a-92f9-32f845f448cf',
  ...times,
  first_observed: '2017-01-27T13:49:53.935Z',
  last_observed: '2017-01-27T13:49:53.935Z',
  number_observed: 1,
  objects: {
    '0': { type: 'ipv4-addr', value: '198.51.100.3' },
    '1': { type: 'domain-name', value: 'b.example', resolves_to_refs: ['0'] },
  },
}
const hopeless = { ...indicator, id: 'indicator--31ffb872-1dd9-446e-b6f5-d58527e5b5d2', pattern: 7 }
const [current = ''] = indicators(1)
const bundle = `{"type":"bundle","id":"bundle--5d0092c5-5f74-4287-9642-33f4c354e56d","spec_version":"2.0","objects":[
  ${JSON.stringify(indicator)}, ${JSON.stringify(observed)}, ${current}, ${JSON.stringify(hopeless)}]}`

it('without --upgrade each object of STIX 2.0 is refused on its own, and the fix is named', async () => {
  await site.addCollection({ alias: 'plain' })
  const report = await importBytes(site, 'plain', bundle)
  assert.deepEqual([report.added, report.refused, report.upgraded], [1, 3, 0])
  assert.deepEqual(report.refusedByRule, { 'stix-2.0': 3 })
  for (const { message } of report.refusals) assert.match(message, /vouchsafe import --upgrade/)
})

it('with --upgrade they become STIX 2.1, and what is STIX 2.1 keeps its bytes', async () => {
  const made = await site.addCollection({ alias: 'upgraded' })
  const headers = await site.addUser('reader', { read: ['upgraded'] })
  const report = await importBytes(site, 'upgraded', bundle, { upgrade: true })
  assert.deepEqual([report.added, report.refused, report.upgraded, report.problem], [5, 1, 2, undefined])
  assert.equal(report.refusals[0]?.pointer, '/objects/3')
  assert.equal(report.refusals[0]?.id, hopeless.id)
  using client = clientOf(site, made, 'reader')
  const objects = await pollAll(client.collection)
  assert.deepEqual(objects.map(({ type }) => type).toSorted(), [
    'domain-name',
    'indicator',
    'indicator',
    'ipv4-addr',
    'observed-data',
  ])
  const upgraded = objects.find(({ id }) => id === indicator.id)
  assert.partialDeepStrictEqual(upgraded, {
    spec_version: '2.1',
    indicator_types: ['malicious-activity'],
    labels: ['of-ours'],
    pattern_type: 'stix',
  })
  const { id } = JSON.parse(current) as { readonly id: string }
  const answer = await fetch(`${site.url}${made.api_root}collections/upgraded/objects/${id}/`, { headers })
  assert.equal(await answer.text(), `{"objects":[${current}]}`)
  const again = await importBytes(site, 'upgraded', bundle, { upgrade: true })
  assert.deepEqual([again.added, again.known], [0, 5], 'the same input always gives the same objects')
})
