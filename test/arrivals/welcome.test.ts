import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { makeWelcome } from '../../server/members/invitations/welcome.ts'
import { insertAccount } from '../../server/site/accounts.ts'
import { setSettings } from '../../server/site/settings.ts'
import { raiseAccess } from '../../server/site/site.ts'
import { suspendAccount } from '../../server/site/suspension.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { peopleOf } from '../members/people.ts'
import { movableClock } from '../support/movable-clock.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, testSite } from '../support/site.ts'

const clock = movableClock('2026-11-21T12:00:00Z')
const site = await testSite({ clock })
after(() => site.close())
const { context } = site
const people = peopleOf(site)
await people.account('alice')
await people.group('water', 'alice')
const DAY = 86_400_000_000
let count = 0

/** An account that others made, with an address that nobody has proven, and a link to it. */
async function welcomed(name = `newcomer${(count += 1)}`, more: { readonly groupNo?: number } = {}) {
  const made = await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const nowMicros = clock.nowMicros()
    const { account_no } = await insertAccount(trx, { name, role: 'member', password_hash: null, nowMicros })
    await trx
      .updateTable('account')
      .set({ email: `${name}@port.example`, display_name: 'New Comer' })
      .where('account_no', '=', account_no)
      .execute()
    return {
      accountNo: account_no,
      link: await makeWelcome(trx, context, { actor: 'alice', accountNo: account_no, ...more }),
    }
  })
  return { name, accountNo: made.accountNo, path: `/welcome/${made.link?.token ?? 'none'}` }
}

const again = (accountNo: number) =>
  context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    return await makeWelcome(trx, context, { actor: 'alice', accountNo })
  })

const form = { password: PASSWORD, again: PASSWORD }

async function verified(accountNo: number): Promise<readonly string[]> {
  const rows = await context.database.kysely
    .selectFrom('account_address')
    .select('address')
    .where('account_no', '=', accountNo)
    .where('verified_micros', 'is not', null)
    .execute()
  return rows.map(({ address }) => address)
}

