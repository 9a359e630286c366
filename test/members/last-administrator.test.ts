import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import fc from 'fast-check'
import { startServer } from '../../server/main.ts'
import { blockMember, leaveGroup, memorialiseMember, removeMember } from '../../server/members/departures.ts'
import { giveRole, takeRole } from '../../server/members/memberships.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { appointAdministrator, unappointAdministrator } from '../../server/members/site-administrators.ts'
import { raiseAccess } from '../../server/site/site.ts'
import { restoreAccount, suspendAccount } from '../../server/site/suspension.ts'
import { TEST_DATABASE_URL } from '../support/database.ts'
import { openSite } from '../support/serve-process.ts'
import { testSite } from '../support/site.ts'
import { peopleOf } from './people.ts'

const site = await testSite()
// another process would share no more with the first than the database: neither does this core
const second = TEST_DATABASE_URL ? await startServer(await openSite(site.place)) : undefined
after(async () => {
  await second?.close()
  await site.close()
})
const people = peopleOf(site)
const contexts = [site.context, second?.context ?? site.context] as const
for (const name of ['alice', 'bob', 'carol']) await people.account(name)
await people.account('root', 'administrator')
await people.account('other-root', 'administrator')
const LAST = { code: 'last_administrator' }

type Member = { readonly group: string; readonly account: string }
/** Every act after which somebody administers a group no more. */
const LOSSES = {
  leave: async (at: 0 | 1, { group, account }: Member) =>
    leaveGroup(contexts[at], { ...(await people.by(account)), group, account }),
  remove: async (at: 0 | 1, member: Member) =>
    removeMember(contexts[at], { ...(await people.by(member.account)), ...member }),
  block: async (at: 0 | 1, member: Member) =>
    blockMember(contexts[at], { ...(await people.by(member.account)), ...member }),
  memorialise: async (at: 0 | 1, member: Member) =>
    memorialiseMember(contexts[at], { ...(await people.by(member.account)), ...member }),
  'lose the role': async (at: 0 | 1, member: Member) =>
    takeRole(contexts[at], { ...(await people.by(member.account)), ...member, role: 'group-administrator' }),
}
type Loss = keyof typeof LOSSES
const losses = Object.keys(LOSSES) as Loss[]
let groups = 0

/** A new group of two administrators, alice and bob, who are not suspended. */
async function groupOfTwo(): Promise<string> {
  const group = `group-${(groups += 1)}`
  await restored()
  await people.group(group, 'alice')
  await people.member(group, 'bob', ['group-administrator', 'coordinator'])
  return group
}

async function restored(): Promise<void> {
  // the snapshot would call accounts inactive too that a group has blocked
  const suspended = await site.context.database.kysely
    .selectFrom('account')
    .select('name')
    .where('active', '=', false)
    .execute()
  for (const { name } of suspended) await restoreAccount(site.context, { ...BY_OPERATOR, name })
}

/** Ends every administration but that of `account`, so that a suspension of the others is not refused for old groups. */
async function forget(): Promise<void> {
  await site.context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    await trx.deleteFrom('membership').execute()
  })
}

