import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { MAX_NODES, trustGraph } from '../../server/members/vouching/trust-graph.ts'
import { layout } from '../../server/members/vouching/trust-graph-layout.ts'
import { testSite } from '../support/site.ts'
import { waterGroup } from './water.ts'

const site = await testSite()
after(() => site.close())
const water = await waterGroup(site, ['bob', 'carol', 'dave', 'erin'])
await water.vouch(['alice', 'bob'], ['bob', 'alice'], ['bob', 'carol'], ['alice', 'carol'], ['carol', 'dave'])
await water.vouch(['alice', 'erin'])
await water.put('erin', 'blocked')
const bob = await water.visitor('bob')

describe('the trust graph', () => {
  it('draws members and vouches with a table that says the same', async () => {
    const { text } = await bob.get('/groups/water/graph')
    assert.match(text, /4 members and 5 vouches between them/)
    assert.equal((text.match(/<circle class="mark"/g) ?? []).length, 4)
    const table = /id="table"[\s\S]*?<\/table>/.exec(text)?.[0] ?? ''
    const rows = [...table.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row]) =>
      (row ?? '')
        .replaceAll(/<[^>]+>/g, ' ')
        .trim()
        .split(/\s{2,}/),
    )
    assert.deepEqual(rows.slice(1), [
      ['alice', 'bob', 'bob, carol'],
      ['bob', 'alice', 'alice, carol'],
      ['carol', 'alice, bob', 'dave'],
      ['dave', 'carol', 'nobody'],
    ])
    assert.doesNotMatch(/<main[\s\S]*<\/main>/.exec(text)?.[0] ?? '', /erin|<script/)
  })

  it('lists those whom one vouch holds', async () => {
    const { text } = await bob.get('/groups/water/graph')
    const single = /id="single"[\s\S]*?<\/section>/.exec(text)?.[0] ?? ''
    assert.deepEqual(
      [...single.matchAll(/members\/([a-z]+)"/g)].map(([, name]) => name),
      ['alice', 'bob', 'bob', 'alice', 'dave', 'carol'],
    )
  })

  it('is around one member when asked, and hidden where the group shows counts only', async () => {
    const { text } = await bob.get('/groups/water/graph?around=dave')
    assert.match(text, /The vouches around dave/)
    assert.equal((text.match(/<circle class="mark"/g) ?? []).length, 2)
    assert.match((await bob.get('/groups/water/graph?around=erin')).text, /No vouches to show/)
    await water.policy({ vouchVisibility: 'counts' })
    const hidden = await bob.get('/groups/water/graph')
    assert.match(hidden.text, /not whose/)
    assert.doesNotMatch(hidden.text, /<circle class="mark"|members\/carol/)
    const alice = await water.visitor('alice')
    assert.match((await alice.get('/groups/water/graph')).text, /<circle class="mark"/)
    await water.policy({})
  })

  it('puts the same graph in the same places, inside the picture, apart from each other, in bounded time', async () => {
    const groupNo = await water.groupNo()
    const read = () =>
      trustGraph(site.context.database, { groupNo, around: undefined, nowMicros: site.context.clock.nowMicros() })
    const [one, other] = [layout(await read()), layout(await read())]
    assert.deepEqual([...one], [...other])
    const nodes = Array.from({ length: MAX_NODES }, (_, i) => ({
      accountNo: i,
      account: `m${i}`,
      displayName: `M ${i}`,
    }))
    const edges = nodes.flatMap(({ accountNo: fromNo }) =>
      Array.from({ length: 20 }, (_, step) => ({ fromNo, toNo: (fromNo * 7 + step * 13 + 1) % MAX_NODES })),
    )
    const begun = performance.now()
    const places = [...layout({ nodes, edges }).values()]
    assert.ok(performance.now() - begun < 1000)
    for (const { x, y } of places) assert.ok(x >= 0 && x <= 1000 && y >= 0 && y <= 1000)
    const far = places.flatMap((a, i) => places.slice(i + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y)))
    assert.ok(far.filter((distance) => distance < 14).length < 20, 'hardly any circles lie on each other')
  })
})