describe('a welcome link', () => {
  it('sets the first password, signs in, proves the address, and works once', async () => {
    const { access } = await context.freshness.read()
    const groupNo = access.group('water')?.groupNo
    assert.ok(groupNo !== undefined)
    const { name, accountNo, path } = await welcomed('firstcomer', { groupNo })
    assert.deepEqual(await verified(accountNo), [])
    const client = new PortalClient(site.url)
    assert.match((await client.get(path)).text, /New Comer, an account was made for you at The water/)
    // they land at the group's address, which says what they may see of it
    assert.equal((await client.post(path, form)).url, '/groups/water')
    assert.deepEqual(await verified(accountNo), [`${name}@port.example`])
    const other = new PortalClient(site.url)
    assert.equal((await other.get(path)).status, 404)
    assert.equal((await other.post(path, form)).status, 404)
    await new PortalClient(site.url).signIn(name, PASSWORD)
    assert.deepEqual((await people.audited('welcome_used')).at(-1)?.detail, {
      account: name,
      group: 'water',
      address_verified: true,
    })
  })

  it('is mailed; beside the notice only its hash is kept', async () => {
    const { name, path } = await welcomed()
    const [notice] = (await people.notices('welcome')).slice(-1)
    assert.deepEqual(notice, { address: `${name}@port.example`, path })
    const token = path.slice('/welcome/'.length)
    const kept = JSON.stringify([
      await context.database.kysely.selectFrom('audit').select('detail').execute(),
      await context.database.kysely.selectFrom('one_time_link').selectAll().execute(),
    ])
    assert.ok(!kept.includes(token))
  })

  it('is not used up by looking, as mail scanners do', async () => {
    const { path } = await welcomed()
    for (const method of ['GET', 'HEAD', 'GET']) assert.equal((await fetch(site.url + path, { method })).status, 200)
    assert.equal((await new PortalClient(site.url).post(path, form)).status, 200)
  })

  it('of two who come at once one gets in', async () => {
    const { path } = await welcomed()
    const got = await Promise.all([1, 2].map(() => new PortalClient(site.url).post(path, form)))
    assert.deepEqual(
      got.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 404],
    )
  })

  it('tells a mistake beside its field, and uses up nothing', async () => {
    const { name, path } = await welcomed('longenoughname')
    const client = new PortalClient(site.url)
    const mistakes = [
      [{ password: 'short', again: 'short' }, 'password', /15 to 128/],
      [{ password: PASSWORD, again: 'something else' }, 'again', /not the same/],
      [{ password: `${name}-${name}`, again: `${name}-${name}` }, 'password', /repeats names/],
    ] as const
    for (const [fields, field, words] of mistakes) {
      const got = await client.post(path, fields)
      assert.equal(got.status, 422)
      assert.match(got.text, words)
      assert.ok(got.text.includes(`id="${field}-mistake"`))
    }
    assert.equal((await client.post(path, form)).status, 200)
  })

  it('asks for a second factor before anything else where the site demands one', async () => {
    await setSettings(context, { actor: 'test', settings: { secondFactor: true } })
    const { path } = await welcomed()
    assert.match((await new PortalClient(site.url).post(path, form)).url, /^\/sign-in\/enrol/)
    await setSettings(context, { actor: 'test', settings: { secondFactor: false } })
  })

  it('changes no account but its own: whoever has signed in must sign out first', async () => {
    const { path, accountNo } = await welcomed()
    const alice = await people.visitor('alice')
    assert.match((await alice.get(path)).text, /You have signed in as alice/)
    assert.equal((await alice.post(path, form)).status, 409)
    const row = await context.database.kysely
      .selectFrom('account')
      .select('password_hash')
      .where('account_no', '=', accountNo)
      .executeTakeFirstOrThrow()
    assert.equal(row.password_hash, null)
  })

  it('leaves an address to the account that has proven it', async () => {
    const first = await welcomed('sameaddress')
    await context.database.kysely
      .insertInto('account_address')
      .values({ account_no: 1, address: 'sameaddress@port.example', created_micros: 1, verified_micros: 1 })
      .execute()
    assert.equal((await new PortalClient(site.url).post(first.path, form)).status, 200)
    assert.deepEqual(await verified(first.accountNo), [])
  })

  it('speaks Spanish to who reads Spanish', async () => {
    const { path } = await welcomed()
    const got = await new PortalClient(site.url).get(path, { 'accept-language': 'es' })
    assert.match(got.text, /se creó una cuenta para usted/)
  })
})

describe('links that open nothing', () => {
  it('wrong, used, replaced, expired, of a suspended account or one with a password: one and the same page', async () => {
    const used = await welcomed()
    await new PortalClient(site.url).post(used.path, form)
    const replaced = await welcomed()
    const newer = await again(replaced.accountNo)
    assert.equal((await new PortalClient(site.url).get(`/welcome/${newer?.token ?? ''}`)).status, 200)
    const suspended = await welcomed()
    await suspendAccount(context, { ...BY_OPERATOR, name: suspended.name })
    const hasWay = await welcomed()
    await context.database.transaction(async (trx) => {
      await raiseAccess(trx)
      await trx.updateTable('account').set({ password_hash: 'x' }).where('account_no', '=', hasWay.accountNo).execute()
    })
    assert.equal(await again(hasWay.accountNo), undefined, 'nor is there another')
    const expired = await welcomed()
    clock.move(14 * DAY)
    const paths = [
      `/welcome/${'A'.repeat(43)}`,
      '/welcome/x',
      ...[used, replaced, suspended, hasWay, expired].map((each) => each.path),
    ]
    const pages: string[] = []
    for (const path of paths) {
      for (const got of [
        await new PortalClient(site.url).get(path),
        await new PortalClient(site.url).post(path, form),
      ]) {
        assert.equal(got.status, 404, path)
        pages.push(/<main[\s\S]*<\/main>/.exec(got.text)?.[0] ?? got.text)
      }
    }
    assert.equal(new Set(pages).size, 1)
  })
})
