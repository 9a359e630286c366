import assert from 'node:assert/strict'
import { makeSetupLink } from '../../server/site/setup-link.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, type TestSite } from '../support/site.ts'

/** The path of a new set-up link. */
export async function newLink(site: TestSite): Promise<string> {
  const link = await makeSetupLink(site.context, { actor: 'test' })
  assert.ok(link, 'the site has an administrator already')
  return `/setup/${link.token}`
}

/** Somebody who has come through the first step of the wizard and stands before the second. */
export async function firstAdministrator(site: TestSite, fields: Readonly<Record<string, string>> = {}) {
  const client = new PortalClient(site.url)
  const link = await newLink(site)
  await client.get(link)
  const got = await client.post(link, { name: 'chief', password: PASSWORD, again: PASSWORD, ...fields })
  assert.equal(got.url, '/setup/second-factor', got.text)
  return client
}

/** Sends a form with files from the page that the client is on; answers without following a redirect. */
export async function upload(
  client: PortalClient,
  path: string,
  fields: Readonly<Record<string, string>>,
  files: Readonly<Record<string, Uint8Array>> = {},
): Promise<Response> {
  const form = new FormData()
  const csrf = /name="csrf"\s+value="([^"]+)"/.exec(client.page)?.[1]
  for (const [name, value] of Object.entries({ ...(csrf && { csrf }), ...fields })) form.append(name, value)
  for (const [name, bytes] of Object.entries(files)) form.append(name, new Blob([new Uint8Array(bytes)]), 'file.png')
  return await client.once(path, { method: 'POST', body: form, headers: { 'sec-fetch-site': 'same-origin' } })
}
