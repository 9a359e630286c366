import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { compiledParticipantMap, currentParticipantMap, participantMapHistory } from '../../server/site/participants.ts'
import { setParticipantMap } from '../../server/site/participants-change.ts'
import { addAccount } from '../../server/site/accounts.ts'
import { peopleOf } from '../members/people.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, type TestSite, testSite } from '../support/site.ts'

const MAP = '156.74.0.0/16 CTYSEA\n.seattle.gov CTYSEA\n12.17.152.0/23 COB BELLWA amber\n2001:db8::/32 V6'

let site: TestSite
let chief: PortalClient
before(async () => {
  site = await testSite()
  await addAccount(site.context, { actor: 'test', name: 'chief', password: PASSWORD, role: 'administrator' })
  await site.addUser('ana')
  chief = new PortalClient(site.url)
  await chief.signIn('chief', PASSWORD)
})
after(() => site.close())

/** Sends the form of the edit page, which carries a file or a text. */
async function edit(client: PortalClient, fields: Readonly<Record<string, string>>, file?: string) {
  const { text } = await client.get('/site/participants/edit')
  const form = new FormData()
  form.set('csrf', /name="csrf"\s+value="([^"]+)"/.exec(text)?.[1] ?? '')
  form.set('based_on', /name="based_on" value="(\d+)"/.exec(text)?.[1] ?? '')
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  if (file !== undefined) form.set('file', new Blob([file]), 'map.yml')
  const response = await client.once('/site/participants/edit', {
    method: 'POST',
    body: form,
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  return { status: response.status, text: await response.text() }
}
const now = async () => await currentParticipantMap(site.context.database)

describe('the participant map in the portal', () => {
  it('is edited as text: checked and compared first, saved then', async () => {
    assert.match((await chief.get('/site/participants')).text, /There is no map yet/)
    const checked = await edit(chief, { text: MAP })
    assert.equal(checked.status, 200)
    assert.match(checked.text, /would have 4 entries: 4 added, 0 removed, 0 changed\. Nothing is saved yet/)
    assert.equal(await now(), undefined)
    assert.equal((await edit(chief, { text: MAP, act: 'save', note: 'The first' })).status, 303)
    const saved = await now()
    assert.deepEqual(
      [saved?.versionNo, saved?.entries.length, saved?.note, saved?.madeBy],
      [1, 4, 'The first', 'chief'],
    )
    const { text } = await chief.get('/site/participants')
    assert.match(text, /Version 1 with 4 entries/)
    assert.match(text, /12\.17\.152\.0\/23[\s\S]*COB[\s\S]*BELLWA[\s\S]*TLP:AMBER/)
  })

  it('answers whose something is', async () => {
    assert.match(
      (await chief.get('/site/participants?ask=hxxp%3A%2F%2Fedge7%5B.%5Dseattle%5B.%5Dgov')).text,
      /site CTYSEA, shown as CTYSEA, by \.seattle\.gov/,
    )
    assert.match((await chief.get('/site/participants?ask=12.17.153.255')).text, /site COB, shown as BELLWA/)
    assert.match(
      (await chief.get('/site/participants?ask=%3Cb%3E12.17.154.0')).text,
      /&lt;b&gt;12\.17\.154\.0: no participant/,
    )
    assert.equal((await compiledParticipantMap(site.context.database)).siteOf('12.17.153.255')?.participant, 'BELLWA')
  })

  it('says line, field and fix of what cannot be read, and saves none of it', async () => {
    const got = await edit(chief, { text: `${MAP}\n10.0.0.1/8 <X>\n.seattle.gov OTHER`, act: 'save' })
    assert.equal(got.status, 422)
    assert.match(got.text, /10\.0\.0\.0\/8, or 10\.0\.0\.1 alone/)
    assert.match(got.text, /\.seattle\.gov is in line 2 already, for CTYSEA/)
    assert.match(got.text, /10\.0\.0\.1\/8 &lt;X&gt;/, 'what was typed stays')
    assert.equal((await now())?.versionNo, 1)
  })

  it('takes a file in its place, and shows what changed', async () => {
    const yaml =
      '---\nCTYSEA:\n  cidr: 156.74.0.0/16\n  domain: .seattle.gov\nEASTSIDE:\n  site: COB\n  cidr: 12.17.152.0/23\n'
    const checked = await edit(chief, { text: '', act: 'save' }, yaml)
    assert.equal(checked.status, 200, 'a file is never saved unseen')
    assert.match(checked.text, /would have 3 entries: 0 added, 1 removed, 1 changed/)
    assert.match(checked.text, /COB → BELLWA, TLP:AMBER[\s\S]*COB → EASTSIDE/)
    assert.equal((await edit(chief, { text: yaml, act: 'save' })).status, 303)
    assert.equal((await now())?.versionNo, 2)
    const version = await chief.get('/site/participants/history/2')
    assert.match(version.text, /What changed after version 1[\s\S]*Removed[\s\S]*Changed/)
    assert.match(version.text, /2001:db8::\/32/)
  })

  it('the same map again is no version', async () => {
    const { entries = [] } = (await now()) ?? {}
    const done = await setParticipantMap(site.context, { ...BY_OPERATOR, entries, note: '' })
    assert.deepEqual(done, { versionNo: 2, added: 0, removed: 0, changed: 0 })
    assert.match(
      (await edit(chief, { text: '156.74.0.0/16 CTYSEA\n.seattle.gov CTYSEA\n12.17.152.0/23 COB EASTSIDE' })).text,
      /nothing to save/,
    )
  })

  it('another change meanwhile is not overwritten unseen', async () => {
    const got = await edit(chief, { text: MAP, act: 'save', based_on: '1' })
    assert.equal(got.status, 422)
    assert.match(got.text, /changed the map meanwhile/)
    assert.match(got.text, /name="based_on" value="2"/)
    assert.equal((await now())?.versionNo, 2)
  })

  it('an old version becomes the map again, as a new one', async () => {
    const before = await currentParticipantMap(site.context.database)
    await chief.get('/site/participants/history/1')
    const got = await chief.post('/site/participants/history/1/restore')
    assert.match(got.text, /as in version 1 again; that is version 3/)
    assert.notDeepEqual((await now())?.entries, before?.entries)
    assert.equal((await now())?.entries.length, 4)
    assert.deepEqual(
      (await participantMapHistory(site.context.database)).map(({ versionNo }) => versionNo),
      [3, 2, 1],
    )
    assert.equal((await compiledParticipantMap(site.context.database)).siteOf('12.17.153.255')?.participant, 'BELLWA')
    for (const path of ['99', '0', 'x', '1e3']) {
      assert.equal((await chief.get(`/site/participants/history/${path}`)).status, 404, path)
    }
    const audit = await peopleOf(site).audited('participants_changed')
    assert.deepEqual(
      audit.map(({ actor, detail }) => [actor, detail['version']]),
      [
        ['chief', 1],
        ['chief', 2],
        ['chief', 3],
      ],
    )
  })

  it('is taken away in the forms that others read', async () => {
    const file = async (form: string) => {
      const response = await chief.once(`/site/participants/export/${form}`)
      assert.match(response.headers.get('content-disposition') ?? '', /^attachment; filename="participants/)
      return await response.text()
    }
    assert.match(
      await file('yaml'),
      /"BELLWA":\n {2}site: "COB"\n {2}tlp: "TLP:AMBER"\n {2}cidr:\n {4}- "12\.17\.152\.0\/23"/,
    )
    assert.equal(
      await file('silk'),
      'map-name participant\ndefault EXTERNAL\nmode ipv4\n12.17.152.0/23 BELLWA\n156.74.0.0/16 CTYSEA\n',
    )
    assert.equal(await file('silk-ipv6'), 'map-name participant\ndefault EXTERNAL\nmode ipv6\n2001:db8::/32 V6\n')
    assert.match(await file('csv'), /^block,site,participant,tlp\r\n/)
    for (const form of ['pdf', '__proto__', 'constructor']) {
      assert.equal((await chief.get(`/site/participants/export/${form}`)).status, 404, form)
    }
  })

  it('is for administrators of the site, in the use case too', async () => {
    const ana = new PortalClient(site.url)
    await ana.signIn('ana', PASSWORD)
    assert.equal((await ana.get('/site/participants')).status, 403)
    const wanted = { ...(await peopleOf(site).by('ana')), entries: [], note: '' }
    await assert.rejects(setParticipantMap(site.context, wanted), { code: 'forbidden' })
    await assert.rejects(setParticipantMap(site.context, { ...BY_OPERATOR, entries: [], note: 'al\u202eice' }), {
      code: 'bad_note',
    })
  })
})

it('a map of thousands is shown in pages', async () => {
  const entries = Array.from({ length: 3000 }, (_, i) => {
    const participant = `S${i % 40}`
    return { block: `10.${i >> 8}.${i & 255}.0/24`, site: participant, participant }
  })
  await setParticipantMap(site.context, { ...BY_OPERATOR, entries, note: 'many' })
  const first = await chief.get('/site/participants')
  assert.match(first.text, /from=200/)
  assert.ok(first.text.length < 150_000)
  assert.match((await chief.get('/site/participants?from=2800')).text, /10\.11\.183\.0\/24/)
  assert.equal((await chief.get('/site/participants?from=99999999')).status, 200)
  const page = await chief.get('/site/participants/edit')
  assert.ok(page.text.length < 250_000)
})
