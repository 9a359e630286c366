import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { noBrowser, startBrowser } from '../support/browser.ts'
import { openIdProvider } from '../support/openid-provider.ts'
import { PASSWORD, testSite } from '../support/site.ts'

const browser = noBrowser ? undefined : await startBrowser()
const site = await testSite()
const city = await openIdProvider(site, { name: 'city', title: 'City', settings: { newAccounts: 'make' } })
after(async () => {
  await browser?.close()
  await city.close()
  await site.close()
})
city.people.set('u-1', { name: 'Ana Reyes', preferred_username: 'ana' })
city.people.set('u-2', { name: 'Bo' })
await site.addUser('carla')

it('Chromium signs in at the provider and out again', { skip: noBrowser }, async () => {
  assert.ok(browser)
  const context = await browser.newContext({ locale: 'en' })
  const page = await context.newPage()
  const first = await page.goto(`${site.url}/sign-in?next=/account`)
  const policy = first?.headers()['content-security-policy'] ?? ''
  assert.match(policy, /form-action 'self'(;|$)/, 'no foreign origin: the way out is a link')
  await page.getByRole('link', { name: /City/ }).click()
  assert.equal(new URL(page.url()).origin, city.issuer)
  await page.getByLabel('Name').fill('u-1')
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.waitForURL(`${site.url}/account`)
  await page.getByText('Ana Reyes').first().waitFor()

  await page.locator('header summary', { hasText: 'Ana Reyes' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(`${site.url}/sign-in/oidc/city/signed-out`)
  await page.getByRole('link', { name: 'Sign out at City' }).click()
  assert.equal(new URL(page.url()).origin, city.issuer)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(`${site.url}/sign-in**`)
  await page.getByRole('link', { name: /City/ }).click()
  await page.getByLabel('Name').waitFor()
  await context.close()
})

it('Chromium links a provider to an account', { skip: noBrowser }, async () => {
  assert.ok(browser)
  const context = await browser.newContext({ locale: 'en' })
  const page = await context.newPage()
  await page.goto(`${site.url}/sign-in?next=/account/identities`)
  await page.locator('input[name="name"]').fill('carla')
  await page.locator('input[name="password"]').fill(PASSWORD)
  await page.locator('form[action="/sign-in"] button').click()
  await page.waitForURL(`${site.url}/account/identities`)
  await page.getByRole('button', { name: 'Link City' }).click()
  await page.getByRole('link', { name: 'Go on to City' }).click()
  await page.getByLabel('Name').fill('u-2')
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.waitForURL(`${site.url}/account/identities`)
  await page.getByText('City is linked').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Unlink: City' }).count(), 1)
  await context.close()
})
