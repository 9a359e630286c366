import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'

/** Why tests of pages in a browser are skipped, or false: `it('…', { skip: noBrowser }, …)`. */
export const noBrowser = existsSync(CHROMIUM) ? false : 'chromium is not installed (apt-get install chromium)'

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
