import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { envelopeOf, indicators } from '../support/indicators.ts'
import { testSite } from '../support/site.ts'
import { clientOf, pollAll, type StixLike } from './support/client.ts'
import { importBytes } from './support/intake.ts'

const site = await testSite()
after(() => site.close())
let collections = 0

/** A new collection, its alias, and what a poll of it returns. */
async function fresh() {
  collections += 1
  const alias = `c${collections}`
  const reader = `reader-${collections}`
  const made = await site.addCollection({ alias })
  const headers = await site.addUser(reader, { read: [alias] })
  return {
    alias,
    text: async (id: string) => {
      const response = await fetch(`${site.url}${made.api_root}collections/${alias}/objects/${id}/`, { headers })
      return await response.text()
    },
    poll: async (versions?: 'all') => {
      using client = clientOf(site, made, reader)
      return await pollAll(client.collection, versions)
    },
  }
}

const three = indicators(3)
const ids = three.map((text) => (JSON.parse(text) as StixLike).id)
const bundle = `{"type":"bundle","id":"bundle--5d0092c5-5f74-4287-9642-33f4c354e56d","objects":[${three.join(',\n')}]}`

describe('every form of input', () => {
  for (const [form, text] of [
    ['a bundle', bundle],
    ['an envelope', Buffer.from(envelopeOf(three)).toString()],
    ['a list', `[ ${three.join(' , ')} ]`],
    ['an object a line', three.join('\n')],
    ['a bundle a line', `${bundle}\n\n${bundle}\r\n`],
  ] as const) {
    it(form, async () => {
      const to = await fresh()
      const report = await importBytes(site, to.alias, text)
      assert.deepEqual([report.added, report.refused, report.problem], [3, 0, undefined])
      assert.equal(report.known, form === 'a bundle a line' ? 3 : 0)
      assert.deepEqual(report.types, { indicator: { added: 3, known: report.known, refused: 0 } })
      assert.deepEqual(await to.poll(), JSON.parse(`[${three.join()}]`))
    })
  }

  it('packed with gzip, in chunks of one byte', async () => {
    const to = await fresh()
    const report = await importBytes(site, to.alias, gzipSync(bundle), { chunkBytes: 1 })
    assert.equal(report.added, 3)
    assert.deepEqual((await to.poll()).map(({ id }) => id).toSorted(), ids.toSorted())
  })

  it('gzip that breaks off says so, and what came before is stored', async () => {
    const to = await fresh()
    const many = gzipSync(indicators(4000).join('\n'))
    const report = await importBytes(site, to.alias, many.subarray(0, many.length - 1000))
    assert.match(report.problem?.message ?? '', /gzip data is broken or ends too early/)
    assert.ok(report.added > 1000 && report.added < 4000)
    assert.equal((await to.poll()).length, report.added)
  })
})

describe('what is stored', () => {
  it('is the exact bytes of each object', async () => {
    const to = await fresh()
    const id = 'indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f'
    const odd = `{ "modified" :"2016-04-06T20:03:48.0000Z",\n\t"name": "caf\\u00e9 \\/ \\ud83d\\udea2 é\u{1f6a2}" , "id":"${id}",
      "type": "indicator","spec_version":"2.1","created": "2016-04-06T20:03:48Z", "confidence": 7.0e1,
      "x_number": -0.10, "pattern": "[ipv4-addr:value = '198.51.100.1']", "pattern_type":"stix",
      "valid_from": "2016-01-01T00:00:00Z"\r\n}`
    for (const chunkBytes of [1, 7, 65_536]) {
      const report = await importBytes(site, to.alias, `{"objects":[ ${odd} ,${three[0] ?? ''}]}`, { chunkBytes })
      assert.equal(report.refused, 0, JSON.stringify(report.refusals))
    }
    assert.equal(await to.text(id), `{"objects":[${odd}]}`)
  })

  it('is known when it comes again, also when it is spelt another way', async () => {
    const to = await fresh()
    await importBytes(site, to.alias, bundle)
    const again = three.map((text) => JSON.stringify(reversed(JSON.parse(text) as object), undefined, 2)).join('\n')
    const report = await importBytes(site, to.alias, `${again}\n${bundle}`)
    assert.deepEqual([report.added, report.known, report.refused], [0, 6, 0])
    assert.equal(await to.text(ids[0] ?? ''), `{"objects":[${three[0] ?? ''}]}`)
  })

  it('another text under the same version is refused, also within one file', async () => {
    const to = await fresh()
    const [text = ''] = three
    const other = text.replace('"confidence":', '"lang":"en","confidence":')
    const report = await importBytes(site, to.alias, [text, other, text].join('\n'))
    assert.deepEqual([report.added, report.known, report.refused], [1, 1, 1])
    assert.deepEqual(report.refusedByRule, { conflict: 1 })
    assert.equal(report.refusals[0]?.line, 2)
  })
})

