import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContextOptions } from 'playwright-core'
import { noBrowser, startBrowser } from '../support/browser.ts'
import { type Onlooker, portalFixture } from '../support/portal-fixture.ts'
import { movableClock } from '../support/movable-clock.ts'
import { setScene } from './scene.ts'

/** `npm run screenshots`: takes the pictures of the documentation from a site made for it, on this machine. */
const FOLDER = join(import.meta.dirname, '../../docs/pictures')
const MAX_BYTES = 200_000

interface Picture {
  readonly name: string
  readonly path: string
  readonly who: Onlooker
  /** All views, unless a page of the documentation shows some only. */
  readonly views?: readonly string[]
  /** Selector of what is shown; the first view of the page unless given. */
  readonly part?: string
}

const SOME = ['light']

const PAGES: readonly Picture[] = [
  { name: 'sign-in', path: '/sign-in', who: 'visitor' },
  { name: 'home', path: '/', who: 'member' },
  { name: 'members', path: '/groups/harbour-watch/members', who: 'member' },
  { name: 'vouching', path: '/groups/harbour-watch/vouching', who: 'member', views: SOME },
  { name: 'why', path: '/groups/harbour-watch/members/emil.sandoval/why', who: 'member', views: SOME },
  { name: 'graph', path: '/groups/harbour-watch/graph', who: 'member', views: SOME, part: '.graph svg' },
  { name: 'security', path: '/account/security', who: 'member' },
  { name: 'setup', path: '/setup/site', who: 'administrator' },
  { name: 'status', path: '/site/status', who: 'administrator' },
  { name: 'audit', path: '/site/audit', who: 'administrator' },
  { name: 'style', path: '/_style', who: 'administrator' },
]

/** Paths and ports of the machine, out of the texts of a page. */
const HIDE = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const { data } = walker.currentNode
    walker.currentNode.data = data.replace(/\\/tmp\\/[\\w-]+/g, '/var/lib/vouchsafe').replace(/127\\.0\\.0\\.1:\\d+/g, 'example.org')
  }
})()`

const VIEWS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  phone: { colorScheme: 'light', viewport: { width: 360, height: 720 }, deviceScaleFactor: 1.5 },
}

if (noBrowser) throw new Error(noBrowser)
await mkdir(FOLDER, { recursive: true })
const clock = movableClock('2026-11-08T06:10:00Z')
await using site = await portalFixture({ clock })
await setScene(site, (micros) => clock.move(micros))
await using browser = await startBrowser()
for (const { name, path, who, views, part } of PAGES) {
  const client = await site.clientOf(who)
  for (const [view, options] of Object.entries(VIEWS)) {
    if (views && !views.includes(view)) continue
    await using context = await browser.newContext(options)
    await site.lend(client, context)
    const page = await context.newPage()
    const response = await page.goto(site.url + path)
    if (response?.status() !== 200) throw new Error(`${path} answers ${String(response?.status())}`)
    // the machine that the picture was taken on is nobody's business
    await page.evaluate(HIDE)
    const file = join(FOLDER, `${name}-${view}.png`)
    await writeFile(file, await (part === undefined ? page : page.locator(part)).screenshot())
    const { size } = await stat(file)
    if (size > MAX_BYTES) throw new Error(`${file} has ${size} bytes: more than ${MAX_BYTES}`)
    console.log(`${name}-${view}.png ${Math.round(size / 1000)} kB`)
  }
}
