import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { policyJson, DEFAULT_POLICY } from '../../policies/group-policy.ts'
import { membershipCases } from '../../server/storage/membership-facts.ts'
import { raiseAccess } from '../../server/site/site.ts'
import { run } from '../../server/storage/database.ts'
import { policyQuery } from '../../server/portal/groups/policy-form.ts'
import { peopleOf } from '../members/people.ts'
import type { PortalClient } from '../support/portal-client.ts'
import { queriesOf } from '../support/query-count.ts'
import { type TestSite, testSite } from '../support/site.ts'

const SIZES = { few: 5, many: 205 } as const
/** Pages whose tables grow with the group. */
const PAGES = [
  '',
  '/members',
  '/members/%-2',
  '/membership',
  '/vouching',
  '/nominations',
  '/concerns',
  '/keys',
  '/graph',

  '/members?q=member',
  '/vouching?list=vouched',
  `/settings/rehearsal?${policyQuery({ ...DEFAULT_POLICY, minInvouch: 5, invouchGraceDays: 0 })}`,
  '/audit',
]

let site: TestSite
let visitor: PortalClient

before(async () => {
  site = await testSite()
  const people = peopleOf(site)
  await people.account('chief')
  for (const [name, size] of Object.entries(SIZES)) {
    await people.group(name, 'chief')
    await fill(name, size)
  }
  visitor = await people.visitor('chief')
})

after(() => site.close())

/** Members, a fifth of them nominated, all of whom vouch for the next five. */
async function fill(group: string, size: number): Promise<void> {
  const nowMicros = site.context.clock.nowMicros()
  await site.context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    for (const text of [
      `insert into account (name, role, display_name, email, created_micros)
         select '${group}-' || n, 'member', 'Member ' || n, '${group}-' || n || '@city.example', $1::bigint from generate_series(1, ${size}) n`,
      `insert into profile (account_no, affiliation, airport, languages, changed_micros)
         select account_no, 'Town ' || account_no % 7, 'BER', 'de:native en:basic', $1::bigint from account where name like '${group}-%'`,
      `insert into membership (group_no, account_no, roles, created_micros, state, active, admitted, activity_micros)
         select g.group_no, a.account_no, '', $1::bigint, case when n % 5 = 0 then 'nominated' else 'active' end,
                n % 5 <> 0, case when n > 4 then 'nomination' else 'administrator' end, $1::bigint
           from generate_series(1, ${size}) n join account a on a.name = '${group}-' || n, trust_group g where g.name = '${group}'`,
      `insert into nomination (group_no, account_no, nominator_no, name, email, made_micros)
         select m.group_no, m.account_no, c.account_no, a.display_name, a.email, $1::bigint
           from membership m join account a using (account_no), account c
          where m.state = 'nominated' and a.name like '${group}-%' and c.name = 'chief'`,
      `insert into vouch (group_no, voucher_no, vouchee_no, made_micros)
         select m.group_no, m.account_no, o.account_no, $1::bigint
           from membership m join account a using (account_no), membership o join account b using (account_no)
          where m.state = 'active' and o.group_no = m.group_no and a.name like '${group}-%' and b.name like '${group}-%'
            and o.account_no between m.account_no + 1 and m.account_no + 5`,
      `insert into membership_history (group_no, account_no, at_micros, event, from_state, to_state, actor)
         select m.group_no, m.account_no, $1::bigint + n, 'review', 'active', 'inactive', 'system'
           from membership m join account a using (account_no), generate_series(1, ${size}) n where a.name = '${group}-2'`,
    ]) {
      await run(trx, text, [nowMicros])
    }
  })
}

describe('the queries of a page do not grow with the members of the group', () => {
  for (const page of PAGES) {
    it(`/groups/:group${page}`, async (test) => {
      const counts: number[] = []
      for (const name of Object.keys(SIZES)) {
        const path = `/groups/${name}${page.replace('%', name)}`
        const { status } = await visitor.get(path)
        assert.equal(status, 200, path)
        counts.push(await queriesOf(site.context.database, () => visitor.get(path)))
      }
      const [few = 0, many = 0] = counts
      assert.ok(few > 0, 'nothing was counted')
      assert.equal(many, few)
      test.diagnostic(`${few} queries`)
    })
  }

  it('the facts of all memberships of a group, for the review and for a rehearsal', async () => {
    const { database, clock } = site.context
    const policy = { ...DEFAULT_POLICY, minInvouch: 3 }
    assert.notEqual(policyJson(policy), '{}')
    const counts: number[] = []
    for (const name of Object.keys(SIZES)) {
      const group = await database.kysely
        .selectFrom('trust_group')
        .select('group_no')
        .where('name', '=', name)
        .executeTakeFirstOrThrow()
      const facts = () =>
        database.transaction((trx) => membershipCases(trx, group.group_no, clock.nowMicros(), { policy }))
      assert.ok((await facts()).length >= SIZES.few)
      counts.push(await queriesOf(database, facts))
    }
    assert.equal(counts[1], counts[0])
    assert.ok((counts[0] ?? 0) >= 4)
  })
})
