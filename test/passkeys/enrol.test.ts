import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setSettings } from '../../server/site/settings.ts'
import { movableClock } from '../support/movable-clock.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, type TestSite, testSite } from '../support/site.ts'
import { SoftAuthenticator } from './soft-authenticator.ts'
import { localUrl, optionsOf, signInByPasskey } from './visitor.ts'

const clock = movableClock('2026-11-22T08:00:00Z')
let site: TestSite
before(async () => {
  site = await testSite({ clock })
  await setSettings(site.context, { actor: 'test', settings: { secondFactor: true } })
})
after(async () => await site.close())

/** Somebody whose password was right, and who has no second factor yet. */
async function halfway(name: string): Promise<PortalClient> {
  await site.addUser(name)
  const client = new PortalClient(localUrl(site))
  await client.get('/sign-in')
  const got = await client.post('/sign-in', { name, password: PASSWORD, next: '/account/security' })
  assert.equal(got.url, '/sign-in/enrol')
  assert.match(got.text, /href="\/sign-in\/enrol\/passkey"/)
  return client
}

describe('where a second factor is demanded', () => {
  it('a passkey is added before the session begins, and is then the way in', async () => {
    const client = await halfway('new')
    const authenticator = new SoftAuthenticator(localUrl(site))
    const { text } = await client.get('/sign-in/enrol/passkey')
    const answer = authenticator.create(optionsOf(text))
    const got = await client.post('/sign-in/enrol/passkey', { name: 'key', answer })
    assert.equal(got.url, '/account/security')
    assert.match(got.text, /lets people in only after a second factor/)
    assert.equal((await signInByPasskey(new PortalClient(localUrl(site)), authenticator)).url, '/account')
  })

  it('the last second factor stays', async () => {
    const client = await halfway('keeps')
    const authenticator = new SoftAuthenticator(localUrl(site))
    const { text } = await client.get('/sign-in/enrol/passkey')
    const got = await client.post('/sign-in/enrol/passkey', {
      name: 'key',
      answer: authenticator.create(optionsOf(text)),
    })
    const path = /href="(\/account\/passkeys\/[0-9a-f]{16})"/.exec(got.text)?.[1] ?? ''
    await client.get(path)
    const kept = await client.post(`${path}/remove`)
    assert.equal(kept.status, 422)
    assert.match(kept.text, /This is your only second factor/)
  })

  it('a wrong answer shows the form again', async () => {
    const client = await halfway('wrong')
    const { text } = await client.get('/sign-in/enrol/passkey')
    const answer = new SoftAuthenticator(localUrl(site)).create(optionsOf(text), { origin: 'https://evil.example' })
    const got = await client.post('/sign-in/enrol/passkey', { name: 'key', answer })
    assert.equal(got.status, 422)
    assert.match(got.text, /The passkey was not added/)
    assert.match((await client.get('/account')).url, /^\/sign-in\?/)
  })

  it('somebody else who has the name and password meanwhile cannot add a second one', async () => {
    const client = await halfway('race')
    const other = new PortalClient(localUrl(site))
    await other.get('/sign-in')
    await other.post('/sign-in', { name: 'race', password: PASSWORD })
    const page = await other.get('/sign-in/enrol/passkey')
    const mine = await client.get('/sign-in/enrol/passkey')
    const [one, two] = [new SoftAuthenticator(localUrl(site)), new SoftAuthenticator(localUrl(site))]
    await Promise.all([
      client.post('/sign-in/enrol/passkey', { name: 'key', answer: one.create(optionsOf(mine.text)) }),
      other.post('/sign-in/enrol/passkey', { name: 'key', answer: two.create(optionsOf(page.text)) }),
    ])
    const rows = await site.context.database.kysely
      .selectFrom('passkey')
      .select('credential_id')
      .where('credential_id', 'in', [one.id, two.id])
      .execute()
    assert.equal(rows.length, 1)
  })

  it('nobody gets there without a password', async () => {
    const client = new PortalClient(localUrl(site))
    assert.match((await client.get('/sign-in/enrol/passkey')).text, /name="password"/)
    assert.match((await client.post('/sign-in/enrol/passkey', { name: 'key', answer: '{}' })).text, /name="password"/)
  })
})
