import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { doctor } from '../../server/doctor/doctor.ts'
import { labelOf } from '../../server/portal/setup/machine.ts'
import { EN } from '../../server/portal/words/en/index.ts'
import { ES } from '../../server/portal/words/es/index.ts'
import { siteSettings } from '../../server/site/settings.ts'
import { addAccount } from '../../server/site/accounts.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, type TestSite, testSite } from '../support/site.ts'
import { firstAdministrator, newLink, upload } from './people.ts'
import { pngOf } from './pictures.ts'

const sites: TestSite[] = []
after(async () => {
  for (const site of sites) await site.close()
})

async function freshSite(): Promise<TestSite> {
  const site = await testSite()
  sites.push(site)
  return site
}

async function settingsOf(site: TestSite) {
  return siteSettings((await site.context.freshness.read()).access)
}

it('the wizard leads from the link to a site that is set up, page by page', async () => {
  const site = await freshSite()
  const chief = await firstAdministrator(site, { 'display-name': 'Maria Ortiz', email: 'maria@example.org' })
  assert.match(chief.page, /Maria Ortiz is made, and you are signed in/)
  assert.match(chief.page, /Step 2 of 6/)
  assert.match(chief.page, /aria-current="step"/)
  const { access } = await site.context.freshness.read()
  assert.equal(access.accountNamed('chief')?.email, 'maria@example.org')

  assert.equal((await chief.post('/setup/second-factor')).url, '/setup/site')
  const texts = { name: 'Estuary group', region: 'Estuary', contact: 'desk@example.org', language: 'en' }
  const looks = { colour: '#FFCC00', picker: '#0d5480', 'colour-shown': '#0d5480' }
  const sent = await upload(chief, '/setup/site', { ...texts, ...looks }, { logo: pngOf(64, 32) })
  assert.equal(sent.status, 303)
  assert.equal(sent.headers.get('location'), '/setup/mail')
  const settings = await settingsOf(site)
  assert.equal(settings.name, 'Estuary group')
  assert.equal(settings.colour, '#ffcc00')
  assert.notEqual(settings.logoTag, '')

  assert.match((await chief.get('/setup/mail')).text, /Step 4 of 6/)
  assert.equal((await chief.post('/setup/mail', { way: 'capture' })).url, '/setup/machine')
  assert.match(chief.page, site.place.url ? /production runs on/ : /does not survive a power cut/)
  assert.match(chief.page, /no backup was ever made/)
  assert.equal((await chief.post('/setup/machine')).url, '/setup/done')
  for (const path of ['/site/groups', '/site/accounts', '/site/providers']) assert.ok(chief.page.includes(`"${path}"`))
  assert.equal((await chief.post('/setup/done')).url, '/')
  assert.doesNotMatch(chief.page, /set-up is not finished/)
  assert.match(chief.page, /The set-up is finished/)
})

it('every check of the doctor has a name in each language', async () => {
  const site = await freshSite()
  const { checks } = await doctor(site.context)
  assert.ok(checks.length > 10)
  for (const { setup } of [EN, ES]) {
    for (const { name } of checks) assert.notEqual(labelOf(setup, name), name)
    assert.match(labelOf(setup, 'provider county'), / county$/)
  }
})

it('a wizard that was left is offered to administrators, and goes on where it was', async () => {
  const site = await freshSite()
  const chief = await firstAdministrator(site)
  await chief.post('/setup/second-factor')
  await chief.get('/setup/second-factor')
  await chief.post('/setup/second-factor')
  assert.equal((await settingsOf(site)).setupStep, 3, 'going back keeps what was reached')
  await addAccount(site.context, { actor: 'test', name: 'other', password: PASSWORD, role: 'administrator' })
  await addAccount(site.context, { actor: 'test', name: 'member', password: PASSWORD })
  const other = new PortalClient(site.url)
  await other.signIn('other', PASSWORD)
  assert.match((await other.get('/')).text, /set-up is not finished/)
  assert.equal((await other.get('/setup')).url, '/setup/site')
  const member = new PortalClient(site.url)
  await member.signIn('member', PASSWORD)
  assert.doesNotMatch((await member.get('/')).text, /set-up is not finished/)
  await other.get('/')
  await other.post('/setup/done')
  assert.doesNotMatch((await chief.get('/')).text, /set-up is not finished/)
})

it('the steps after the first are for site administrators only', async () => {
  const site = await freshSite()
  await firstAdministrator(site)
  await addAccount(site.context, { actor: 'test', name: 'member', password: PASSWORD })
  const member = new PortalClient(site.url)
  await member.signIn('member', PASSWORD)
  const stranger = new PortalClient(site.url)
  for (const step of ['second-factor', 'site', 'mail', 'machine', 'done']) {
    const path = `/setup/${step}`
    assert.equal((await stranger.get(path)).url, `/sign-in?next=${encodeURIComponent(path)}`)
    assert.equal((await stranger.post(path, { name: 'Theirs' })).url.split('?')[0], '/sign-in')
    assert.equal((await member.get(path)).status, 403)
    await member.get('/')
    assert.equal((await member.post(path, { name: 'Theirs' })).status, 403)
  }
  assert.equal((await settingsOf(site)).name, 'Vouchsafe')
})

it('what is wrong in a step is told beside its field, and nothing of it is kept', async () => {
  const site = await freshSite()
  const chief = await firstAdministrator(site)
  await chief.get('/setup/site')
  const wrong = await upload(
    chief,
    '/setup/site',
    { name: ' ', region: 'x'.repeat(101), contact: '', language: 'xx', colour: 'red', picker: '#0d5480' },
    { logo: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') },
  )
  assert.equal(wrong.status, 422)
  const page = await wrong.text()
  for (const field of ['name', 'region', 'language', 'colour', 'logo']) {
    assert.ok(page.includes(`id="${field}-mistake"`), field)
    assert.ok(page.includes(`href="#${field}"`), field)
  }
  assert.deepEqual(await settingsOf(site), { ...(await settingsOf(site)), name: 'Vouchsafe', colour: '', logoTag: '' })
  await chief.get('/setup/mail')
  const mail = await chief.post('/setup/mail', {
    way: 'relay',
    host: 'mail example',
    port: '0',
    tls: 'none',
    from: 'x',
  })
  assert.equal(mail.status, 422)
  for (const field of ['host', 'port', 'tls', 'from']) assert.ok(mail.text.includes(`id="${field}-mistake"`), field)
  assert.equal((await settingsOf(site)).mail.way, 'capture')
})

it('the step of the first administrator is one that nobody else can be put through', async () => {
  const site = await freshSite()
  const link = await newLink(site)
  const chief = await firstAdministrator(site)
  assert.equal((await chief.get(link)).status, 404)
  const cookie = [...chief.cookies.values()].join()
  assert.ok(cookie.length > 20)
  const planted = new PortalClient(site.url)
  planted.cookies.set('vouchsafe', 's%3Aplanted.signature')
  assert.equal((await planted.get('/setup/site')).url.split('?')[0], '/sign-in')
})
