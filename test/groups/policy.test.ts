import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { changeGroupPolicy, rehearseGroupPolicy } from '../../server/members/group-policy-change.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { rehearsePolicy } from '../../server/members/rehearse-policy.ts'
import { reviewGroup } from '../../server/members/review.ts'
import { policyFrom } from '../../policies/group-policy.ts'
import { movableClock } from '../support/movable-clock.ts'
import { testSite } from '../support/site.ts'
import { waterGroup } from './water.ts'

const DAY = 86_400_000_000
const clock = movableClock('2026-11-20T12:00:00Z')
const site = await testSite({ clock })
after(() => site.close())
const water = await waterGroup(site, ['bob', 'carol', 'dave'])
const { context } = site
const operator = { ...BY_OPERATOR, group: 'water' }

async function stored(): Promise<string> {
  const row = await context.database.kysely
    .selectFrom('trust_group')
    .select('policy')
    .where('name', '=', 'water')
    .executeTakeFirstOrThrow()
  return row.policy
}

/** The fields of a page’s form with their values, as a browser sends them. */
function fieldsOf(text: string): Record<string, string> {
  const form = /<form[^>]*settings\/rules"[\s\S]*?<\/form>/.exec(text)?.[0] ?? ''
  return Object.fromEntries(
    [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
      name ?? '',
      (value ?? '').replaceAll('&quot;', '"'),
    ]),
  )
}

describe('the dry run of rules', () => {
  it('says who would become what, now and within 30 days, and saves nothing', async () => {
    const before = await stored()
    await water.vouch(['bob', 'alice'], ['bob', 'carol'], ['carol', 'bob'])
    const { rehearsal } = await rehearseGroupPolicy(context, { ...operator, changes: { minOutvouch: 2 } })
    assert.deepEqual(
      rehearsal.now.map(({ account, from, to, because }) => [account, from, to, because.join(' ')]),
      [
        ['alice', 'active', 'inactive', 'vouches-given'],
        ['carol', 'active', 'inactive', 'vouches-given'],
        ['dave', 'active', 'inactive', 'vouches-given'],
      ],
    )
    assert.deepEqual(rehearsal.later, [])
    const idle = await rehearseGroupPolicy(context, {
      ...operator,
      changes: { canTimeOut: true, maxInactivityDays: 20, idleGuardDays: 5 },
    })
    assert.deepEqual(idle.rehearsal.now, [])
    assert.deepEqual([...new Set(idle.rehearsal.later.map(({ to }) => to))], ['idle'])
    assert.equal(idle.rehearsal.later.length, 4)
    assert.equal(await stored(), before)
    assert.deepEqual(new Set(Object.values(await water.states())), new Set(['active']))
  })

  it('counts days of grace from the day the rules are saved', async () => {
    await water.put('dave', 'active', 'nomination')
    const changes = { minInvouch: 1, invouchGraceDays: 14 }
    const { rehearsal } = await rehearseGroupPolicy(context, { ...operator, changes })
    assert.deepEqual(rehearsal.now, [])
    assert.deepEqual(
      rehearsal.later.map(({ account, to }) => [account, to]),
      [['dave', 'inactive']],
    )
    await water.put('dave', 'active', 'administrator')
  })

  it('is what happens: now, and after 30 days in which nobody does anything', async () => {
    const changes = { minOutvouch: 1, canTimeOut: true, maxInactivityDays: 25, idleGuardDays: 5 }
    const { rehearsal } = await rehearseGroupPolicy(context, { ...operator, changes })
    const moved = await changeGroupPolicy(context, { ...operator, changes })
    const pairs = (list: readonly { account: string; to: string }[]) => list.map(({ account, to }) => [account, to])
    assert.deepEqual(pairs(moved), pairs(rehearsal.now))
    clock.move(30 * DAY)
    const later = await reviewGroup(context, await water.groupNo())
    assert.deepEqual(pairs(later), pairs(rehearsal.later))
    assert.ok(later.length > 0)
    const [audited] = (await water.audited('policy_changed')).slice(-1)
    assert.match(String(audited?.detail['rules']), /minOutvouch: 0 → 1/)
    await changeGroupPolicy(context, { ...operator, changes: { minOutvouch: 0, canTimeOut: false } })
    assert.deepEqual(new Set(Object.values(await water.states())), new Set(['active']))
  })

  it('refuses what cannot be, and another group’s administrator', async () => {
    const wrong = { targetInvouch: -1, approvals: 7, nothing: 1 }
    await assert.rejects(rehearseGroupPolicy(context, { ...operator, changes: wrong }), { code: 'bad_policy' })
    await assert.rejects(changeGroupPolicy(context, { ...operator, changes: wrong }), { code: 'bad_policy' })
    const bob = { ...(await water.by('bob')), group: 'water' }
    await assert.rejects(changeGroupPolicy(context, { ...bob, changes: { approvals: 2 } }), { code: 'forbidden' })
    await assert.rejects(rehearseGroupPolicy(context, { ...bob, changes: { approvals: 2 } }), { code: 'forbidden' })
  })

  it('covers a group of 1,000 with 10,000 vouches', async () => {
    const { kysely } = context.database
    await water.account('founder')
    await water.group('large', 'founder')
    const row = await kysely
      .selectFrom('trust_group')
      .select('group_no')
      .where('name', '=', 'large')
      .executeTakeFirstOrThrow()
    const group_no = row.group_no
    const made = await kysely
      .insertInto('account')
      .values(Array.from({ length: 1000 }, (_, i) => ({ name: `m-${i}`, role: 'member' as const, created_micros: 1 })))
      .returning('account_no')
      .execute()
    const numbers = made.map(({ account_no }) => account_no)
    const member = { group_no, created_micros: 1, admitted: 'nomination' as const, activity_micros: clock.nowMicros() }
    await kysely
      .insertInto('membership')
      .values(numbers.map((account_no) => ({ ...member, account_no })))
      .execute()
    for (let step = 1; step <= 10; step++) {
      const vouches = numbers.map((voucher_no, i) => ({
        group_no,
        voucher_no,
        vouchee_no: numbers[(i + step * 7) % numbers.length] ?? 0,
        made_micros: 1,
      }))
      await kysely.insertInto('vouch').values(vouches).execute()
    }
    const policy = { ...policyFrom('{}'), minOutvouch: 11 }
    const found = await context.database.transaction((trx) => rehearsePolicy(trx, group_no, policy, clock.nowMicros()))
    assert.equal(found.now.length, 1001)
  })
})

