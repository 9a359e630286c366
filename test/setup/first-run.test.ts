import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { after, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { EN } from '../../server/portal/words/en/index.ts'
import { ES } from '../../server/portal/words/es/index.ts'
import { commandLine, somePort } from '../cli/command-line.ts'
import { noBrowser, startBrowser } from '../support/browser.ts'
import { PASSWORD } from '../support/site.ts'
import { textsOf, VALUE } from './catalogue.ts'

let browser: Browser | undefined
const started: Awaited<ReturnType<typeof commandLine>>[] = []
after(async () => {
  await browser?.close()
  for (const cli of started) await cli.close()
})

async function startedBrowser(): Promise<Browser> {
  browser ??= await startBrowser()
  return browser
}

/** What `npm start` runs, on a fresh folder; answers with the link that it prints. */
async function firstStart() {
  const cli = await commandLine()
  started.push(cli)
  const server = await cli.serve(['start'], { VOUCHSAFE_LISTEN_PORT: String(await somePort()) })
  const link = /^ {2}(http\S+\/setup\/[\w-]{43})$/m.exec(server.said)?.[1]
  assert.ok(link, server.said)
  return { server, link }
}

/** Looks of a page, for whoever wants to see them: `SHOTS=/some/folder`. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env['SHOTS']
  if (!folder) return
  await mkdir(folder, { recursive: true })
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 320]) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height: 900 })
      await page.screenshot({ path: `${folder}/${name}-${colorScheme}-${width}.png`, fullPage: true })
    }
  }
}

/** Presses the main button of the form on the page and waits for what comes. */
async function submit(page: Page): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.locator('main form button:not(.action *)').first().click()])
}

/** From the link to the first sign-in, as a person does it; `look` sees each page. */
async function walk(page: Page, link: string, look: (name: string) => Promise<void>): Promise<void> {
  await page.goto(link)
  await look('administrator')
  await page.fill('#name', 'chief')
  await page.fill('#display-name', 'Maria Ortiz')
  await page.fill('#password', PASSWORD)
  await page.fill('#again', `${PASSWORD}r`)
  await submit(page)
  await look('administrator-mistake')
  assert.equal(await page.locator('[role=alert] a').getAttribute('href'), '#again')
  await page.fill('#password', PASSWORD)
  await page.fill('#again', PASSWORD)
  await submit(page)
  for (const step of ['second-factor', 'site', 'mail', 'machine', 'done']) {
    assert.equal(new URL(page.url()).pathname, `/setup/${step}`)
    await look(step)
    if (step === 'site') await page.fill('#name', 'Estuary')
    await submit(page)
  }
  assert.equal(new URL(page.url()).pathname, '/')
  await look('home')
}

async function signOutAndIn(page: Page, words: typeof EN): Promise<void> {
  // the button may be in a menu that opens by a click
  const out = page.locator('form[action="/sign-out"] button').first()
  if (!(await out.isVisible())) await page.locator('details.menu.last > summary').click()
  await Promise.all([page.waitForURL('**/sign-in*'), out.click()])
  await page.fill('#name', 'chief')
  await page.fill('#password', PASSWORD)
  await Promise.all([page.waitForEvent('load'), page.locator('#password').press('Enter')])
  assert.equal(new URL(page.url()).pathname, '/')
  assert.ok((await page.content()).includes('Maria Ortiz'), words.shell.account)
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with scripts' : 'without any script'
  it(`from the printed link to the first sign-in, ${how}`, { skip: noBrowser, timeout: 120_000 }, async () => {
    const { server, link } = await firstStart()
    const context = await (await startedBrowser()).newContext({ javaScriptEnabled, locale: 'en-US' })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => /Content.Security|Refused/i.test(message.text()) && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await walk(page, link, async (name) => {
      assert.equal(await page.locator('h1').count(), 1, name)
      if (javaScriptEnabled) await shoot(page, `en-${name}`)
    })
    await signOutAndIn(page, EN)
    assert.equal((await page.goto(link))?.status(), 404, 'the link is used up')
    assert.deepEqual(complaints, [])
    await context.close()
    assert.equal(await server.stop(), 0)
  })
}

/** Pieces of English that a Spanish page must not have: what stands between the values, where Spanish says it otherwise. */
function englishPieces(): readonly string[] {
  const sections = ['shell', 'signIn', 'setup', 'settings'] as const
  const pieces = (words: typeof EN) =>
    sections.flatMap((name) => textsOf(words[name])).flatMap(({ text }) => text.split(VALUE).map((part) => part.trim()))
  const spanish = new Set(pieces(ES))
  return pieces(EN).filter((piece) => piece.length >= 8 && !spanish.has(piece))
}

it('in Spanish no page of it has a sentence of English', { skip: noBrowser, timeout: 120_000 }, async () => {
  const { server, link } = await firstStart()
  const context = await (await startedBrowser()).newContext({ locale: 'en-US' })
  const page = await context.newPage()
  const english = englishPieces()
  await walk(page, `${link}?lang=es`, async (name) => {
    await shoot(page, `es-${name}`)
    assert.equal(await page.locator('html').getAttribute('lang'), 'es', name)
    // what the command prints is English everywhere, and marked so; links to other languages as well
    const text = await page.evaluate<string>(`(() => {
      const copy = document.body.cloneNode(true)
      for (const other of copy.querySelectorAll('[lang], code, pre')) other.remove()
      return document.title + ' ' + copy.textContent
    })()`)
    const found = english.filter((piece) => text.includes(piece))
    assert.deepEqual(found, [], name)
  })
  await signOutAndIn(page, ES)
  await context.close()
  assert.equal(await server.stop(), 0)
})

it(
  'of two browsers at once one makes the administrator, and the other learns that it is too late',
  { skip: noBrowser, timeout: 120_000 },
  async () => {
    const { server, link } = await firstStart()
    const open = async (name: string) => {
      const page = await (await startedBrowser()).newPage({ locale: 'en-US' })
      await page.goto(link)
      await page.fill('#name', name)
      await page.fill('#password', PASSWORD)
      await page.fill('#again', PASSWORD)
      return page
    }
    const pages = [await open('first'), await open('second')]
    await Promise.all(pages.map((page) => submit(page)))
    const paths = pages.map((page) => new URL(page.url()).pathname)
    assert.equal(paths.filter((path) => path === '/setup/second-factor').length, 1, paths.join(' '))
    const late = pages[paths.findIndex((path) => path !== '/setup/second-factor')]
    assert.match((await late?.textContent('main')) ?? '', /works once/)
    for (const page of pages) await page.close()
    assert.equal(await server.stop(), 0)
  },
)

it('a form that another site sends to the link makes nobody', { skip: noBrowser, timeout: 120_000 }, async () => {
  const { server, link } = await firstStart()
  const page = await (await startedBrowser()).newPage({ locale: 'en-US' })
  const foreign = 'http://evil.example/'
  const fields = { name: 'intruder', password: PASSWORD, again: PASSWORD }
  const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`)
  const body = `<form method="post" action="${link}">${inputs.join('')}<button>go</button></form>`
  await page.route(foreign, (route) => route.fulfill({ contentType: 'text/html', body }))
  await page.goto(foreign)
  const [response] = await Promise.all([page.waitForNavigation(), page.click('button')])
  assert.equal(response?.status(), 403)
  assert.equal((await page.goto(link))?.status(), 200, 'the link is still good')
  await page.close()
  assert.equal(await server.stop(), 0)
})
