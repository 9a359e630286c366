import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, describe, it } from 'node:test'
import type { AxeResults } from 'axe-core'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { noLook, startBrowser } from '../support/browser.ts'
import { portalFixture } from '../support/portal-fixture.ts'
import { tours } from '../support/portal-pages.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RUN = `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`
/** Rules about colours and sizes. All others read the document only, which is the same in every view of a layout. */
const RUN_LOOKS = `axe.run({
  runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block', 'target-size', 'scrollable-region-focusable'] },
})`

/** 640 is 1280 at 200 % (WCAG 1.4.4), 320 at 400 % (1.4.10). */
const VIEWS: Readonly<Record<string, BrowserContextOptions & { readonly run?: string }>> = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 900 }, run: RUN_LOOKS },
  'phone, light': { colorScheme: 'light', viewport: { width: 320, height: 640 } },
  'zoomed to 200 %, dark': { colorScheme: 'dark', viewport: { width: 640, height: 450 }, run: RUN_LOOKS },
}

const site = noLook ? undefined : await portalFixture()
const browser = noLook ? undefined : await startBrowser()
const visits = site ? await tours(site) : []
after(async () => {
  await browser?.close()
  await site?.close()
})

async function faultsOf(page: Page, run: string): Promise<readonly string[]> {
  await page.evaluate(AXE)
  const { violations } = (await page.evaluate(run)) as AxeResults
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  )
}

describe('every page can be used by everybody', { skip: noLook }, () => {
  for (const [name, { run = RUN, ...options }] of Object.entries(VIEWS)) {
    it(`${name}: axe finds nothing, and nothing is wider than the window`, { timeout: 300_000 }, async () => {
      if (!site || !browser) return
      const found: string[] = []
      for (const { who, client, paths } of visits) {
        await using context = await browser.newContext(options)
        await site.lend(client, context)
        const page = await context.newPage()
        for (const path of paths) {
          await page.goto(site.url + path)
          for (const fault of await faultsOf(page, run)) found.push(`${path} as ${who}: ${fault}`)
          const width = await page.evaluate(`document.scrollingElement.scrollWidth - innerWidth`)
          if (Number(width) > 0) found.push(`${path} as ${who}: ${String(width)} pixels wider than the window`)
        }
      }
      assert.deepEqual(found, [])
    })
  }
})
