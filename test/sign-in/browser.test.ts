import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { addProvider } from '../../server/auth/providers/provider-changes.ts'
import { noBrowser, startBrowser } from '../support/browser.ts'
import { citySettings } from '../support/city-directory.ts'
import { city, CITY_PASSWORD } from '../support/people-of-the-city.ts'
import { openIdProvider } from '../support/openid-provider.ts'
import { PASSWORD, testSite } from '../support/site.ts'
import { noSlapd, READER, startSlapd } from '../support/slapd.ts'
import { withGenerator } from './person.ts'

const browser = noBrowser ? undefined : await startBrowser()
const slapd = noSlapd ? undefined : await startSlapd(city())
const site = await testSite()
const health = await openIdProvider(site, { name: 'health', title: 'Health', settings: { newAccounts: 'make' } })
health.people.set('u-1', { name: 'Ana Reyes', preferred_username: 'ana' })
after(async () => {
  await browser?.close()
  await health.close()
  await site.close()
  await slapd?.[Symbol.asyncDispose]()
})

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with scripts' : 'without any script'

  /** A visitor on the page to sign in. */
  const atTheDoor = async (): Promise<Page> => {
    assert.ok(browser)
    const context = await browser.newContext({ javaScriptEnabled, locale: 'en' })
    const page = await context.newPage()
    await page.goto(`${site.url}/sign-in?next=/account`)
    return page
  }
  const fillIn = async (page: Page, name: string, password: string) => {
    await page.getByLabel('Name').fill(name)
    await page.getByLabel('Password').fill(password)
    await page.locator('main form[method=post] button').first().click()
  }

  describe(`in Chromium, ${how}`, { skip: noBrowser, timeout: 120_000 }, () => {
    it('a password and a code of a generator sign in, a wrong code does not', async () => {
      const name = `person-${javaScriptEnabled}`
      await site.addUser(name)
      const phone = await withGenerator(site, name)
      const page = await atTheDoor()
      await fillIn(page, name, PASSWORD)
      await page.waitForURL(`${site.url}/sign-in/second`)
      const code = page.locator('input[name=code]')
      await code.fill('000000')
      await code.press('Enter')
      await page.getByRole('alert').waitFor()
      await code.fill(phone.code(phone.now() + 1))
      await code.press('Enter')
      await page.waitForURL(`${site.url}/account`)
      assert.equal(await page.locator('h1').count(), 1)
      await page.context().close()
    })

    it('a directory signs in, a wrong password does not', { skip: noSlapd }, async () => {
      assert.ok(slapd)
      const provider = `city-${javaScriptEnabled}`
      const settings = citySettings(slapd, { newAccounts: 'make' })
      await addProvider(site.context, {
        actor: 'test',
        kind: 'ldap',
        name: provider,
        title: `City ${javaScriptEnabled}`,
        settings,
        secret: READER.password,
      })
      const page = await atTheDoor()
      await page.getByRole('link', { name: `City ${javaScriptEnabled}` }).click()
      await fillIn(page, 'ada', 'not the password of ada')
      await page.getByRole('alert').waitFor()
      await fillIn(page, 'ada', CITY_PASSWORD)
      await page.waitForURL(`${site.url}/account`)
      await page.context().close()
    })

    it('an OpenID provider signs in', async () => {
      const page = await atTheDoor()
      await page.getByRole('link', { name: /Health/ }).click()
      await page.getByLabel('Name').fill('u-1')
      await page.getByRole('button', { name: 'Go on' }).click()
      await page.waitForURL(`${site.url}/account`)
      await page.context().close()
    })
  })
}
