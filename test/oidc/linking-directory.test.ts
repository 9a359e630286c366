import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { addProvider } from '../../server/auth/providers/provider-changes.ts'
import { citySettings } from '../support/city-directory.ts'
import { city, CITY_PASSWORD } from '../support/people-of-the-city.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, testSite, type TestSite } from '../support/site.ts'
import { noSlapd, READER, type Slapd, startSlapd } from '../support/slapd.ts'

describe('linking an identity at a directory', { skip: noSlapd }, () => {
  let slapd: Slapd
  let site: TestSite
  before(async () => {
    slapd = await startSlapd(city())
    site = await testSite()
    const settings = citySettings(slapd)
    const secret = READER.password
    await addProvider(site.context, { actor: 'test', kind: 'ldap', name: 'city', title: 'City', settings, secret })
  })
  after(async () => {
    await site?.close()
    await slapd?.[Symbol.asyncDispose]()
  })

  async function atForm(name: string): Promise<PortalClient> {
    await site.addUser(name)
    const client = new PortalClient(site.url)
    await client.signIn(name, PASSWORD)
    await client.get('/account/identities')
    const got = await client.post('/account/identities/link/city')
    assert.match(got.text, /Password at City/)
    return client
  }

  const give = async (client: PortalClient, name: string, password: string) =>
    await client.post('/account/identities/link/city/directory', { name, password })

  it('wants the name and the password there, and then signs in', async () => {
    const client = await atForm('local-ada')
    const wrong = await give(client, 'ada', 'not the password')
    assert.equal(wrong.status, 422)
    assert.match(wrong.text, /do not let anybody in here/)
    const empty = await give(client, '', '')
    assert.match(empty.text, /Write the name you sign in with there/)
    const got = await give(client, 'ada', CITY_PASSWORD)
    assert.equal(got.url, '/account/identities', got.text)
    assert.match(got.text, /City is linked/)
    const later = new PortalClient(site.url)
    await later.get('/sign-in/ldap/city')
    await later.post('/sign-in/ldap/city', { name: 'ada', password: CITY_PASSWORD, next: '/account' })
    assert.match((await later.get('/account')).text, /local-ada/)
  })

  it('that is linked already is refused, whoever has it', async () => {
    const got = await give(await atForm('local-bob'), 'ada', CITY_PASSWORD)
    assert.equal(got.status, 422)
    assert.match(got.text, /is linked already\. One identity opens one account only/)
    assert.doesNotMatch(got.text, /local-ada/)
  })
})
