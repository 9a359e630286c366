import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { makeSetupLink } from '../../server/site/setup-link.ts'
import { addAccount } from '../../server/site/accounts.ts'
import { raiseAccess } from '../../server/site/site.ts'
import type { Clock } from '../../server/clock.ts'
import { PASSWORD, basic, testSite } from '../support/site.ts'

let ahead = 0
let last = 0
const clock: Clock = {
  nowMicros() {
    last = Math.max(Date.now() * 1000 + ahead, last + 1)
    return last
  },
}
const site = await testSite({ clock })
after(() => site.close())
const actor = 'test'

async function newLink(): Promise<string> {
  const link = await makeSetupLink(site.context, { actor })
  assert.ok(link)
  return `${site.url}/setup/${link.token}`
}

type Form = Readonly<Record<string, string>>
const FORM: Form = { name: 'chief', password: PASSWORD, again: PASSWORD }

function submit(url: string, form: Form, headers: Form = { origin: site.url }): Promise<Response> {
  return fetch(url, { method: 'POST', headers, body: new URLSearchParams(form), redirect: 'manual' })
}

async function audited(kind: string): Promise<number> {
  const rows = await site.context.database.kysely.selectFrom('audit').select('seq').where('kind', '=', kind).execute()
  return rows.length
}

it('the page needs no script, sends no referrer and is kept nowhere', async () => {
  const response = await fetch(await newLink())
  assert.equal(response.status, 200)
  const policy = response.headers.get('content-security-policy') ?? ''
  for (const part of ["default-src 'none'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'"]) {
    assert.ok(policy.includes(part), policy)
  }
  assert.doesNotMatch(policy, /unsafe/)
  assert.equal(response.headers.get('referrer-policy'), 'no-referrer')
  assert.equal(response.headers.get('cache-control'), 'no-store')
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
  const page = await response.text()
  assert.doesNotMatch(page, /<script| style=|\son\w+=/)
  assert.equal(response.headers.get('set-cookie'), null, 'nobody gets a session before an account is made')
})

it('a form of another site is refused, also without any word of where it comes from', async () => {
  const link = await newLink()
  const { host } = new URL(site.url)
  const foreign: Form[] = [
    { origin: 'http://evil.example' },
    { origin: 'null' },
    {},
    { origin: site.url, 'sec-fetch-site': 'cross-site' },
    { origin: site.url, 'sec-fetch-site': 'same-site' },
    { origin: `http://${host}.evil.example` },
  ]
  for (const headers of foreign) assert.equal((await submit(link, FORM, headers)).status, 403, JSON.stringify(headers))
  assert.equal((await fetch(link)).status, 200, 'the link is still good')
})

it('mistakes are told beside the field, keep the name, and do not use up the link', async () => {
  const link = await newLink()
  await addAccount(site.context, { actor, name: 'taken' })
  const mistakes: readonly (readonly [Form, string, RegExp])[] = [
    [{ ...FORM, again: 'something else entirely' }, 'again', /not the same/],
    [{ ...FORM, password: 'short', again: 'short' }, 'password', /15 to 128/],
    [{ ...FORM, name: '"><b>x' }, 'name', /letters, digits/],
    [{ ...FORM, name: 'taken' }, 'name', /already/],
    [{ ...FORM, email: 'nobody' }, 'email', /name@example/],
    [{ ...FORM, email: '"a b"@example.org' }, 'email', /name@example/],
    [{ ...FORM, 'display-name': 'x'.repeat(101) }, 'display-name', /at most 100/],
    [{ ...FORM, password: 'passwordpassword', again: 'passwordpassword' }, 'password', /published/],
    [{ ...FORM, password: 'chief-chief-chief-chief', again: 'chief-chief-chief-chief' }, 'password', /repeats names/],
  ]
  for (const [form, field, words] of mistakes) {
    const response = await submit(link, form)
    assert.equal(response.status, 422)
    const page = await response.text()
    assert.match(page, words)
    assert.ok(page.includes(`href="#${field}"`))
    assert.ok(page.includes(`id="${field}-mistake"`))
    assert.match(page, /aria-invalid="true"/)
    assert.ok(!page.includes('<b>x') && !page.includes(PASSWORD))
  }
  const large = await submit(link, { ...FORM, name: 'x'.repeat(70_000) })
  assert.equal(large.status, 413)
  const json = await fetch(link, {
    method: 'POST',
    headers: { origin: site.url, 'content-type': 'application/json' },
    body: '{}',
  })
  assert.equal(json.status, 415)
})

it('wrong, expired and replaced links are one and the same page', async () => {
  const replaced = await newLink()
  const expired = await newLink()
  ahead += 3_600_000_001
  const wrong = `${site.url}/setup/${'A'.repeat(43)}`
  const pages: string[] = []
  for (const link of [wrong, replaced, expired, `${site.url}/setup/x`]) {
    for (const response of [await fetch(link), await submit(link, FORM)]) {
      assert.equal(response.status, 404)
      pages.push(await response.text())
    }
  }
  assert.equal(new Set(pages).size, 1)
})

it('of two who come at once one is made administrator; then the link is gone, and there is no other', async () => {
  const link = await newLink()
  const made = await Promise.all([
    submit(link, FORM),
    submit(link, { ...FORM, name: 'rival' }, { 'sec-fetch-site': 'same-origin', origin: 'null' }),
  ])
  assert.deepEqual(
    made.map(({ status }) => status).toSorted((a, b) => a - b),
    [303, 404],
  )
  assert.equal((await fetch(link)).status, 404)
  assert.equal((await submit(link, { ...FORM, name: 'third' })).status, 404)
  const name = made[0]?.status === 303 ? 'chief' : 'rival'
  assert.equal((await fetch(`${site.url}/taxii2/`, { headers: basic(name, PASSWORD) })).status, 200)
  const { access } = await site.context.freshness.read()
  assert.equal(access.accountNamed(name)?.role, 'administrator')
  assert.equal(await audited('setup_link_used'), 1)
  assert.ok((await audited('setup_link_made')) >= 5)
  assert.equal(await makeSetupLink(site.context, { actor }), undefined)
})

it('a link that was made before an administrator came by another way counts no more', async () => {
  const administrators = ['chief', 'rival']
  const { access } = await site.context.freshness.read()
  for (const name of administrators.filter((each) => access.accountNamed(each))) {
    // nothing in the server suspends the last administrator: only somebody in the database can
    await site.context.database.transaction(async (trx) => {
      await raiseAccess(trx)
      await trx.updateTable('account').set({ active: false }).where('name', '=', name).execute()
    })
  }
  const link = await newLink()
  await addAccount(site.context, { actor, name: 'other', role: 'administrator' })
  assert.equal((await fetch(link)).status, 404)
  assert.equal((await submit(link, { ...FORM, name: 'fourth' })).status, 404)
})