describe('the last administrator of a group', () => {
  for (const loss of losses) {
    it(`cannot ${loss}, the last but one can`, async () => {
      await forget()
      const group = await groupOfTwo()
      await LOSSES[loss](0, { group, account: 'bob' })
      await assert.rejects(LOSSES[loss](0, { group, account: 'alice' }), LAST)
      assert.deepEqual(await people.administrators(group), ['alice'])
    })
  }

  it('is not saved by somebody who is blocked or suspended, nor by a plain member', async () => {
    await forget()
    const group = await groupOfTwo()
    await people.member(group, 'carol', ['list-owner'])
    await LOSSES.block(0, { group, account: 'bob' })
    for (const loss of losses) await assert.rejects(LOSSES[loss](0, { group, account: 'alice' }), LAST, loss)
    await giveRole(site.context, { ...BY_OPERATOR, group, account: 'carol', role: 'group-administrator' })
    await suspendAccount(site.context, { ...BY_OPERATOR, name: 'carol' })
    for (const loss of losses) await assert.rejects(LOSSES[loss](0, { group, account: 'alice' }), LAST, loss)
  })

  it('can be suspended at once, and the operator is told which groups have nobody now', async () => {
    await forget()
    const group = await groupOfTwo()
    await LOSSES.leave(0, { group, account: 'bob' })
    const { leaderless } = await suspendAccount(site.context, { ...BY_OPERATOR, name: 'alice' })
    assert.equal(leaderless.length, 1)
    await people.member(group, 'carol', [])
    await giveRole(site.context, { ...BY_OPERATOR, group, account: 'carol', role: 'group-administrator' })
    assert.deepEqual(await people.administrators(group), ['carol'])
  })

  it('of two who go at once, in every pair of ways, exactly one succeeds', async () => {
    const pairs = losses.flatMap((one) => losses.map((other) => [one, other] as const))
    for (const [one, other] of pairs) {
      await forget()
      const group = await groupOfTwo()
      const done = await Promise.allSettled([
        LOSSES[one](0, { group, account: 'alice' }),
        LOSSES[other](1, { group, account: 'bob' }),
      ])
      const states = done.map(({ status }) => status).toSorted()
      assert.deepEqual(states, ['fulfilled', 'rejected'], `${one} with ${other}`)
      assert.equal((await people.administrators(group)).length, 1, `${one} with ${other}`)
    }
  })

  it('whatever happens in whatever order, a group has an administrator', async () => {
    const step = fc.record({
      loss: fc.constantFrom(...losses),
      account: fc.constantFrom('alice', 'bob', 'carol'),
      at: fc.constantFrom(0 as const, 1 as const),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 4 }), async (rounds) => {
        await forget()
        const group = await groupOfTwo()
        await people.member(group, 'carol', ['group-administrator'])
        for (const round of rounds) {
          await Promise.allSettled(round.map(({ loss, account, at }) => LOSSES[loss](at, { group, account })))
          assert.notDeepEqual(await people.administrators(group), [])
        }
      }),
      { numRuns: 25 },
    )
  })
})

describe('the last administrator of the site', () => {
  const siteLosses = {
    'be suspended': (at: 0 | 1, name: string) => suspendAccount(contexts[at], { ...BY_OPERATOR, name }),
    'lose the role': (at: 0 | 1, name: string) => unappointAdministrator(contexts[at], { ...BY_OPERATOR, name }),
  }

  async function twoRoots(): Promise<void> {
    await restored()
    const { access } = await site.context.freshness.read()
    for (const name of ['root', 'other-root'].filter((each) => access.accountNamed(each)?.role === 'member')) {
      await appointAdministrator(site.context, { ...BY_OPERATOR, name })
    }
  }

  for (const [loss, lose] of Object.entries(siteLosses)) {
    it(`cannot ${loss}, the last but one can`, async () => {
      await twoRoots()
      await lose(0, 'other-root')
      await assert.rejects(lose(0, 'root'), LAST)
    })
  }

  it('of two who go at once exactly one succeeds, also each by the other’s hand', async () => {
    for (const one of Object.values(siteLosses)) {
      for (const other of Object.values(siteLosses)) {
        await twoRoots()
        const done = await Promise.allSettled([one(0, 'root'), other(1, 'other-root')])
        assert.deepEqual(done.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
      }
    }
    await twoRoots()
    const [root, otherRoot] = [await people.by('root'), await people.by('other-root')]
    const done = await Promise.allSettled([
      suspendAccount(contexts[0], { ...root, name: 'other-root' }),
      suspendAccount(contexts[1], { ...otherRoot, name: 'root' }),
    ])
    assert.deepEqual(done.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  })
})
