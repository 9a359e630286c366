import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { after, before, it } from 'node:test'
import { setPassword } from '../../server/site/accounts.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, testSite, type TestSite } from '../support/site.ts'

let site: TestSite

before(async () => {
  site = await testSite()
})
after(() => site.close())

/** Sends the head of a form, and its body only after what happens meanwhile. */
async function slowly(name: string, meanwhile: (other: PortalClient) => Promise<unknown>): Promise<string> {
  await site.addUser(name)
  const client = new PortalClient(site.url)
  await client.signIn(name, PASSWORD)
  const other = new PortalClient(site.url)
  await other.signIn(name, PASSWORD)
  await client.get('/account')
  const csrf = /name="csrf"\s+value="([^"]+)"/.exec(client.page)?.[1] ?? ''
  const sending = request(`${site.url}/account`, {
    method: 'POST',
    headers: {
      cookie: `vouchsafe=${client.cookies.get('vouchsafe') ?? ''}`,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
      expect: '100-continue',
    },
  })
  sending.flushHeaders()
  await once(sending, 'continue')
  // by the time of this answer the head has long been read
  await other.get('/account/sessions')
  await meanwhile(other)
  const answered = once(sending, 'response', { signal: AbortSignal.timeout(10_000) })
  sending.end(new URLSearchParams({ csrf, display_name: 'Mallory', language: 'en', time_zone: 'UTC' }).toString())
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what Node documents of the event
  const [response] = (await answered) as [IncomingMessage]
  response.resume()
  const { access } = await site.context.freshness.read()
  // an account that was given no other is shown by its name
  return access.accountNamed(name)?.displayName ?? ''
}

it('a form that is sent slowly is taken while the session lives', async () => {
  assert.equal(await slowly('slow1', async () => undefined), 'Mallory')
})

it('a form that is sent slowly does not outlive a new password', async () => {
  const password = 'another long pass phrase'
  assert.equal(
    await slowly('slow2', () => setPassword(site.context, { actor: 'test', name: 'slow2', password })),
    'slow2',
  )
})

it('a form that is sent slowly does not outlive a session that its owner ends', async () => {
  assert.equal(await slowly('slow3', (other) => other.post('/account/sessions/end-others')), 'slow3')
})
