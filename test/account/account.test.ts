import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { movableClock } from '../support/movable-clock.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, type TestSite, testSite } from '../support/site.ts'

const clock = movableClock('2026-11-22T08:00:00Z')
let site: TestSite
before(async () => {
  site = await testSite({ clock })
})
after(async () => await site.close())

async function signedIn(name: string): Promise<PortalClient> {
  await site.addUser(name)
  const client = new PortalClient(site.url)
  await client.signIn(name, PASSWORD)
  return client
}

const rowOf = async (name: string) =>
  await site.context.database.kysely
    .selectFrom('account')
    .select(['display_name', 'language', 'time_zone', 'email'])
    .where('name', '=', name)
    .executeTakeFirstOrThrow()

describe('one’s own account', () => {
  it('changes name, language and time zone, and the next page has them', async () => {
    const client = await signedIn('ana')
    await client.get('/account')
    const got = await client.post('/account', {
      display_name: '<Ana> Ruiz',
      language: 'es',
      time_zone: 'America/Los_Angeles',
    })
    assert.equal(got.status, 200)
    assert.match(got.text, /<html lang="es">/)
    assert.match(got.text, /&lt;Ana&gt; Ruiz/)
    assert.match(got.text, /0:00/, 'eight in UTC is midnight in Los Angeles')
    const row = await rowOf('ana')
    assert.deepEqual(row, { display_name: '<Ana> Ruiz', language: 'es', time_zone: 'America/Los_Angeles', email: null })
  })

  it('a name cannot turn the direction of the text around it', async () => {
    const client = await signedIn('turner')
    await client.get('/account')
    const got = await client.post('/account', { display_name: 'al\u202eice\u2066', language: 'en', time_zone: 'UTC' })
    assert.equal(got.status, 200)
    assert.equal((await rowOf('turner')).display_name, 'al ice')
  })

  it('says beside each field what is wrong, and changes nothing', async () => {
    const client = await signedIn('ben')
    await client.get('/account')
    const before = await rowOf('ben')
    const wrong = { display_name: 'x'.repeat(101), language: 'xx', time_zone: '+02:00' }
    const got = await client.post('/account', wrong)
    assert.equal(got.status, 422)
    for (const name of ['display_name', 'language', 'time_zone']) {
      assert.match(got.text, new RegExp(`id="${name}-mistake"`))
      assert.match(got.text, new RegExp(`href="#${name}"`))
    }
    assert.deepEqual(await rowOf('ben'), before)
  })

  it('keeps an older name of a time zone', async () => {
    const client = await signedIn('old-zone')
    await client.get('/account')
    const fields = { display_name: 'old-zone', language: 'en', time_zone: 'Asia/Calcutta' }
    assert.match((await client.post('/account', fields)).text, /<option value="Asia\/Calcutta"\s+selected/)
  })

  it('wants a recent proof for the address: whoever reads it can help the account back in', async () => {
    const client = await signedIn('eve')
    await client.get('/account/email')
    clock.move(10 * 60_000_000)
    const got = await client.once('/account/email')
    assert.match(got.headers.get('location') ?? '', /^\/account\/prove/)
  })

  it('advises one thing at a time', async () => {
    const client = await signedIn('fay')
    const { text } = await client.get('/account/security')
    assert.match(text, /Your password is all that protects this account/)
    const order = ['Passkeys', 'Code generators', 'Recovery codes', 'Password'].map((each) =>
      text.indexOf(`<h2>${each}`),
    )
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    )
    assert.ok(!order.includes(-1))
  })

  it('every page leads nobody in who has not signed in', async () => {
    const visitor = new PortalClient(site.url)
    for (const path of [
      '/account',
      '/account/security',
      '/account/sessions',
      '/account/email',
      '/account/passkeys/new',
    ]) {
      assert.match((await visitor.get(path)).url, /^\/sign-in\?next=/)
    }
  })
})
