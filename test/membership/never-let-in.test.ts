import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { addAsset } from '../../server/members/profile/assets.ts'
import { lookAtAssets } from '../../server/members/profile/assets-look.ts'
import { blockMember, memorialiseMember, reinstateMember, removeMember } from '../../server/members/departures.ts'
import { giveRole, takeRole } from '../../server/members/memberships.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { nomineeHandle } from '../../server/members/vouching/vouch-subject.ts'
import { run } from '../../server/storage/database.ts'
import { setState } from '../projection/set-state.ts'
import { testSite } from '../support/site.ts'
import { vouchersOf } from '../vouching/vouching-people.ts'

const site = await testSite()
after(() => site.close())
const { context } = site
const people = vouchersOf(site)
for (const name of ['alice', 'bob', 'nina', 'noel']) await people.account(name)
await people.group('water', 'alice')
await people.member('water', 'bob')
await people.group('ports', 'noel')

/** Addresses and paths of everything that was mailed to somebody. */
async function toldTo(name: string): Promise<readonly string[]> {
  const rows = await context.database.kysely
    .selectFrom('notice')
    .select(['kind', 'path'])
    .where('address', '=', `${name}@city.example`)
    .orderBy('notice_no')
    .execute()
  return rows.map(({ kind, path }) => `${kind} ${path}`)
}
/** Nominates somebody who has an account. */
const nominateKnown = (name: string) => people.nominate('bob', `Somebody ${name}`, { email: `${name}@city.example` })
const member = (account: string) => ({ ...BY_OPERATOR, group: 'water', account })

describe('somebody whom the group has never let in', () => {
  it('learns nothing of being nominated, blocked, let off and removed', async () => {
    for (const [then, wanted] of [
      [reinstateMember, 'failed'],
      [memorialiseMember, 'deceased'],
      [removeMember, undefined],
    ] as const) {
      await nominateKnown('nina')
      await blockMember(context, member('nina'))
      await then(context, member('nina'))
      assert.equal(await people.stateOf('nina'), wanted)
      if (wanted !== undefined) await removeMember(context, member('nina'))
    }
    assert.deepEqual(await toldTo('nina'), [])
  })

  it('is told nothing by a role, because nobody gives them one', async () => {
    await nominateKnown('nina')
    await assert.rejects(giveRole(context, { ...member('nina'), role: 'group-administrator' }), { code: 'state' })
    await blockMember(context, member('nina'))
    await assert.rejects(giveRole(context, { ...member('nina'), role: 'coordinator' }), { code: 'state' })
    assert.deepEqual(await toldTo('nina'), [])
    await removeMember(context, member('nina'))
  })

  it('shows nothing that they answer for, and no photo', async () => {
    const accountNo = await people.accountNo('noel')
    const owner = { accountNo, name: 'noel', actor: 'noel' }
    await addAsset(context, owner, { kind: 'keyword', value: 'cranes of noel', note: '' })
    await context.database.transaction((trx) =>
      run(trx, `insert into photo values ($1::int, 'image/png', '\\x00'::bytea, 1)`, [accountNo]),
    )
    await nominateKnown('noel')
    const look = async () =>
      await lookAtAssets(context, { ...(await people.by('alice')), group: 'water', account: 'noel', after: '' })
    const alice = await people.visitor('alice')
    for (const state of ['nominated', 'vetted', 'failed', 'blocked'] as const) {
      await setState(site, 'water', 'noel', state)
      await assert.rejects(look(), { code: 'not_found' }, state)
      assert.equal((await alice.once('/groups/water/members/noel/photo')).status, 404, state)
    }
    await setState(site, 'water', 'noel', 'active')
    assert.equal((await look()).length, 1)
    assert.equal((await alice.once('/groups/water/members/noel/photo')).status, 200)
    await removeMember(context, member('noel'))
  })
})

describe('a member who is shut out', () => {
  it('is told that something changed, but no page that they cannot open', async () => {
    await blockMember(context, member('bob'))
    await reinstateMember(context, member('bob'))
    const told = await toldTo('bob')
    assert.ok(told.includes('membership-changed /'))
    assert.ok(told.includes('membership-changed /groups/water'))
  })

  it('loses a role without being told where the group is', async () => {
    await giveRole(context, { ...member('bob'), role: 'coordinator' })
    await blockMember(context, member('bob'))
    const before = await toldTo('bob')
    await takeRole(context, { ...member('bob'), role: 'coordinator' })
    assert.deepEqual(await toldTo('bob'), before)
    await reinstateMember(context, member('bob'))
    await setState(site, 'water', 'bob', 'active')
  })

  it('does not vouch again by dying', async () => {
    const pending = await people.nominate('bob', 'Vera Vouchee')
    const accountNo = await people.nomineeNo(pending)
    await people.vouch('alice', nomineeHandle(pending))
    await blockMember(context, member('bob'))
    const before = await people.stateOf(accountNo)
    await memorialiseMember(context, member('bob'))
    assert.equal(await people.stateOf(accountNo), before)
    const standing = await context.database.kysely
      .selectFrom('vouch')
      .select('voucher_no')
      .where('voucher_no', '=', await people.accountNo('bob'))
      .where('ended_micros', 'is', null)
      .execute()
    assert.deepEqual(standing, [])
  })
})
