import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { listInvitations, makeInvitation, withdrawInvitation } from '../../server/members/invitations/invitations.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { takeRole } from '../../server/members/memberships.ts'
import { setSettings } from '../../server/site/settings.ts'
import { movableClock } from '../support/movable-clock.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, testSite } from '../support/site.ts'
import { peopleOf } from './people.ts'

const clock = movableClock('2026-11-21T12:00:00Z')
const site = await testSite({ clock })
after(() => site.close())
const { context } = site
const people = peopleOf(site)
await people.account('root', 'administrator')
for (const name of ['alice', 'bob', 'helper']) await people.account(name)
await people.group('water', 'alice')
await people.member('water', 'helper', ['group-administrator'])
const DAY = 86_400_000_000
let names = 0

const newcomer = (more: Readonly<Record<string, string>> = {}) => ({
  name: `newcomer-${(names += 1)}`,
  display_name: 'New Comer',
  password: PASSWORD,
  again: PASSWORD,
  ...more,
})

/** @param group null for an invitation to the site only */
async function invited(by = 'alice', group: string | null = 'water'): Promise<string> {
  const { token } = await makeInvitation(context, { ...(await people.by(by)), group: group ?? undefined })
  return `/invitation/${token}`
}

async function rolesOf(name: string): Promise<readonly string[] | undefined> {
  const { access } = await context.freshness.read()
  const membership = access.membership(access.accountNamed(name)?.accountNo ?? 0, access.group('water')?.groupNo ?? 0)
  return membership && [...membership.roles]
}

describe('an invitation', () => {
  it('makes an account, joins the group and signs in, in one go, and works once', async () => {
    const link = await invited()
    const client = new PortalClient(site.url)
    const page = await client.get(link)
    assert.match(page.text, /alice invites you into the trust group The water/)
    const form = newcomer()
    const got = await client.post(link, form)
    assert.equal(got.url, '/groups/water')
    assert.equal(got.status, 200)
    assert.deepEqual(await rolesOf(form.name), [])
    const { access } = await context.freshness.read()
    assert.equal(access.accountNamed(form.name)?.displayName, 'New Comer')
    assert.equal(access.accountNamed(form.name)?.role, 'member')
    const again = new PortalClient(site.url)
    assert.equal((await again.get(link)).status, 404)
    assert.equal((await again.post(link, newcomer())).status, 404)
    await new PortalClient(site.url).signIn(form.name, PASSWORD)
  })

  it('is not used up by looking, as mail scanners do', async () => {
    const link = await invited()
    for (const _ of [1, 2, 3]) {
      assert.equal((await fetch(site.url + link)).status, 200)
      assert.equal((await fetch(site.url + link, { method: 'HEAD' })).status, 200)
    }
    assert.equal((await new PortalClient(site.url).post(link, newcomer())).status, 200)
  })

  it('of two who come at once one gets in', async () => {
    const link = await invited()
    const forms = [newcomer(), newcomer()]
    const got = await Promise.all(forms.map((form) => new PortalClient(site.url).post(link, form)))
    assert.deepEqual(
      got.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 404],
    )
    const { access } = await context.freshness.read()
    assert.equal(forms.filter((form) => access.accountNamed(form.name)).length, 1)
  })

  it('a mistake in the form is told beside its field and uses up nothing', async () => {
    const link = await invited()
    const client = new PortalClient(site.url)
    const mistakes = [
      [{ name: 'bob' }, 'name', /taken/],
      [{ name: '"><b>x' }, 'name', /letters, digits/],
      [{ password: 'short', again: 'short' }, 'password', /15 to 128/],
      [{ again: 'something else' }, 'again', /not the same/],
      [{ display_name: 'x'.repeat(101) }, 'display_name', /100/],
    ] as const
    for (const [change, field, words] of mistakes) {
      const got = await client.post(link, newcomer(change))
      assert.equal(got.status, 422, field)
      assert.match(got.text, words)
      assert.ok(got.text.includes(`id="${field}-mistake"`), field)
      assert.ok(!got.text.includes('<b>x') && !got.text.includes(PASSWORD))
    }
    assert.equal((await client.post(link, newcomer())).status, 200)
  })

  it('lets somebody who has signed in join with the present account, and never makes a second one', async () => {
    const link = await invited()
    const bob = await people.visitor('bob')
    const page = await bob.get(link)
    assert.match(page.text, /You have signed in as bob/)
    assert.doesNotMatch(page.text, /name="password"/)
    assert.equal((await bob.post(link, newcomer())).status, 404)
    await bob.get(link)
    assert.equal((await bob.post(`${link}/join`)).url, '/groups/water')
    assert.deepEqual(await rolesOf('bob'), [])
    const more = await invited()
    await bob.get(more)
    assert.equal((await bob.post(`${more}/join`)).status, 409)
    assert.equal((await new PortalClient(site.url).get(more)).status, 200, 'a member uses up nothing')
  })

  it('to the site makes an account that is in no group', async () => {
    const link = await invited('root', null)
    const form = newcomer()
    assert.equal((await new PortalClient(site.url).post(link, form)).url, '/')
    assert.equal(await rolesOf(form.name), undefined)
  })

  it('asks for a second factor before anything else where the site demands one', async () => {
    await setSettings(context, { actor: 'test', settings: { secondFactor: true } })
    const link = await invited()
    const got = await new PortalClient(site.url).post(link, newcomer())
    assert.match(got.url, /^\/sign-in\/enrol/)
    await setSettings(context, { actor: 'test', settings: { secondFactor: false } })
  })
})

