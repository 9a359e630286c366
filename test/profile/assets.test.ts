import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { readAssetFile } from '../../policies/asset-file.ts'
import { API_ROOT } from '../../server/api/root.ts'
import { assetsOf, importAssets } from '../../server/members/profile/assets.ts'
import { lookAtAssets } from '../../server/members/profile/assets-look.ts'
import { addAccount } from '../../server/site/accounts.ts'
import { addToken } from '../../server/site/tokens.ts'
import { peopleOf } from '../members/people.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, type TestSite, testSite } from '../support/site.ts'

let site: TestSite
let people: ReturnType<typeof peopleOf>
before(async () => {
  site = await testSite()
  people = peopleOf(site)
  for (const name of ['ana', 'ben', 'cy', 'dot']) await site.addUser(name)
  await addAccount(site.context, { actor: 'test', name: 'chief', password: PASSWORD, role: 'administrator' })
  await people.group('harbour', 'ana')
  await people.group('clinic', 'cy')
  await people.member('harbour', 'ben')
  await people.member('harbour', 'dot')
})
after(() => site.close())

const client = async (name: string) => {
  const visitor = new PortalClient(site.url)
  await visitor.signIn(name, PASSWORD)
  await visitor.get('/account/assets')
  return visitor
}
const numberOf = async (name: string) => {
  const { access } = await site.context.freshness.read()
  return access.accountNamed(name)?.accountNo ?? 0
}
const valuesOf = async (name: string) =>
  (await assetsOf(site.context.database, await numberOf(name))).map(({ value }) => value).toSorted()
/** Sends the form of the import page. */
async function bring(visitor: PortalClient, fields: Readonly<Record<string, string>>, file?: string) {
  const { text } = await visitor.get('/account/assets/import')
  const form = new FormData()
  form.set('csrf', /name="csrf"\s+value="([^"]+)"/.exec(text)?.[1] ?? '')
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  if (file !== undefined) form.set('file', new Blob([file]), 'x')
  const response = await visitor.once('/account/assets/import', {
    method: 'POST',
    body: form,
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  return { status: response.status, text: await response.text() }
}

describe('what one answers for', () => {
  it('is added normalised, once, and taken away', async () => {
    const ben = await client('ben')
    const got = await ben.post('/account/assets', { kind: 'cidr', value: ' 198.51.100.0/24 ', note: 'City <hall>' })
    assert.match(got.text, /198\.51\.100\.0\/24 is in your list/)
    assert.match(got.text, /City &lt;hall&gt;/)
    await ben.post('/account/assets', { kind: 'domain', value: '.Bücher.example', note: '' })
    assert.deepEqual(await valuesOf('ben'), ['.xn--bcher-kva.example', '198.51.100.0/24'])
    for (const [kind, value, note] of [
      ['cidr', '198.51.100.0/24', ''],
      ['cidr', '198.51.100.1/24', ''],
      ['planet', 'mars', ''],
      ['as', 'x', ''],
      ['keyword', 'harbour', 'al\u202eice'],
    ] as const) {
      await ben.get('/account/assets')
      assert.equal((await ben.post('/account/assets', { kind, value, note })).status, 422, `${kind} ${value}`)
    }
    const button = /name="asset" value="(\d+)"/.exec((await ben.get('/account/assets')).text)?.[1] ?? ''
    const others = await client('cy')
    assert.equal((await others.post('/account/assets/remove', { asset: button })).status, 404)
    assert.match((await ben.post('/account/assets/remove', { asset: button })).text, /Removed from your list/)
    assert.equal((await valuesOf('ben')).length, 1)
  })

  it('comes out of a file: first what would happen, then that', async () => {
    const dot = await client('dot')
    const csv = 'kind,value,note\ncidr,203.0.113.0/24,Port\ncidr,203.0.113.9/24,\nas,64500,\nas,AS64500,\n'
    const tried = await bring(dot, { act: 'import' }, csv)
    assert.equal(tried.status, 200)
    assert.match(tried.text, /New: 2\. In your list already: 0\. More than once in the file: 1\. Refused: 1\./)
    assert.match(tried.text, /203\.0\.113\.0\/24, or 203\.0\.113\.9 alone/)
    assert.deepEqual(await valuesOf('dot'), [])
    assert.equal((await bring(dot, { text: csv, act: 'import' })).status, 303)
    assert.deepEqual(await valuesOf('dot'), ['203.0.113.0/24', 'AS64500'])
    assert.match((await bring(dot, { text: csv })).text, /New: 0\. In your list already: 2/)
    const yaml = 'dot:\n  domains: [.port.example]\nben:\n  domains: [.other.example]\n'
    await bring(dot, { text: yaml, act: 'import' })
    assert.ok((await valuesOf('dot')).includes('.port.example'))
    assert.ok(!(await valuesOf('dot')).includes('.other.example'))
  })

  it('five thousand at most: an import that would be more changes nothing', async () => {
    const owner = { accountNo: await numberOf('cy'), name: 'cy', actor: 'cy' }
    const rows = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => `cidr,10.${(from + i) >> 8}.${(from + i) & 255}.0/24`).join('\n')
    await importAssets(site.context, owner, readAssetFile(rows(0, 4990)), { rehearse: false })
    for (const rehearse of [true, false]) {
      await assert.rejects(importAssets(site.context, owner, readAssetFile(rows(4980, 21)), { rehearse }), {
        code: 'too_many_assets',
      })
    }
    assert.equal((await valuesOf('cy')).length, 4990)
    assert.deepEqual(await importAssets(site.context, owner, readAssetFile(rows(4980, 20)), { rehearse: false }), {
      added: 10,
      known: 10,
    })
    const cy = await client('cy')
    const { text } = await cy.get('/account/assets')
    assert.match(text, /Network: 5000/)
    const next = /href="(\/account\/assets\?after=[^"]+)"/.exec(text)?.[1] ?? ''
    assert.match((await cy.get(next)).text, /10\.\d+\.\d+\.0\/24/)
  })
})

