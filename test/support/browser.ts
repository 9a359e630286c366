import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { TEST_DATABASE_URL } from './database.ts'

const CHROMIUM = '/usr/bin/chromium'

/** Why tests of pages in a browser are skipped, or false: `it('…', { skip: noBrowser }, …)`. */
export const noBrowser = existsSync(CHROMIUM) ? false : 'chromium is not installed (apt-get install chromium)'

/** The same for how pages look and weigh, which no database changes: that is looked at once, on the embedded one. */
export const noLook =
  noBrowser ||
  (TEST_DATABASE_URL ? 'pages are the same on every database: they are looked at on the embedded one' : false)

/** Starts Debian's Chromium, which talks to nobody but the pages of the test. */
export async function startBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
