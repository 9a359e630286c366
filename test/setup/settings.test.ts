import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { MAX_LOGO_BYTES } from '../../server/site/logo.ts'
import { setSettings, SettingsError, type SiteSettings, siteSettings } from '../../server/site/settings.ts'
import { raiseAccess } from '../../server/site/site.ts'
import { run } from '../../server/storage/database.ts'
import type { PortalClient } from '../support/portal-client.ts'
import { testSite } from '../support/site.ts'
import { firstAdministrator, upload } from './people.ts'
import { pngOf } from './pictures.ts'

const site = await testSite()
after(() => site.close())
let chief: PortalClient
before(async () => {
  chief = await firstAdministrator(site)
})

async function now(): Promise<SiteSettings> {
  return siteSettings((await site.context.freshness.read()).access)
}

async function audited(): Promise<readonly unknown[]> {
  const rows = await site.context.database.kysely
    .selectFrom('audit')
    .select(['actor', 'detail'])
    .where('kind', '=', 'settings_changed')
    .orderBy('seq')
    .execute()
  return rows
}

/** Puts a value into the table as another release, or a hand, might have done. */
async function plant(name: string, value: string): Promise<void> {
  await site.context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    await run(
      trx,
      `insert into setting (name, value) values ($1::text, $2::text)
       on conflict (name) do update set value = excluded.value`,
      [name, value],
    )
  })
}

it('each panel changes its own settings, at once, and leaves a record', async () => {
  const before = (await audited()).length
  await chief.get('/site/settings')
  const named = await chief.post('/site/settings/name', { name: 'Estuary', region: 'The coast', contact: 'the desk' })
  assert.equal(named.url, '/site/settings')
  assert.match(named.text, /Saved\./)
  assert.deepEqual(await now(), { ...(await now()), name: 'Estuary', region: 'The coast', contact: 'the desk' })
  await chief.post('/site/settings/language', { language: 'es' })
  assert.equal((await now()).language, 'es')
  assert.equal((await audited()).length, before + 2)
  await chief.post('/site/settings/language', { language: 'es' })
  assert.equal((await audited()).length, before + 2, 'what changes nothing leaves no record')
  await chief.post('/site/settings/language', { language: 'en' })
  assert.equal((await chief.post('/site/settings/language', { language: 'tlh' })).status, 422)
})

it('hostile text in the name stays text on every page', async () => {
  await chief.get('/site/settings')
  await chief.post('/site/settings/name', { name: '"><script>alert(1)</script>', region: '', contact: '' })
  for (const path of ['/site/settings', '/', '/setup/done', '/sign-in']) {
    assert.doesNotMatch((await chief.get(path)).text, /<script>alert/)
  }
  await chief.post('/site/settings/name', { name: 'Estuary', region: '', contact: '' })
})

it('the colour comes from the text or from the picker, and its use is told', async () => {
  await chief.get('/site/settings')
  const send = (fields: Readonly<Record<string, string>>) => upload(chief, '/site/settings/looks', fields)
  assert.equal((await send({ colour: '', picker: '#ffcc00', 'colour-shown': '#0d5480' })).status, 303)
  assert.equal((await now()).colour, '#ffcc00')
  const page = (await chief.get('/site/settings')).text
  assert.match(page, /darker: its own contrast with white is only 1\.5 : 1/)
  assert.match(page, /as chosen/)
  await send({ colour: '#123456', picker: '#ffcc00', 'colour-shown': '#ffcc00' })
  assert.equal((await now()).colour, '#123456')
  await send({ colour: '', picker: '#123456', 'colour-shown': '#123456' })
  assert.equal((await now()).colour, '', 'taking the text away goes back to our own')
  assert.equal((await send({ colour: '#12345', picker: '#0d5480', 'colour-shown': '#0d5480' })).status, 422)
})

it('a logo is taken by its bytes, served with its tag, and can be removed', async () => {
  await chief.get('/site/settings')
  const picture = pngOf(120, 40)
  assert.equal((await fetch(`${site.url}/assets/logo`)).status, 404)
  const sent = await upload(chief, '/site/settings/looks', { colour: '' }, { logo: picture })
  assert.equal(sent.status, 303)
  const { logoTag } = await now()
  const served = await fetch(`${site.url}/assets/logo?v=${logoTag}`)
  assert.equal(served.headers.get('content-type'), 'image/png')
  assert.equal(served.headers.get('x-content-type-options'), 'nosniff')
  assert.match(served.headers.get('cache-control') ?? '', /immutable/)
  assert.deepEqual(Buffer.from(await served.arrayBuffer()), picture)
  const unchanged = await fetch(`${site.url}/assets/logo`, { headers: { 'if-none-match': `"${logoTag}"` } })
  assert.equal(unchanged.status, 304)
  const another = await fetch(`${site.url}/assets/logo?v=${'0'.repeat(32)}`)
  assert.doesNotMatch(another.headers.get('cache-control') ?? '', /immutable/)
  await another.arrayBuffer()
  assert.ok((await chief.get('/site/settings')).text.includes(`/assets/logo?v=${logoTag}`))
  await chief.post('/site/settings/logo/remove')
  assert.equal((await now()).logoTag, '')
  assert.equal((await fetch(`${site.url}/assets/logo?v=${logoTag}`)).status, 404)
})

