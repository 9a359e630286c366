import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import type { BrowserContext } from 'playwright-core'
import { noLook, startBrowser } from '../support/browser.ts'
import { portalFixture } from '../support/portal-fixture.ts'
import { tours } from '../support/portal-pages.ts'

/** What a first view may take over the wire with everything that it needs, headers included. */
const MAX_KIB = 60
const MAX_REQUESTS = 6

/** Pages that hold more than a page does, each with what it holds. */
const LONG: Readonly<Record<string, { readonly kib: number; readonly because: string }>> = {
  '/_style': { kib: 66, because: 'every component twice' },
  '/api/docs': { kib: 72, because: 'every endpoint and every field of the API' },
  '/account': { kib: 64, because: 'the names of all time zones' },
  '/site/audit': { kib: 68, because: 'records with their hashes, which do not compress' },
}

/** The picture of the tab: browsers fetch it beside the page and keep it for all pages. Its bytes count. */
const TAB_ICON = '/assets/icon.svg'

const site = noLook ? undefined : await portalFixture()
const browser = noLook ? undefined : await startBrowser()
after(async () => {
  await browser?.close()
  await site?.close()
})

/** Opens a page in a browser that has nothing in its cache, and counts what comes over the wire. */
async function weigh(context: BrowserContext, address: string) {
  const page = await context.newPage()
  const network = await context.newCDPSession(page)
  await network.send('Network.enable')
  let bytes = 0
  const requests: string[] = []
  network.on('Network.requestWillBeSent', ({ request }) => {
    const { protocol, pathname } = new URL(request.url)
    // pictures of the browser's own date fields are data: addresses
    if (protocol !== 'data:' && pathname !== TAB_ICON) requests.push(pathname)
  })
  network.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
  await page.goto(address, { waitUntil: 'load' })
  await page.evaluate('document.fonts.ready.then(() => document.fonts.size)')
  return { bytes, requests }
}

describe('the first view of a page is light', { skip: noLook }, () => {
  it(`at most ${MAX_KIB} KiB in ${MAX_REQUESTS} requests`, { timeout: 240_000 }, async (test) => {
    if (!site || !browser) return
    const weights: { readonly path: string; readonly bytes: number }[] = []
    const found: string[] = []
    for (const { client, paths } of await tours(site)) {
      for (const path of paths) {
        await using context = await browser.newContext()
        await site.lend(client, context)
        const { bytes, requests } = await weigh(context, site.url + path)
        weights.push({ path, bytes })
        if (bytes > (LONG[path]?.kib ?? MAX_KIB) * 1024) found.push(`${path} takes ${bytes} bytes`)
        if (requests.length > MAX_REQUESTS)
          found.push(`${path} takes ${requests.length} requests: ${requests.join(' ')}`)
      }
    }
    weights.sort((a, b) => b.bytes - a.bytes)
    test.diagnostic(
      weights
        .slice(0, 5)
        .map(({ path, bytes }) => `${path} ${bytes}`)
        .join(', '),
    )
    assert.deepEqual(found, [])
    // fewer would mean that they were not counted
    assert.ok((weights.at(-1)?.bytes ?? 0) > 45_000, 'the fonts are part of every first view')
  })
})
