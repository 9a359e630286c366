import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { flushActivity } from '../../server/members/activity.ts'
import { reviewEveryone } from '../../server/members/review.ts'
import { addServiceToken, makeServiceAccount } from '../../server/members/service-accounts.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { raiseAccess } from '../../server/site/site.ts'
import { addToken } from '../../server/site/tokens.ts'
import { peopleOf } from '../members/people.ts'
import { movableClock } from '../support/movable-clock.ts'
import { TAXII, testSite } from '../support/site.ts'

const DAY = 86_400_000_000
const clock = movableClock('2026-03-02T12:00:00Z')
const site = await testSite({ clock })
after(() => site.close())
const { context } = site
const people = peopleOf(site)
for (const name of ['keeper', 'alice', 'boris']) await people.account(name)
for (const group of ['water', 'power']) {
  await people.group(group, 'keeper')
  for (const name of ['alice', 'boris']) await people.member(group, name)
}
await context.database.transaction(async (trx) => {
  await raiseAccess(trx)
  await trx
    .updateTable('trust_group')
    .set({ policy: '{"canTimeOut":true,"maxInactivityDays":30,"idleGuardDays":5}' })
    .execute()
})

async function stateOf(group: string, name: string) {
  const { access } = await context.freshness.read()
  return access.membership(access.accountNamed(name)?.accountNo ?? 0, access.group(group)?.groupNo ?? 0)?.state
}

describe('activity', () => {
  it('counts in the group where it is, and in no other', async () => {
    for (let days = 0; days < 28; days += 7) {
      clock.move(7 * DAY)
      const alice = await people.visitor('alice')
      assert.equal((await alice.get('/groups/water/members')).status, 200)
    }
    await flushActivity(context)
    await reviewEveryone(context)
    assert.equal(await stateOf('water', 'alice'), 'active')
    assert.equal(await stateOf('power', 'alice'), 'soonidle')
    clock.move(5 * DAY)
    await reviewEveryone(context)
    assert.equal(await stateOf('water', 'alice'), 'active')
    assert.equal(await stateOf('power', 'alice'), 'idle')
  })

  it('makes who was idle active again with the page that they open', async () => {
    const alice = await people.visitor('alice')
    assert.equal((await alice.get('/groups/power/members')).status, 200)
    assert.equal(await stateOf('power', 'alice'), 'active')
    const moved = (await people.audited('membership_moved')).at(-1)
    assert.deepEqual([moved?.detail['account'], moved?.detail['to']], ['alice', 'active'])
  })

  it('is reading collections with a credential of one’s own, and not what a program does', async () => {
    clock.move(31 * DAY)
    const { account } = await makeServiceAccount(context, {
      ...BY_OPERATOR,
      owner: 'boris',
      group: 'water',
      name: 'siem',
      canWrite: false,
    })
    const { token } = await addServiceToken(context, { ...BY_OPERATOR, owner: 'boris', account })
    await reviewEveryone(context)
    assert.equal(await stateOf('water', 'boris'), 'idle')
    const url = `${site.url}/water/collections/indicators/objects/`
    const read = async (headers: Readonly<Record<string, string>>) => {
      const response = await fetch(url, { headers })
      await response.arrayBuffer()
      assert.equal(response.status, 200)
      await flushActivity(context)
    }
    await read({ accept: TAXII, authorization: `Bearer ${token}` })
    assert.equal(await stateOf('water', 'boris'), 'idle')
    await read(await site.addToken('boris'))
    assert.equal(await stateOf('water', 'boris'), 'active')
    assert.equal(await stateOf('power', 'boris'), 'idle')
  })

  it('is asking the API about the group', async () => {
    const { token } = await addToken(context, { actor: 'test', account: 'boris', scopes: ['api:read'] })
    const response = await fetch(`${site.url}/api/v1/groups/power`, { headers: { authorization: `Bearer ${token}` } })
    await response.arrayBuffer()
    assert.equal(response.status, 200)
    await flushActivity(context)
    assert.equal(await stateOf('power', 'boris'), 'active')
  })

  it('is written at most once an hour', async () => {
    const { accountNo } = (await context.freshness.read()).access.accountNamed('alice') ?? { accountNo: 0 }
    const { groupNo } = (await context.freshness.read()).access.group('water') ?? { groupNo: 0 }
    const micros = async () => {
      const row = await context.database.kysely
        .selectFrom('membership')
        .select('activity_micros')
        .where('account_no', '=', accountNo)
        .where('group_no', '=', groupNo)
        .executeTakeFirstOrThrow()
      return Number(row.activity_micros)
    }
    clock.move(DAY)
    const first = clock.nowMicros()
    context.activity.note(groupNo, accountNo, first)
    context.activity.note(groupNo, accountNo, first + 60_000_000)
    await flushActivity(context)
    assert.equal(await micros(), first)
    context.activity.note(groupNo, accountNo, first + 3_600_000_001)
    await flushActivity(context)
    assert.equal(await micros(), first + 3_600_000_001)
  })
})