it('what is no logo is refused with the reason, and a body that is too large with an answer', async () => {
  await chief.get('/site/settings')
  const wrong: readonly (readonly [Buffer, RegExp])[] = [
    [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /SVG is not taken/],
    [Buffer.from('GIF89a'), /no PNG, JPEG or WebP/],
    [pngOf(1025, 1), /more than 1024 pixels/],
    [Buffer.concat([pngOf(2, 2), Buffer.alloc(MAX_LOGO_BYTES)]), /larger than/],
  ]
  for (const [bytes, words] of wrong) {
    const answer = await upload(chief, '/site/settings/looks', { colour: '' }, { logo: bytes })
    assert.ok([413, 422].includes(answer.status), String(answer.status))
    assert.match(await answer.text(), words)
  }
  const huge = await upload(chief, '/site/settings/looks', { colour: '' }, { logo: Buffer.alloc(3_000_000) })
  assert.equal(huge.status, 413)
  assert.equal((await now()).logoTag, '')
})

it('a form with files is read on no other address, and never without the token of its session', async () => {
  await chief.get('/site/settings')
  assert.equal((await upload(chief, '/site/settings/name', { name: 'Theirs' })).status, 415)
  assert.equal((await upload(chief, '/site/settings/looks', { csrf: 'wrong', colour: '#000000' })).status, 403)
  const broken = await chief.once('/site/settings/looks', {
    method: 'POST',
    body: 'no parts at all',
    headers: { 'content-type': 'multipart/form-data; boundary=x', 'sec-fetch-site': 'same-origin' },
  })
  assert.equal(broken.status, 400)
  const foreign = await chief.once('/site/settings/looks', {
    method: 'POST',
    body: new FormData(),
    headers: { 'sec-fetch-site': 'cross-site' },
  })
  assert.equal(foreign.status, 403)
})

it('nobody can demand a second factor that they do not have themselves', async () => {
  await chief.get('/site/settings')
  const refused = await chief.post('/site/settings/second-factor', { 'second-factor': 'on' })
  assert.equal(refused.status, 422)
  assert.match(refused.text, /would shut you out/)
  assert.equal((await now()).secondFactor, false)
})

it('a test notice is written, and a relay that does not answer is told while the settings are kept', async () => {
  await chief.get('/site/settings')
  const relay = { way: 'relay', host: '127.0.0.1', port: '1', tls: 'none', user: '', from: 'vouchsafe@example.org' }
  const tried = await chief.post('/site/settings/mail', { ...relay, try: 'yes' })
  assert.match(tried.text, /the test notice did not leave/)
  assert.equal((await now()).mail.way, 'relay')
  const kept = await chief.post('/site/settings/mail', { way: 'capture' })
  assert.match(kept.text, /Saved\./)
  assert.match((await chief.post('/site/settings/mail', { way: 'capture', try: 'yes' })).text, /no e-mail address/)
})

it('the test of the mail settings is the same notice as that of the outbox, and on the record', async () => {
  await chief.get('/account/email')
  await chief.post('/account/email', { email: 'chief@example.org' })
  const link = await site.context.database.kysely
    .selectFrom('notice')
    .select('path')
    .where('kind', '=', 'address-check')
    .executeTakeFirstOrThrow()
  await chief.get(link.path)
  await chief.post(link.path)
  await chief.get('/site/settings')
  await chief.post('/site/settings/mail', { way: 'capture', try: 'yes' })
  const { kysely } = site.context.database
  const [notice] = await kysely.selectFrom('notice').select('path').where('kind', '=', 'test').execute()
  assert.equal(notice?.path, '/site/status')
  const records = await kysely.selectFrom('audit').select('seq').where('kind', '=', 'test_notice_asked').execute()
  assert.equal(records.length, 1)
})

it('a stored setting that does not fit is passed over alone', async () => {
  const before = await now()
  await plant('colour', '"javascript:alert(1)"')
  await plant('mail', '{"way":"pigeon"}')
  await plant('region', 'this is not JSON')
  await plant('of-a-later-release', '{"x":1}')
  await plant('contact', '"still here"')
  assert.deepEqual(await now(), { ...before, colour: '', mail: { way: 'capture' }, region: '', contact: 'still here' })
  assert.equal((await chief.get('/site/settings')).status, 200)
})

it('what does not fit is never written, and each fault names its setting', async () => {
  const before = await now()
  const settings = { name: '', region: 'a\u202eb', contact: 'c\u0000', colour: '#FFF' }
  await assert.rejects(setSettings(site.context, { actor: 'test', settings }), (error) => {
    assert.ok(error instanceof SettingsError)
    assert.deepEqual(error.faults, {
      name: 'empty',
      region: 'not one line',
      contact: 'not one line',
      colour: 'not a colour',
    })
    assert.match(error.message, /name must not be empty; region is one line/)
    return true
  })
  assert.deepEqual(await now(), before)
})