describe('links that open nothing', () => {
  it('wrong, used, withdrawn, expired, of somebody suspended or without the role: one and the same page', async () => {
    const [used, withdrawn, stripped] = [await invited(), await invited(), await invited('helper')]
    await new PortalClient(site.url).post(used, newcomer())
    const alice = await people.by('alice')
    const { access } = await context.freshness.read()
    const listed = await listInvitations(context.database, access.group('water')?.groupNo, clock.nowMicros())
    const own = listed.filter((each) => each.state === 'open' && each.madeBy === 'alice')
    for (const { id } of own) await withdrawInvitation(context, { ...alice, group: 'water', id })
    await takeRole(context, { ...alice, group: 'water', account: 'helper', role: 'group-administrator' })
    const expired = await invited()
    clock.move(7 * DAY)
    const pages: string[] = []
    for (const link of [`/invitation/${'A'.repeat(43)}`, '/invitation/x', used, withdrawn, stripped, expired]) {
      for (const got of [
        await new PortalClient(site.url).get(link),
        await new PortalClient(site.url).post(link, newcomer()),
      ]) {
        assert.equal(got.status, 404, link)
        pages.push(body(got.text))
      }
    }
    assert.equal(new Set(pages).size, 1)
  })
})

describe('making one', () => {
  it('shows the link once, to be copied, and keeps only its hash', async () => {
    const alice = await people.visitor('alice')
    await alice.get('/groups/water/invite')
    const got = await alice.post('/groups/water/invite', { email: '', display_name: 'Erin' })
    assert.equal(got.url, '/groups/water/invitations')
    const token = /\/invitation\/([\w-]{43})/.exec(got.text)?.[1] ?? ''
    assert.notEqual(token, '')
    assert.doesNotMatch((await alice.get('/groups/water/invitations')).text, new RegExp(token))
    const everything = JSON.stringify([
      await context.database.kysely.selectFrom('audit').select('detail').execute(),
      await context.database.kysely.selectFrom('one_time_link').selectAll().execute(),
      await context.database.kysely.selectFrom('web_session').select('data').execute(),
    ])
    assert.ok(!everything.includes(token))
    assert.equal((await new PortalClient(site.url).get(`/invitation/${token}`)).status, 200)
  })

  it('mails it where an address is given, and does not show it then', async () => {
    const alice = await people.visitor('alice')
    await alice.get('/groups/water/invite')
    const got = await alice.post('/groups/water/invite', { email: 'erin@port.example', display_name: '' })
    assert.doesNotMatch(got.text, /\/invitation\/[\w-]{43}/)
    const [notice] = (await people.notices('invitation')).slice(-1)
    assert.equal(notice?.address, 'erin@port.example')
    assert.match(notice?.path ?? '', /^\/invitation\/[\w-]{43}$/)
    const client = new PortalClient(site.url)
    const form = newcomer()
    await client.post(notice?.path ?? '', form)
    const { access } = await context.freshness.read()
    assert.equal(access.accountNamed(form.name)?.email, 'erin@port.example')
    for (const email of ['nobody', 'a@b@c.example', 'a b@c.example']) {
      assert.equal((await alice.post('/groups/water/invite', { email })).status, 422, email)
    }
  })

  it('one that is withdrawn on the page opens nothing', async () => {
    const { token } = await makeInvitation(context, { ...BY_OPERATOR, group: 'water' })
    const alice = await people.visitor('alice')
    const { text } = await alice.get('/groups/water/invitations')
    const path = /action="(\/groups\/water\/invitations\/[0-9a-f]{64}\/withdraw)"/.exec(text)?.[1] ?? ''
    assert.equal((await alice.post(path)).status, 200)
    assert.equal((await new PortalClient(site.url).get(`/invitation/${token}`)).status, 404)
  })
})

/** What a page says, without its frame. */
function body(text: string): string {
  return /<main[\s\S]*<\/main>/.exec(text)?.[0] ?? text
}
