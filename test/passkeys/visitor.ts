import assert from 'node:assert/strict'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, type TestSite } from '../support/site.ts'
import { SoftAuthenticator, type Twist } from './soft-authenticator.ts'

/** The site under the name that passkeys can be bound to. */
export function localUrl(site: Pick<TestSite, 'url'>): string {
  const url = new URL(site.url)
  url.hostname = 'localhost'
  return url.origin
}

/** The options that a page holds for the browser. */
export function optionsOf(page: string): never {
  const text = /data-options="([^"]+)"/.exec(page)?.[1]
  assert.ok(text, `the page asks for no passkey: ${page}`)
  return JSON.parse(text.replaceAll('&quot;', '"').replaceAll('&amp;', '&')) as never
}

/** Somebody who has signed in by password and added a passkey. */
export async function withPasskey(site: TestSite, name: string) {
  await site.addUser(name)
  const client = new PortalClient(localUrl(site))
  await client.signIn(name, PASSWORD)
  const authenticator = new SoftAuthenticator(localUrl(site))
  const added = await addPasskey(client, authenticator)
  assert.equal(added.status, 200, added.text)
  return { client, authenticator }
}

/** Adds the authenticator's passkey to the account that the client has signed in to. */
export async function addPasskey(client: PortalClient, authenticator: SoftAuthenticator, twist: Twist = {}) {
  const { text } = await client.get('/account/passkeys/new')
  return await client.post('/account/passkeys/new', {
    name: 'this laptop',
    answer: authenticator.create(optionsOf(text), twist),
  })
}

/** Signs in by the passkey alone, as the page would. */
export async function signInByPasskey(client: PortalClient, authenticator: SoftAuthenticator, twist: Twist = {}) {
  const { text } = await client.get('/sign-in/passkey')
  return await client.post('/sign-in/passkey', { next: '/account', answer: authenticator.get(optionsOf(text), twist) })
}
