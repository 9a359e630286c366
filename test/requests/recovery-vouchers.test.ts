import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { VETO_MICROS } from '../../server/members/recovery/recovery.ts'
import { withdrawVouch } from '../../server/members/vouching/vouch.ts'
import { standingVouchers } from '../../server/members/recovery/standing-vouchers.ts'
import { run } from '../../server/storage/database.ts'
import { peopleOf } from '../members/people.ts'
import { movableClock } from '../support/movable-clock.ts'
import { PortalClient } from '../support/portal-client.ts'
import { testSite } from '../support/site.ts'
import { until } from '../support/until.ts'
import { jobsRun } from './jobs-run.ts'

const HOUR = 3_600_000_000
const DAY = 24 * HOUR
const NEW = 'another battery horse staple'
const clock = movableClock('2026-03-04T05:00:00Z')
const site = await testSite({ clock })
after(() => site.close())
const { context } = site
await jobsRun(site)
const people = peopleOf(site)
const VOUCHERS = ['v1', 'v2', 'v3'] as const
for (const name of ['keeper', 'alice', 'lonely', 'fresh', ...VOUCHERS]) await people.account(name)
await people.account('root', 'administrator')
await people.group('water', 'keeper')
for (const name of ['alice', 'lonely', 'fresh', 'root', ...VOUCHERS]) await people.member('water', name)

async function vouch(from: string, to: string): Promise<void> {
  await context.database.transaction((trx) =>
    run(
      trx,
      `insert into vouch (group_no, voucher_no, vouchee_no, made_micros)
       select g.group_no, v.account_no, e.account_no, $3::bigint from trust_group g, account v, account e
        where g.name = 'water' and v.name = $1::text and e.name = $2::text`,
      [from, to, clock.nowMicros()],
    ),
  )
}
for (const from of VOUCHERS) for (const to of ['alice', 'root']) await vouch(from, to)
await vouch('v1', 'lonely')
clock.move(31 * DAY)
for (const from of VOUCHERS) await vouch(from, 'fresh')

interface Asked {
  readonly url: string
  readonly code: string
  readonly path: string
  readonly text: string
}

/** Asks in somebody's name, in a browser of its own. */
async function ask(name: string, more: Readonly<Record<string, string>> = {}): Promise<Asked> {
  clock.move(25 * HOUR)
  const visitor = new PortalClient(site.url)
  await visitor.get('/recovery/vouchers')
  const got = await visitor.post('/recovery/vouchers', { name, ...more })
  assert.equal(got.url, '/recovery/vouchers/asked', got.text)
  const path = /\/recovery\/[\w-]{43}/.exec(got.text)?.[0] ?? ''
  const code = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(got.text)?.[0] ?? ''
  assert.ok(path && code)
  assert.equal((await visitor.get('/recovery/vouchers/asked')).url, '/recovery/vouchers', 'it is shown once')
  return { url: got.url, code, path, text: got.text.replace(path, '').replace(code, '') }
}
const linkPage = async (path: string) => await new PortalClient(site.url).get(path)
const told = async () => (await people.notices('recovery-vouching')).length
/** Waits until those who vouch were told. */
async function asked(name: string, more?: Readonly<Record<string, string>>): Promise<Asked> {
  const before = await told()
  const got = await ask(name, more)
  await until(async () => (await told()) === before + 3)
  return got
}
async function approve(voucher: string, code: string, page = '/account/recoveries') {
  const client = await people.visitor(voucher)
  const shown = await client.get(page)
  const number = /action="\/account\/recoveries\/(\d+)"/.exec(shown.text)?.[1] ?? '999'
  return await client.post(`/account/recoveries/${number}`, { [`code-${number}`]: code })
}