describe('who sees it', () => {
  const path = '/groups/harbour/members/dot/assets'

  it('administrators of a group that the member is in, and each look is on the record', async () => {
    const ana = await client('ana')
    assert.match((await ana.get(path)).text, /203\.0\.113\.0\/24/)
    await ana.get(path)
    const looks = await people.audited('assets_seen')
    assert.deepEqual(
      looks.map(({ actor, detail }) => [actor, detail['account'], detail['group']]),
      [
        ['ana', 'dot', 'harbour'],
        ['ana', 'dot', 'harbour'],
      ],
    )
    const all = await site.context.database.kysely.selectFrom('audit').select('detail').execute()
    assert.ok(!JSON.stringify(all).includes('203.0.113'), 'the audit has no asset')
  })

  it('nobody else: not members, not administrators of other groups, not those of the site', async () => {
    assert.equal((await (await client('ben')).get(path)).status, 403)
    for (const [name, at] of [
      ['cy', path],
      ['cy', '/groups/clinic/members/dot/assets'],
      ['chief', path],
    ] as const) {
      assert.equal((await (await client(name)).get(at)).status, 404, `${name} ${at}`)
    }
    const wanted = { ...(await people.by('ben')), group: 'harbour', account: 'dot', after: '' }
    await assert.rejects(lookAtAssets(site.context, wanted), { code: 'forbidden' })
  })
})

it('programs of a member keep profile and assets too', async () => {
  const { token } = await addToken(site.context, { actor: 'test', account: 'ana', scopes: ['api:read', 'api:write'] })
  const call = async (method: string, path: string, body?: object) => {
    const response = await fetch(site.url + API_ROOT + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> }
  }
  assert.deepEqual((await call('POST', '/self/assets', { kind: 'as', value: '64501' })).body, {
    kind: 'as',
    value: 'AS64501',
  })
  assert.equal((await call('POST', '/self/assets', { kind: 'as', value: 'x' })).status, 400)
  const { assets } = (await call('GET', '/self/assets')).body as { assets: { number: number; value: string }[] }
  assert.deepEqual(
    assets.map(({ value }) => value),
    ['AS64501'],
  )
  assert.equal((await call('DELETE', `/self/assets/${assets[0]?.number}`, {})).status, 204)
  assert.equal((await call('DELETE', `/self/assets/${assets[0]?.number}`, {})).status, 404)
  const changed = await call('PATCH', '/self/profile', { airport: 'sea', languages: 'en:native es:basic' })
  assert.deepEqual([changed.body['airport'], changed.body['languages']], ['SEA', 'en:native es:basic'])
  const again = await call('PATCH', '/self/profile', { affiliation: 'City' })
  assert.deepEqual(
    [again.body['airport'], again.body['languages'], again.body['affiliation']],
    ['SEA', 'en:native es:basic', 'City'],
  )
  const wrong = await call('PATCH', '/self/profile', { sms: 'x' })
  assert.equal(wrong.status, 400)
  assert.match(JSON.stringify(wrong.body), /sms: a number for SMS starts with/)
})
