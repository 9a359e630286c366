import assert from 'node:assert/strict'
import { it } from 'node:test'
import { envelopeOf, indicators, newVersionOf } from '../support/indicators.ts'
import { poll } from '../support/poll.ts'
import { TAXII, testSite } from '../support/site.ts'

// A view is cut into segments of 1,000 releases. A poller stopped inside one; all that came after it in that segment was
// superseded before it came back. Its page of that segment is empty, and must not be taken for the end.
it('a poller that stopped inside a segment whose rest was superseded is led on', async () => {
  await using site = await testSite()
  const { api_root } = await site.addCollection({ alias: 'region' })
  await site.addUser('poller', { read: ['region'], write: ['region'] })
  const headers = await site.addToken('poller')
  const url = `${site.url}${api_root}collections/region/objects/`
  const post = async (texts: readonly string[]) => {
    const body = envelopeOf(texts)
    const response = await fetch(url, { method: 'POST', headers: { ...headers, 'content-type': TAXII }, body })
    assert.equal(response.status, 202, await response.text())
  }
  const first = indicators(1000, { seed: 1 })
  await post(first.slice(0, 400))
  const stopped = await fetch(url, { headers })
  const addedAfter = stopped.headers.get('x-taxii-date-added-last') ?? ''
  await stopped.body?.cancel()
  await post(first.slice(400))
  await post(first.slice(400).map((text) => newVersionOf(text, '2027-01-01T00:00:00.000Z')))
  await post(indicators(2000, { seed: 2 }))

  const response = await fetch(`${url}?added_after=${encodeURIComponent(addedAfter)}`, { headers })
  const page = (await response.json()) as { objects?: readonly unknown[]; more?: boolean }
  assert.equal(page.objects?.length, 1000)
  assert.equal(page.more, true)
  for (const by of ['added_after', 'next'] as const) {
    const { objects } = await poll({ url, headers, by, query: { added_after: addedAfter }, isOver: () => true })
    assert.equal(objects.length, 2600)
  }
})
