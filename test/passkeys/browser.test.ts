import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { suspendAccount } from '../../server/site/suspension.ts'
import { noBrowser, startBrowser } from '../support/browser.ts'
import { movableClock } from '../support/movable-clock.ts'
import { PASSWORD, type TestSite, testSite } from '../support/site.ts'
import { localUrl } from './visitor.ts'

const clock = movableClock('2026-11-22T08:00:00Z')
let site: TestSite
let browser: Browser
before(async () => {
  if (noBrowser) return
  site = await testSite({ clock })
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await site?.close()
})

/** A browser of its own with a built-in authenticator, as a laptop has. */
async function laptop(): Promise<{ context: BrowserContext; page: Page; cdp: CDPSession; authenticatorId: string }> {
  const context = await browser.newContext({ baseURL: localUrl(site), locale: 'en' })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { context, page, cdp, authenticatorId }
}

async function signInByPassword(page: Page, name: string): Promise<void> {
  await page.goto('/sign-in?next=/account/security')
  await page.fill('input[name=name]', name)
  await page.fill('input[name=password]', PASSWORD)
  await page.press('input[name=password]', 'Enter')
}

async function enrol(page: Page, name: string): Promise<void> {
  await site.addUser(name)
  await signInByPassword(page, name)
  await page.waitForURL('**/account/security')
  await page.getByRole('link', { name: 'Add a passkey' }).first().click()
  await page.fill('input[name=name]', 'this laptop')
  await page.click('text=Create the passkey')
  await page.waitForURL('**/account/security')
  await page.waitForSelector('text=The passkey “this laptop” was added')
}

async function signOut(page: Page): Promise<void> {
  await page.evaluate("document.querySelector('form.sign-out').submit()")
  await page.waitForURL('**/sign-in')
}

describe('passkeys in a browser', { skip: noBrowser, timeout: 120_000 }, () => {
  it('are added, and then sign in with one click', async () => {
    const { context, page, cdp, authenticatorId } = await laptop()
    await enrol(page, 'ada')
    const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId })
    assert.deepEqual(
      [credentials.length, credentials[0]?.isResidentCredential, credentials[0]?.rpId],
      [1, true, 'localhost'],
    )
    await signOut(page)
    await page.goto('/sign-in?next=/account')
    await page.click('text=Sign in with a passkey')
    await page.waitForURL('**/account')
    assert.equal(await page.textContent('h1'), 'Your account')
    await context.close()
  })

  it('are the second step after a password, and prove it again before a dangerous act', async () => {
    const { context, page } = await laptop()
    await enrol(page, 'bea')
    await signOut(page)
    await signInByPassword(page, 'bea')
    await page.waitForURL('**/sign-in/second**')
    await page.click('text=Use a passkey')
    await page.waitForURL('**/account/security')
    clock.move(11 * 60_000_000)
    await page.goto('/account/email')
    await page.waitForURL('**/account/prove**')
    await page.click('text=Use a passkey')
    await page.waitForURL('**/account/email')
    await context.close()
  })

  it('that is removed signs in no more', async () => {
    const { context, page } = await laptop()
    await enrol(page, 'cleo')
    await page.click('a[aria-label="Change: this laptop"]')
    await page.click('button:has-text("Remove this passkey")')
    await page.waitForSelector('text=was removed')
    await signOut(page)
    await page.goto('/sign-in/passkey')
    await page.waitForSelector('text=That did not work')
    await context.close()
  })

  it('that nobody answers for say so, and can be asked for again', async () => {
    const { context, page, cdp, authenticatorId } = await laptop()
    await enrol(page, 'dora')
    await signOut(page)
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
    await page.goto('/sign-in/passkey?next=/account')
    await page.waitForSelector('button:has-text("Use a passkey"):not([disabled])')
    await page.click('text=Use a passkey')
    await page.waitForSelector('text=The browser did not finish')
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
    await page.click('text=Use a passkey')
    await page.waitForURL('**/account')
    await context.close()
  })

  it('without JavaScript the page says what else there is', async () => {
    const context = await browser.newContext({ baseURL: localUrl(site), javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto('/sign-in/passkey')
    assert.ok(await page.isVisible('text=JavaScript is off'))
    assert.ok(!(await page.isVisible('text=Use a passkey')))
    await page.click('text=Sign in with name and password')
    await page.waitForURL('**/sign-in**')
    await context.close()
  })

  it('suspension takes the content of an open page away within five seconds', async () => {
    await site.addUser('open')
    const { context, page } = await laptop()
    await signInByPassword(page, 'open')
    await page.waitForURL('**/account/security')
    await page.goto('/account')
    await suspendAccount(site.context, { ...BY_OPERATOR, name: 'open' })
    await page.waitForURL('**/sign-in**', { timeout: 5_000 })
    assert.doesNotMatch(await page.content(), /Your account/)
    await context.close()
  })

  it('a session that ended while the page was out of sight is gone when it is looked at', async () => {
    await site.addUser('hidden')
    const { context, page } = await laptop()
    await signInByPassword(page, 'hidden')
    await page.waitForURL('**/account/security')
    const tab = await context.newPage()
    await tab.goto('/account')
    await signOut(tab)
    await page.waitForURL('**/sign-in**', { timeout: 5_000 })
    await context.close()
  })

  it('without JavaScript the next click shows the suspension', async () => {
    await site.addUser('plain')
    const context = await browser.newContext({ baseURL: localUrl(site), javaScriptEnabled: false })
    const page = await context.newPage()
    await signInByPassword(page, 'plain')
    await page.waitForURL('**/account/security')
    await suspendAccount(site.context, { ...BY_OPERATOR, name: 'plain' })
    assert.match((await page.textContent('h1')) ?? '', /How you sign in/)
    await page.click('main a:has-text("Overview")')
    await page.waitForURL('**/sign-in**')
    await context.close()
  })
})
