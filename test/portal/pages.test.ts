import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import type { Onlooker } from '../support/portal-fixture.ts'
import { portalFixture } from '../support/portal-fixture.ts'
import { visitablePaths } from '../support/portal-pages.ts'

const site = await portalFixture()
after(() => site.close())

const ONLOOKERS: readonly Onlooker[] = ['visitor', 'member', 'administrator']

const HEADERS: Readonly<Record<string, RegExp>> = {
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^deny$/i,
  'referrer-policy': /^no-referrer$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'permissions-policy': /camera=\(\)/,
}

/** On a file, those that mean something there. */
const FILE_HEADERS: typeof HEADERS = {
  'content-security-policy': /^default-src 'none'; frame-ancestors 'none'$/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^no-referrer$/,
  'cross-origin-resource-policy': /^same-origin$/,
}

function mustBeGuarded(path: string, headers: Headers): void {
  const policy = headers.get('content-security-policy') ?? ''
  for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"]) {
    assert.ok(policy.includes(part), `${path}: ${part} is not in ${policy}`)
  }
  // a form may lead to an outside provider; nothing else may come from or go elsewhere
  assert.doesNotMatch(policy.replace(/form-action [^;]*/, ''), /unsafe|https?:|\*/, path)
  mustHave(path, headers, HEADERS)
}

function mustHave(path: string, headers: Headers, wanted: typeof HEADERS): void {
  for (const [name, value] of Object.entries(wanted)) assert.match(headers.get(name) ?? '', value, `${path}: ${name}`)
}

/** Everything that a page makes a browser fetch or run. */
function mustBeSelfContained(path: string, text: string): void {
  for (const [tag, address] of text.matchAll(
    /<(?:link|script|img|form|source|use|iframe)\b[^>]*?\b(?:href|src|action)="([^"]*)"/g,
  )) {
    assert.match(address ?? '', /^(?:\/(?!\/)|\?|#|$)/, `${path} refers to ${tag}`)
  }
  for (const [tag, body] of text.matchAll(/<script\b[^>]*>([^<]*)<\/script>/g)) {
    assert.equal(body, '', `${path} has a script inside: ${tag}`)
  }
  assert.doesNotMatch(text, /<style\b/, `${path} has a style inside`)
  const tags = [...text.matchAll(/<[a-z][^>]*>/g)].map(([tag]) => tag.replaceAll(/"[^"]*"/g, '""'))
  for (const tag of tags) assert.doesNotMatch(tag, /\s(?:style|on[a-z]+)=/i, `${path}: ${tag}`)
}

describe('every page', () => {
  for (const who of ONLOOKERS) {
    it(`as ${who}: guarded, from this server only, nothing inline`, async () => {
      const client = await site.clientOf(who)
      let pages = 0
      for (const path of visitablePaths()) {
        const response = await client.once(path)
        assert.ok(response.status < 500, `${path}: ${response.status}`)
        mustBeGuarded(path, response.headers)
        const text = await response.text()
        if (!response.headers.get('content-type')?.startsWith('text/html')) continue
        pages += 1
        assert.equal(response.headers.get('cache-control'), 'no-store', path)
        mustBeSelfContained(path, text)
        assert.equal(text.match(/<h1\b/g)?.length, 1, `${path}: headings of the first level`)
        const ids = [...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
        assert.deepEqual(ids, [...new Set(ids)], `${path}: an id is there twice`)
      }
      assert.ok(pages > 0)
    })
  }

  it('errors and files are guarded too', async () => {
    const client = await site.clientOf('visitor')
    for (const path of ['/site/nothing-here', '/assets/nothing.css']) {
      const response = await client.once(path)
      assert.equal(response.status, 404)
      mustBeGuarded(path, response.headers)
      await response.arrayBuffer()
    }
    for (const path of ['/assets/portal.css', '/assets/plex-400.woff2', '/assets/icon.svg', '/assets/presence.js']) {
      const response = await client.once(path)
      assert.equal(response.status, 200)
      mustHave(path, response.headers, FILE_HEADERS)
      await response.arrayBuffer()
    }
    const refused = await client.once('/sign-out', { method: 'POST' })
    assert.equal(refused.status, 403)
    mustBeGuarded('/sign-out', refused.headers)
  })
})

describe('the files of pages', () => {
  it('are kept for good under the address that pages use, and fetched anew under another', async () => {
    const client = await site.clientOf('visitor')
    const { text } = await client.get('/sign-in')
    const sheet = /href="(\/assets\/portal\.css[^"]*)"/.exec(text)?.[1] ?? ''
    const kept = await client.once(sheet.replaceAll('&amp;', '&'))
    assert.match(kept.headers.get('cache-control') ?? '', /immutable/)
    const font = /url\('?(plex-400[^)']*)'?\)/.exec(await kept.text())?.[1] ?? ''
    const regular = await client.once(`/assets/${font}`)
    assert.match(regular.headers.get('cache-control') ?? '', /immutable/)
    await regular.arrayBuffer()
    const old = await client.once('/assets/portal.css?v=0000')
    assert.doesNotMatch(old.headers.get('cache-control') ?? '', /immutable/)
    const again = await client.once('/assets/portal.css', {
      headers: { 'if-none-match': old.headers.get('etag') ?? '' },
    })
    assert.equal(again.status, 304)
    await old.arrayBuffer()
  })

  it("the style sheet takes a site's colour, and only a colour", async () => {
    const client = await site.clientOf('visitor')
    const own = await (await client.once('/assets/portal.css?accent=ffd400')).text()
    assert.match(own, /:root\{--accent:light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\)/)
    const plain = await (await client.once('/assets/portal.css')).text()
    assert.equal(await (await client.once('/assets/portal.css?accent=red;}*{x:url(//a')).text(), plain)
  })
})

describe('pages are compressed where their length tells nobody anything', () => {
  const ask = async (headers: Readonly<Record<string, string>>) => {
    const client = await site.clientOf('member')
    const response = await client.once('/', { headers: { 'accept-encoding': 'gzip', ...headers } })
    await response.arrayBuffer()
    return response.headers.get('content-encoding')
  }

  it('for a visitor who came by themselves or from a page of ours', async () => {
    assert.equal(await ask({ 'sec-fetch-site': 'none' }), 'gzip')
    assert.equal(await ask({ 'sec-fetch-site': 'same-origin' }), 'gzip')
  })

  it('not when another site makes the browser ask, or nobody knows', async () => {
    assert.equal(await ask({ 'sec-fetch-site': 'cross-site' }), null)
    assert.equal(await ask({ 'sec-fetch-site': 'same-site' }), null)
    assert.equal(await ask({}), null)
  })

  it('and the token of forms is another text in every answer, all of them good', async () => {
    const client = await site.clientOf('member')
    const tokenOf = async () => /name="csrf"\s+value="([^"]+)"/.exec((await client.get('/')).text)?.[1]
    const first = await tokenOf()
    const second = await tokenOf()
    assert.notEqual(first, second)
    const bad = await client.post('/sign-out', { csrf: (first ?? '').slice(0, -4) + 'AAAA' })
    assert.equal(bad.status, 403)
    const good = await client.post('/sign-out', { csrf: first ?? '' })
    assert.equal(good.url, '/sign-in')
  })
})
