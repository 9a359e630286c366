import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { audienceOf } from '../../policies/audience.ts'
import { release } from '../../policies/release.ts'
import { type ExportOptions, exportView } from '../../server/intel/export-view.ts'
import { type ExportFormat, ExportWriter } from '../../server/intel/export-writer.ts'
import { grantRights, revokeRights } from '../../server/site/rights.ts'
import { indicators } from '../support/indicators.ts'
import { testSite } from '../support/site.ts'
import { clientOf, pollAll } from './support/client.ts'
import { importBytes, targetOf } from './support/intake.ts'

const site = await testSite({ settings: { 'taxii.page_size': 100 } })
after(() => site.close())
const made = await site.addCollection({ alias: 'view' })
await site.addUser('reader', { read: ['view'] })
const texts = indicators(1200, { seed: 11 })
const newer = texts.slice(0, 40).map((text) => text.replace(/"modified":"2026/, '"modified":"2027'))
const pretty =
  '{\r\n  "type": "domain-name",\n  "id": "domain-name--3c10e93f-798e-5a26-a0c1-08156efab7f5",\n  "value": "a.example" }'
await importBytes(site, 'view', [...texts, ...newer, pretty].join('\n'))

async function exported(options: Partial<ExportOptions> = {}): Promise<string> {
  const { collection } = await targetOf(site, 'view')
  const wanted = { collection, reader: 'operator', format: 'bundle', versions: 'all', ...options } as const
  const parts: Buffer[] = []
  for await (const part of exportView(site.context, wanted)) parts.push(part)
  return Buffer.concat(parts).toString()
}

async function audited() {
  const rows = await site.context.database.kysely.selectFrom('audit').selectAll().orderBy('seq').execute()
  return rows
    .filter(({ kind }) => kind === 'collection_exported')
    .map(({ actor, detail }) => ({ actor, ...(JSON.parse(detail) as Record<string, unknown>) }))
}

async function manifestOf(api: { readonly api_root: string; readonly id: string }) {
  using client = clientOf(site, api, 'reader')
  const records: string[] = []
  for await (const page of client.collection.manifestPages({ match: { versions: ['all'] } })) {
    records.push(...page.records.map(({ id, version }) => `${id} ${version}`))
  }
  return records.filter((record) => !record.startsWith('domain-name')).toSorted()
}

describe('what is exported', () => {
  for (const format of ['bundle', 'envelope', 'ndjson'] as const) {
    it(`and imported elsewhere has the same manifest: ${format}`, async () => {
      const copy = await site.addCollection({ alias: `copy-${format}` })
      const text = await exported({ format })
      const report = await importBytes(site, `copy-${format}`, text)
      assert.deepEqual([report.added, report.refused, report.problem], [1241, 0, undefined])
      await grantRights(site.context, { actor: 'test', name: 'reader', read: [`copy-${format}`], write: [] })
      assert.deepEqual(await manifestOf(copy), await manifestOf(made))
    })
  }

  it('has the exact bytes of each object; only line breaks between tokens are spaces in NDJSON', async () => {
    const bundle = await exported()
    assert.match(bundle, /^\{"type":"bundle","id":"bundle--[0-9a-f-]{36}","objects":\[/)
    for (const text of [...texts, ...newer, pretty]) assert.ok(bundle.includes(text))
    const lines = (await exported({ format: 'ndjson' })).split('\n')
    assert.equal(lines.length, 1242)
    assert.ok(lines.includes(pretty.replaceAll(/[\r\n]/g, ' ')))
    for (const text of [...texts, ...newer]) assert.ok(lines.includes(text))
  })

  it('is the newest versions, or what a filter names', async () => {
    const newest = JSON.parse(await exported({ versions: 'last' })) as { objects: unknown[] }
    using client = clientOf(site, made, 'reader')
    assert.deepEqual(newest.objects, await pollAll(client.collection))
    const domains = JSON.parse(await exported({ types: ['domain-name'] })) as { objects: unknown[] }
    assert.deepEqual(domains.objects, [JSON.parse(pretty)])
  })

  it('an empty view is a valid file of its form', async () => {
    await site.addCollection({ alias: 'empty' })
    const { collection } = await targetOf(site, 'empty')
    assert.equal(await exported({ collection, format: 'envelope' }), '{}\n')
    assert.equal(await exported({ collection, format: 'ndjson' }), '')
    const bundle = JSON.parse(await exported({ collection })) as Record<string, unknown>
    assert.deepEqual(Object.keys(bundle), ['type', 'id'])
  })
})

describe('who gets it', () => {
  it('an account needs the right to read, page by page', async () => {
    const { collection } = await targetOf(site, 'view')
    const { access } = await site.context.freshness.read()
    const reader = access.accountNamed('reader')
    assert.ok(reader)
    await site.addUser('writer', { write: ['view'] })
    const writer = (await site.context.freshness.read()).access.accountNamed('writer')
    assert.ok(writer)
    await assert.rejects(exported({ reader: writer }), { code: 'forbidden' })
    const running = exportView(site.context, { collection, reader, format: 'ndjson', versions: 'all' })
    assert.equal((await running.next()).done, false)
    await revokeRights(site.context, { actor: 'test', name: 'reader', collections: ['view'] })
    await assert.rejects(running.next(), { code: 'forbidden' })
    assert.partialDeepStrictEqual((await audited()).at(-1), { actor: 'reader', objects: 100, complete: false })
  })

  it('the audit has it before the last byte, also when it is broken off', async () => {
    const { collection } = await targetOf(site, 'view')
    const options = { collection, reader: 'operator', format: 'bundle', versions: 'all' } as const
    const before = (await audited()).length
    let recorded = 0
    let last = ''
    for await (const part of exportView(site.context, options)) {
      last = part.toString()
      recorded = (await audited()).length - before
    }
    assert.equal(last, ']}\n')
    assert.equal(recorded, 1)
    assert.partialDeepStrictEqual((await audited()).at(-1), {
      actor: 'command line',
      collection: made.id,
      objects: 1241,
      complete: true,
    })
    for await (const part of exportView(site.context, options)) if (part.length > 0) break
    assert.partialDeepStrictEqual((await audited()).at(-1), { objects: 100, complete: false })
  })

  it('a page that was released to another audience is not written', () => {
    const body = {
      count: 1,
      first: 1,
      last: 1,
      more: false,
      start: { encoding: 'identity', bytes: Buffer.from('{"objects":[{}') },
    } as const
    const of = (id: string) => audienceOf(id, 'TLP:RED')
    const formats: readonly ExportFormat[] = ['bundle', 'envelope', 'ndjson']
    const verdict = release({ body, label: 'TLP:CLEAR' }, of('one'))
    assert.ok(verdict.ok)
    for (const format of formats) {
      assert.throws(() => new ExportWriter(of('other').id, format).page(verdict.released), /was about to go to other/)
      assert.ok(new ExportWriter(of('one').id, format).page(verdict.released).length > 0)
    }
  })
})