describe('the pages', () => {
  it('show every rule with what 0 means, rehearse, and save what was seen', async () => {
    const alice = await water.visitor('alice')
    const settings = await alice.get('/groups/water/settings')
    assert.match(settings.text, /0 means never\. In Ops-Trust 0 fails everyone the next day/)
    assert.equal((settings.text.match(/id="[A-Za-z]+"\s+name="(?:[a-z]+[A-Z]|approvals)/g) ?? []).length, 18)
    const shown = await alice.get(
      '/groups/water/settings/rehearsal?rules=all&pleaseVouch=on&minOutvouch=3&targetInvouch=2&approvals=1&distinctOrganisations=0&maxVouchDays=0&minInvouch=0&invouchGraceDays=14&vouchDays=0&keyGraceDays=14&maxInactivityDays=180&idleGuardDays=7&vouchVisibility=names&nominationsOpen=on&ringDetection=on',
    )
    assert.equal(shown.status, 200)
    assert.match(shown.text, /4 members would become inactive now/)
    assert.match(shown.text, /how many, and from whom/)
    const before = await stored()
    const fields = fieldsOf(shown.text)
    assert.equal(fields['minOutvouch'], '3')
    assert.equal(await stored(), before, 'looking saves nothing')
    await changeGroupPolicy(context, { ...operator, changes: { vouchDays: 365 } })
    const late = await alice.post('/groups/water/settings/rules', fields)
    assert.equal(late.status, 409, 'somebody was faster')
    assert.match(late.text, /Somebody else has changed the rules/)
    const saved = await alice.post('/groups/water/settings/rules', fieldsOf(late.text))
    assert.match(saved.text, /The rules are saved; 4 memberships have moved/)
    assert.equal(policyFrom(await stored()).minOutvouch, 3)
    assert.equal((await water.states())['bob'], 'inactive')
    const bob = await water.visitor('bob')
    const home = await bob.get('/groups/water')
    assert.match(home.text, /Vouches that a member gives<\/dt>\s*<dd>3</)
  })

  it('tell mistakes at their fields', async () => {
    const alice = await water.visitor('alice')
    const wrong = await alice.get('/groups/water/settings/rehearsal?rules=all&targetInvouch=many&approvals=1')
    assert.equal(wrong.status, 422)
    assert.match(wrong.text, /href="#targetInvouch">Write a whole number from 0 to 20/)
    const bob = await water.visitor('bob')
    assert.equal((await bob.get('/groups/water/settings/rehearsal')).status, 403)
  })
})