describe('what is refused', () => {
  it('says where it stands, its name, the rule and the reason, and keeps no neighbour out', async () => {
    const to = await fresh()
    const many = indicators(2500, { seed: 7 })
    const good = (from: number, until: number) => many.slice(from, until).join(',\n')
    const broken = '{"type":"indicator","id":"indicator--1","name":tru}'
    const faulty = (many[0] ?? '').replace('"pattern_type":"stix"', '"pattern_type":7')
    const double = (many[1] ?? '').replace('"confidence":', '"name":"x","confidence":')
    const list = [good(2, 1000), broken, good(1000, 1700), '12', faulty, double, good(1700, 2500)]
    const refusals: string[] = []
    const report = await importBytes(site, to.alias, `{"objects":[${list.join(',')}]}`, {
      onRefusal: ({ pointer }) => refusals.push(pointer),
    })
    assert.equal(report.added, 2498)
    assert.deepEqual(
      report.refusals.map(({ pointer, rule }) => `${pointer} ${rule}`).toSorted(),
      [
        '/objects/1699 object',
        '/objects/1700 string',
        '/objects/1701 duplicate_key',
        '/objects/998 not_json',
      ].toSorted(),
      JSON.stringify(report.refusals),
    )
    assert.deepEqual(refusals.toSorted(), report.refusals.map(({ pointer }) => pointer).toSorted())
    assert.equal(report.refusals.find(({ pointer }) => pointer === '/objects/1700')?.id, idOf(many[0]))
    assert.deepEqual((await to.poll()).map(({ id }) => id).toSorted(), many.slice(2).map(idOf).toSorted())
  })

  it('what is above the ceiling of the collection', async () => {
    await site.addCollection({ alias: 'clear', label: 'TLP:CLEAR' })
    const red = (three[0] ?? '').replace(
      /"object_marking_refs":\[[^\]]*\]/,
      '"object_marking_refs":["marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"]',
    )
    const report = await importBytes(site, 'clear', red)
    assert.deepEqual(report.refusedByRule, { ceiling: 1 })
    assert.match(report.refusals[0]?.message ?? '', /TLP:RED/)
  })

  it('too deep and too large ones, between good ones', async () => {
    const to = await fresh()
    const deep = '['.repeat(5_000_000) + ']'.repeat(5_000_000)
    const large = `{"type":"x-large","v":"${'x'.repeat(8 * 1024 ** 2)}"}`
    const report = await importBytes(
      site,
      to.alias,
      `[${three[0] ?? ''},${deep},${three[1] ?? ''},${large},${three[2] ?? ''}]`,
    )
    assert.deepEqual([report.added, report.refused, report.problem], [3, 2, undefined])
    assert.deepEqual(report.refusedByRule, { 'too-deep': 1, 'too-large': 1 })
    assert.deepEqual(
      report.refusals.map(({ pointer }) => pointer),
      ['/1', '/3'],
    )
  })

  it('a file that breaks in the middle: what stood before is stored, and the place is named', async () => {
    const to = await fresh()
    const many = indicators(1500, { seed: 9 })
    const text = `{"objects":[\n${many.slice(0, 1200).join(',\n')}\n${many.slice(1200).join(',\n')}]}`
    const report = await importBytes(site, to.alias, text)
    assert.equal(report.added, 1200)
    assert.equal(report.problem?.line, 1202)
    assert.match(report.problem?.message ?? '', /expected , or \] after the object \/objects\/1199/)
  })
})

function reversed(object: object): object {
  return Object.fromEntries(Object.entries(object).toReversed())
}

function idOf(text: string | undefined): string {
  return (JSON.parse(text ?? '{}') as StixLike).id
}