describe('a way back by people who vouch', () => {
  it('works with two approvals by code after a day, from the asking browser’s link', async () => {
    const { code, path } = await asked('alice')
    assert.match((await linkPage(path)).text, /2 people who vouch for you/)
    assert.match((await approve('v1', code.toLowerCase().replace('-', ' '))).text, /You have approved it/)
    assert.match((await linkPage(path)).text, /One person who vouches/)
    await approve('v2', code)
    assert.match((await linkPage(path)).text, /Not yet/)
    clock.move(VETO_MICROS)
    const visitor = new PortalClient(site.url)
    assert.match((await visitor.get(path)).text, /Set a new password/)
    assert.equal((await visitor.post(path, { password: NEW, again: NEW })).url, '/recovery/done')
    await new PortalClient(site.url).signIn('alice', NEW)
    assert.equal((await people.audited('recovery_approved')).length, 2)
  })

  it('a code of another request is refused, and guesses are few', async () => {
    const owner = await asked('alice')
    const thief = await asked('alice')
    const refused = await approve('v1', owner.code) // the newest request is the thief's
    assert.equal(refused.status, 422)
    assert.match(refused.text, /not the code of this request/)
    for (let times = 0; times < 4; times += 1) await approve('v1', 'AAAA-AAAA')
    assert.equal((await approve('v1', thief.code)).status, 429)
    // the link that was there first is as good as before
    assert.match((await linkPage(owner.path)).text, /Not yet/)
  })

  it('an approval counts no more when its voucher takes the vouch back, or is blocked', async () => {
    const { code, path } = await asked('alice')
    await approve('v1', code)
    await approve('v2', code)
    clock.move(VETO_MICROS)
    assert.match((await linkPage(path)).text, /Set a new password/)
    const state = (name: string) =>
      context.database.transaction((trx) =>
        run(
          trx,
          `update membership set state = $1::text where account_no = (select account_no from account where name = 'v1')`,
          [name],
        ),
      )
    await state('blocked')
    assert.match((await linkPage(path)).text, /One person who vouches/)
    await state('active')
    const wanted = { group: 'water', vouchee: 'alice', ...(await people.by('v2')) }
    await withdrawVouch(context, wanted)
    assert.match((await linkPage(path)).text, /One person who vouches/)
    await context.database.transaction((trx) =>
      run(trx, `update vouch set ended_micros = null, end_reason = null where ended_micros is not null`),
    )
  })

  it('one network asks ten times an hour: each asking is kept, and nobody fills the database with them', async () => {
    clock.move(2 * HOUR)
    const links = async () =>
      (await context.database.kysely.selectFrom('one_time_link').select('sha256').execute()).length
    const before = await links()
    const visitor = new PortalClient(site.url)
    const seen = new Set<number>()
    for (let times = 0; times < 14; times += 1) {
      await visitor.get('/recovery/vouchers')
      seen.add((await visitor.post('/recovery/vouchers', { name: `nobody${times}` })).status)
    }
    assert.deepEqual([...seen], [200, 429])
    assert.equal((await links()) - before, 10)
  })

  it('the owner can stop it', async () => {
    const { code, path } = await asked('alice')
    const veto = (await people.notices('recovery-opened')).at(-1)?.path ?? ''
    await approve('v2', code)
    await approve('v3', code)
    const owner = new PortalClient(site.url)
    await owner.get(veto)
    await owner.post(veto)
    clock.move(VETO_MICROS)
    assert.notEqual((await linkPage(path)).status, 200)
  })

  it('looks the same for made-up names, for those whom too few vouch for, and for administrators of the site', async () => {
    const real = await asked('alice')
    const before = await told()
    const shape = async ({ url, text, path }: Asked) => {
      const page = await linkPage(path)
      const other = new PortalClient(site.url)
      await other.get('/recovery')
      const set = await other.post(path, { password: NEW, again: NEW })
      const short = await other.post(path, { password: 'x', again: 'y' })
      const plain = (words: string) =>
        words.replaceAll(/value="[^"]*"|datetime="[^"]*"|title="[^"]*"|<time.*?<\/time>/gs, '')
      return [
        url,
        plain(text),
        page.status,
        plain(page.text),
        set.status,
        plain(set.text),
        short.status,
        plain(short.text),
      ]
    }
    const shown = await shape(real)
    for (const name of ['nobody-here', 'lonely', 'fresh', 'root']) {
      assert.deepEqual(await shape(await ask(name)), shown, name)
    }
    clock.move(VETO_MICROS - HOUR)
    assert.equal(await told(), before, 'nobody was told')
  })

  it('only those who have vouched for 30 days, three or more of them, and are in the group still', async () => {
    const { access } = await context.freshness.read()
    const planOf = async (name: string) => {
      const accountNo = access.accountNamed(name)?.accountNo ?? 0
      return await context.database.transaction((trx) => standingVouchers(clock.nowMicros()).vouchersOf(trx, accountNo))
    }
    assert.equal((await planOf('alice'))?.vouchers.length, 3)
    assert.equal(await planOf('lonely'), undefined)
    assert.equal(await planOf('root'), undefined)
    const reworded = async (from: string, reason: 'replaced' | 'withdrawn') => {
      await context.database.transaction((trx) =>
        run(
          trx,
          `update vouch set ended_micros = $2::bigint, end_reason = $3::text where ended_micros is null
              and voucher_no = (select account_no from account where name = $1::text)
              and vouchee_no = (select account_no from account where name = 'alice')`,
          [from, clock.nowMicros(), reason],
        ),
      )
      await vouch(from, 'alice')
    }
    await reworded('v1', 'replaced')
    assert.equal(
      (await planOf('alice'))?.vouchers.length,
      3,
      'a vouch that was renewed today has stood as long as before',
    )
    await reworded('v2', 'withdrawn')
    assert.equal(await planOf('alice'), undefined, 'one that was taken back and given again has not')
    clock.move(31 * DAY)
    assert.equal((await planOf('alice'))?.vouchers.length, 3)
    await context.database.transaction((trx) =>
      run(
        trx,
        `update membership set state = 'blocked', active = false
          where account_no = (select account_no from account where name = 'v3')`,
      ),
    )
    assert.equal(await planOf('alice'), undefined)
  })

  it('is nobody else’s to see or approve', async () => {
    const stranger = await people.visitor('keeper')
    assert.match((await stranger.get('/account/recoveries')).text, /Nobody asks for your help/)
    const { rows } = await context.database.transaction((trx) =>
      run<{ recovery_no: number }>(trx, 'select max(recovery_no) as recovery_no from recovery_request'),
    )
    const number = rows[0]?.recovery_no
    const refused = await stranger.post(`/account/recoveries/${number}`, { [`code-${number}`]: 'AAAA-AAAA' })
    assert.equal(refused.status, 404)
  })
})
