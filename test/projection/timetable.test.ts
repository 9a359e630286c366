import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import type { MemberState } from '../../policies/member-state.ts'
import { raiseAccess } from '../../server/site/site.ts'
import { run } from '../../server/storage/database.ts'
import { peopleOf } from '../members/people.ts'
import { movableClock } from '../support/movable-clock.ts'
import { testSite } from '../support/site.ts'
import { until } from '../support/until.ts'
import { jobsRun } from '../requests/jobs-run.ts'

const DAY = 86_400_000_000
const START = '2026-03-02T12:00:00Z'
const clock = movableClock(START)
const site = await testSite({ clock })
after(() => site.close())
const { context } = site
await jobsRun(site)
const { database } = context
const people = peopleOf(site)
await people.account('keeper')

async function sql(text: string, values: readonly unknown[] = []): Promise<void> {
  await database.transaction(async (trx) => {
    await raiseAccess(trx)
    await run(trx, text, [...values])
  })
}

/** A group with these rules and these members, none of whom needs to do anything. */
async function group(name: string, policy: object, members: readonly string[]): Promise<void> {
  await people.group(name, 'keeper')
  for (const member of members) {
    await people.account(member)
    await people.member(name, member)
  }
  await sql('update trust_group set policy = $2::text where name = $1::text', [name, JSON.stringify(policy)])
}

/** Runs the job of every hour, and waits until it is through. */
async function review(): Promise<void> {
  await database.transaction((trx) => context.jobs.enqueue(trx, 'review-memberships', {}, 'test'))
  await until(async () => {
    const { rows } = await database.transaction((trx) =>
      run(
        trx,
        "select 1 from pgboss.job where name = 'review-memberships' and state in ('created', 'retry', 'active') limit 1",
      ),
    )
    return rows.length === 0
  })
}

async function state(groupName: string, name: string): Promise<MemberState | undefined> {
  const { access } = await context.freshness.read()
  return access.membership(access.accountNamed(name)?.accountNo ?? 0, access.group(groupName)?.groupNo ?? 0)?.state
}

describe('the job of every hour', () => {
  it('lets members fall idle, with a warning first, but not while they are away', async () => {
    await group('idle', { canTimeOut: true, maxInactivityDays: 30, idleGuardDays: 5 }, ['lea', 'away'])
    await sql(
      "update account set furlough_from_micros = $1::bigint, furlough_until_micros = $2::bigint where name = 'away'",
      [clock.nowMicros() + 10 * DAY, clock.nowMicros() + 50 * DAY],
    )
    clock.move(24 * DAY)
    await review()
    assert.deepEqual([await state('idle', 'lea'), await state('idle', 'away')], ['active', 'active'])
    clock.move(2 * DAY)
    await review()
    assert.deepEqual([await state('idle', 'lea'), await state('idle', 'away')], ['soonidle', 'active'])
    clock.move(5 * DAY)
    await review()
    assert.deepEqual([await state('idle', 'lea'), await state('idle', 'away')], ['idle', 'active'])
    clock.move(45 * DAY)
    await review()
    assert.equal(await state('idle', 'away'), 'soonidle')
    const told = await people.notices('state-changed')
    assert.deepEqual(told.filter(({ address }) => address.startsWith('lea@')).length, 2) // soonidle, idle: of being let in the act itself tells
  })

  it('lets a key expire, after the days of grace', async () => {
    await group('keys', { pgpRequired: true, keyGraceDays: 14 }, ['kim'])
    await sql(
      `with made as (
         insert into certificate (account_no, fingerprint, body, addresses, algorithm, key_micros, expires_micros, origin,
                                  added_micros, checked_micros, proven_micros)
         select account_no, 'AB', '\\x00', 'kim@city.example', 'ed25519', 1, $1::bigint, 'upload', 1, 1, 1
           from account where name = 'kim'
         returning certificate_no, account_no)
       update membership m set certificate_no = made.certificate_no from made where m.account_no = made.account_no`,
      [clock.nowMicros() + 3 * DAY],
    )
    await review()
    assert.equal(await state('keys', 'kim'), 'active')
    clock.move(16 * DAY)
    await review()
    assert.equal(await state('keys', 'kim'), 'active')
    clock.move(2 * DAY)
    await review()
    assert.equal(await state('keys', 'kim'), 'inactive')
  })

  it('lets vouches expire, and a nomination run out', async () => {
    await group('vouches', { minInvouch: 1, invouchGraceDays: 7, targetInvouch: 2, maxVouchDays: 20 }, ['vera', 'nora'])
    await sql(
      "update membership set admitted = 'nomination' where account_no in (select account_no from account where name in ('vera', 'nora'))",
    )
    await sql(
      `insert into vouch (group_no, voucher_no, vouchee_no, made_micros, expires_micros)
       select g.group_no, v.account_no, e.account_no, 1, $1::bigint from trust_group g, account v, account e
        where g.name = 'vouches' and v.name = 'keeper' and e.name in ('vera', 'nora')`,
      [clock.nowMicros() + 10 * DAY],
    )
    await sql(
      `with who as (select m.group_no, m.account_no from membership m join account a using (account_no) where a.name = 'nora'),
            nominated as (
              insert into nomination (group_no, account_no, nominator_no, name, email, made_micros)
              select who.group_no, who.account_no, k.account_no, 'Nora', 'nora@city.example', $1::bigint
                from who, account k where k.name = 'keeper' returning 1),
            noted as (
              insert into membership_history (group_no, account_no, at_micros, event, from_state, to_state, actor)
              select group_no, account_no, $1::bigint, 'nominate', null, 'nominated', 'keeper' from who returning 1)
       update membership m set state = 'nominated', active = false from who
        where m.group_no = who.group_no and m.account_no = who.account_no`,
      [clock.nowMicros()],
    )
    await review()
    assert.deepEqual([await state('vouches', 'vera'), await state('vouches', 'nora')], ['active', 'nominated'])
    clock.move(12 * DAY)
    await review()
    assert.equal(await state('vouches', 'vera'), 'active', 'the days of grace run')
    clock.move(8 * DAY)
    await review()
    assert.equal(await state('vouches', 'vera'), 'inactive')
    clock.move(2 * DAY)
    await review()
    assert.equal(await state('vouches', 'nora'), 'failed')
  })
})
