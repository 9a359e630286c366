import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { makeInvitation, withdrawInvitation } from '../../server/members/invitations/invitations.ts'
import { changeGroup, makeGroup } from '../../server/members/groups.ts'
import {
  blockMember,
  leaveGroup,
  memorialiseMember,
  reinstateMember,
  removeMember,
} from '../../server/members/departures.ts'
import { addMember, giveRole, takeRole } from '../../server/members/memberships.ts'
import { openRecovery } from '../../server/members/recovery/recovery.ts'
import { appointAdministrator } from '../../server/members/site-administrators.ts'
import { suspendAccount } from '../../server/site/suspension.ts'
import { testSite } from '../support/site.ts'
import { peopleOf } from './people.ts'

const site = await testSite()
after(() => site.close())
const { context } = site
const people = peopleOf(site)
await people.account('root', 'administrator')
for (const name of ['alice', 'bob', 'carol', 'olive', 'mallory']) await people.account(name)
await people.group('water', 'alice')
await people.group('ports', 'mallory')
await people.member('water', 'bob', ['coordinator', 'list-owner'])
await people.member('water', 'root')
const FORBIDDEN = { code: 'forbidden' }
const ABSENT = { code: 'not_found' }
const ACTS = [blockMember, reinstateMember, memorialiseMember, removeMember] as const
const ALL_OF = [addMember, ...ACTS] as const

describe('an administrator of a group', () => {
  it('has no hand on accounts, a site administrator’s least of all (MISP CVE-2026-44380)', async () => {
    const alice = await people.by('alice')
    for (const name of ['root', 'bob', 'alice']) {
      await assert.rejects(suspendAccount(context, { ...alice, name }), FORBIDDEN)
      await assert.rejects(openRecovery(context, { ...alice, name, removeFactors: false }), FORBIDDEN)
      await assert.rejects(appointAdministrator(context, { ...alice, name }), FORBIDDEN)
    }
    await assert.rejects(makeInvitation(context, { ...alice }), FORBIDDEN)
  })

  it('stays inside the group: another one is absent', async () => {
    const alice = await people.by('alice')
    for (const act of ALL_OF) await assert.rejects(act(context, { ...alice, group: 'ports', account: 'carol' }), ABSENT)
    const role = 'group-administrator' as const
    for (const act of [giveRole, takeRole]) {
      await assert.rejects(act(context, { ...alice, group: 'ports', account: 'mallory', role }), ABSENT)
    }
    await assert.rejects(changeGroup(context, { ...alice, group: 'ports', title: 'Mine' }), ABSENT)
    await assert.rejects(makeInvitation(context, { ...alice, group: 'ports' }), ABSENT)
  })

  it('reaches no member of another group through the own one', async () => {
    const alice = await people.by('alice')
    for (const act of ACTS) {
      await assert.rejects(act(context, { ...alice, group: 'water', account: 'mallory' }), ABSENT)
    }
  })

  it('withdraws no invitation of another group or of the site by its id', async () => {
    const [alice, mallory, root] = [await people.by('alice'), await people.by('mallory'), await people.by('root')]
    await makeInvitation(context, { ...mallory, group: 'ports' })
    await makeInvitation(context, root)
    const links = await context.database.kysely.selectFrom('one_time_link').select('sha256').execute()
    assert.equal(links.length, 2)
    for (const { sha256 } of links) {
      const id = Buffer.from(sha256).toString('hex')
      await assert.rejects(withdrawInvitation(context, { ...alice, group: 'water', id }), ABSENT)
    }
  })

  it('gives and takes roles inside, and each is on the record', async () => {
    const alice = await people.by('alice')
    await giveRole(context, { ...alice, group: 'water', account: 'bob', role: 'group-administrator' })
    await takeRole(context, { ...alice, group: 'water', account: 'bob', role: 'group-administrator' })
    await assert.rejects(takeRole(context, { ...alice, group: 'water', account: 'bob', role: 'group-administrator' }), {
      code: 'role_not_there',
    })
    assert.deepEqual(await people.audited('role_taken'), [
      { actor: 'alice', detail: { group: 'water', account: 'bob', role: 'group-administrator' } },
    ])
    const { access } = await context.freshness.read()
    const bob = access.accountNamed('bob')?.accountNo ?? 0
    const roles = access.membership(bob, access.group('water')?.groupNo ?? 0)?.roles
    assert.deepEqual([...(roles ?? [])].toSorted(), ['coordinator', 'list-owner'])
  })
})

describe('everybody else', () => {
  it('a member, even with other roles, manages nobody', async () => {
    const bob = await people.by('bob')
    for (const act of ALL_OF)
      await assert.rejects(act(context, { ...bob, group: 'water', account: 'carol' }), FORBIDDEN)
    const wanted = { ...bob, group: 'water', account: 'bob', role: 'group-administrator' as const }
    await assert.rejects(giveRole(context, wanted), FORBIDDEN)
    await assert.rejects(makeInvitation(context, { ...bob, group: 'water' }), FORBIDDEN)
    await assert.rejects(makeGroup(context, group(bob, 'mine')), FORBIDDEN)
  })

  it('an administrator of the site who is a plain member is one: no more in the group than others', async () => {
    const root = await people.by('root')
    for (const act of ALL_OF) await assert.rejects(act(context, { ...root, group: 'water', account: 'bob' }), FORBIDDEN)
    for (const act of ALL_OF) await assert.rejects(act(context, { ...root, group: 'ports', account: 'bob' }), ABSENT)
  })

  it('nobody leaves for somebody else', async () => {
    const bob = await people.by('bob')
    await assert.rejects(leaveGroup(context, { ...bob, group: 'water', account: 'root' }), ABSENT)
  })

  it('what the actor may is decided on the rows of the moment, not on the page of before', async () => {
    await people.member('water', 'olive', ['group-administrator'])
    const before = await people.by('olive')
    const alice = await people.by('alice')
    await takeRole(context, { ...alice, group: 'water', account: 'olive', role: 'group-administrator' })
    await assert.rejects(removeMember(context, { ...before, group: 'water', account: 'bob' }), FORBIDDEN)
    await removeMember(context, { ...alice, group: 'water', account: 'olive' })
    await assert.rejects(removeMember(context, { ...before, group: 'water', account: 'bob' }), ABSENT)
    const root = await people.by('root')
    const suspended = await people.by('carol')
    await suspendAccount(context, { ...root, name: 'carol' })
    await assert.rejects(makeGroup(context, group(suspended, 'stolen')), ABSENT)
  })
})

describe('making a group', () => {
  it('names are those that addresses can hold, once each, and somebody administers it', async () => {
    const root = await people.by('root')
    for (const name of ['', 'Water', '9lives', 'a b', 'x-', 'a'.repeat(41), '../etc']) {
      await assert.rejects(makeGroup(context, group(root, name)), { code: 'bad_group_name' }, name)
    }
    await assert.rejects(makeGroup(context, group(root, 'water')), { code: 'name_taken' })
    await assert.rejects(makeGroup(context, { ...group(root, 'fire'), administrator: 'nobody' }), ABSENT)
    await assert.rejects(makeGroup(context, { ...group(root, 'fire'), administrator: 'carol' }), ABSENT)
    await assert.rejects(makeGroup(context, { ...group(root, 'fire'), title: ' ' }), { code: 'bad_title' })
    await makeGroup(context, group(root, 'fire'))
    assert.deepEqual(await people.administrators('fire'), ['bob'])
  })
})

function group(by: Awaited<ReturnType<typeof people.by>>, name: string) {
  return { ...by, name, title: 'A title', purpose: '', secondFactor: false, administrator: 'bob' }
}
