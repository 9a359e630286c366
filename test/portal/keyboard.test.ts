import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { noLook, startBrowser } from '../support/browser.ts'
import { portalFixture } from '../support/portal-fixture.ts'
import { PASSWORD } from '../support/site.ts'

const site = noLook ? undefined : await portalFixture()
const browser = noLook ? undefined : await startBrowser()
after(async () => {
  await browser?.close()
  await site?.close()
})

interface Focus {
  readonly name: string
  readonly outlined: boolean
  /** Whether the middle of it is what one sees there: not below the bar, not outside the window. */
  readonly inSight: boolean
}

/** Where the focus is, as somebody without a mouse sees it. */
const FOCUS = `(() => {
  const at = document.activeElement
  const box = at.getBoundingClientRect()
  const top = document.elementFromPoint(box.x + Math.min(box.width, innerWidth) / 2, box.y + box.height / 2)
  const style = getComputedStyle(at)
  return {
    name: at === document.body ? '' : (at.textContent.trim().replace(/\\s+/g, ' ') || at.id || at.name),
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    inSight: top === at || at.contains(top) || (top !== null && top.contains(at) && top.tagName === 'LABEL'),
  }
})()`

async function tab(page: Page, key = 'Tab'): Promise<Focus> {
  await page.keyboard.press(key)
  return (await page.evaluate(FOCUS)) as Focus
}

/** Goes through a page by Tab until the focus leaves it or comes to `last`; fails where it cannot be seen. */
async function walk(page: Page, key = 'Tab', last = ''): Promise<readonly string[]> {
  const names: string[] = []
  for (let steps = 0; steps < 200; steps += 1) {
    const { name, outlined, inSight } = await tab(page, key)
    if (name === last) return names
    assert.ok(outlined, `the focus on ${name} cannot be seen`)
    assert.ok(inSight, `${name} has the focus and is hidden`)
    names.push(name)
  }
  throw new Error(`no end: ${names.join(', ')}`)
}

describe('without a mouse', { skip: noLook }, () => {
  it('one signs in, opens the switcher, enters a group and leaves', async () => {
    if (!site || !browser) return
    await using context = await browser.newContext({ javaScriptEnabled: true, viewport: { width: 1280, height: 800 } })
    const page = await context.newPage()
    await page.goto(`${site.url}/sign-in`)
    await page.locator('input[name=name]').focus()
    await page.keyboard.type('dana.whitehorse')
    await tab(page)
    await page.keyboard.type(PASSWORD)
    await Promise.all([page.waitForURL(`${site.url}/`), page.keyboard.press('Enter')])
    const names = await walk(page)
    assert.ok(names[0]?.startsWith('Skip'), names[0])
    assert.ok(names.includes('Harbour watch'), 'the group is on the page')

    await page.goto(`${site.url}/`)
    await page.locator('summary').first().focus()
    await page.keyboard.press('Enter')
    let at = await tab(page)
    assert.equal(at.name, 'Clinics north')
    assert.ok(at.outlined && at.inSight)
    at = await tab(page)
    assert.equal(at.name, 'Harbour watch')
    await Promise.all([page.waitForURL(`${site.url}/groups/harbour-watch`), page.keyboard.press('Enter')])

    await page.locator('header summary').last().focus()
    await page.keyboard.press('Space')
    do at = await tab(page)
    while (at.name !== 'Sign out' && at.name !== '')
    assert.equal(at.name, 'Sign out')
    await Promise.all([page.waitForURL(/\/sign-in/), page.keyboard.press('Enter')])
  })

  it('the skip link leads past the bar', async () => {
    if (!site || !browser) return
    await using context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    await site.lend(await site.clientOf('member'), context)
    const page = await context.newPage()
    await page.goto(`${site.url}/`)
    await tab(page)
    await page.keyboard.press('Enter')
    const { name } = await tab(page)
    assert.equal(name, 'Clinics north')
  })

  it('long pages: the focus is never below the bar, forwards and backwards', async () => {
    if (!site || !browser) return
    await using context = await browser.newContext({ viewport: { width: 1000, height: 500 } })
    await site.lend(await site.clientOf('administrator'), context)
    const page = await context.newPage()
    await page.goto(`${site.url}/_style`)
    const names = await walk(page)
    assert.ok(names.length > 40)
    await walk(page, 'Shift+Tab', names[0])
  })

  it('on a phone the places open and close by keyboard', async () => {
    if (!site || !browser) return
    await using context = await browser.newContext({ viewport: { width: 320, height: 640 } })
    await site.lend(await site.clientOf('administrator'), context)
    const page = await context.newPage()
    await page.goto(`${site.url}/_style`)
    const places = page.locator('#places')
    assert.equal(await places.isVisible(), false)
    await page.locator('.menu-button').focus()
    await page.keyboard.press('Enter')
    assert.equal(await places.isVisible(), true)
    const { outlined, inSight } = await tab(page)
    assert.ok(outlined && inSight)
    await page.keyboard.press('Escape')
    assert.equal(await places.isVisible(), false)
  })
})
