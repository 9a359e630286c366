import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { after, describe, it } from 'node:test'
import { blockMember, reinstateMember } from '../../server/members/departures.ts'
import { setFieldValues, setGroupField } from '../../server/members/profile/group-fields.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { saveProfile } from '../../server/members/profile/profile.ts'
import { nomineeHandle } from '../../server/members/vouching/vouch-subject.ts'
import { EMPTY_PROFILE } from '../../server/members/profile/profile-fields.ts'
import { holdAccess } from '../../server/site/site.ts'
import { run } from '../../server/storage/database.ts'
import { addHistory } from '../../server/storage/membership-rows.ts'
import { TEST_DATABASE_URL } from '../support/database.ts'
import { testSite } from '../support/site.ts'
import { vouchersOf } from '../vouching/vouching-people.ts'

const site = await testSite()
after(() => site.close())
const { context } = site
const people = vouchersOf(site)
for (const name of ['alice', 'bob', 'carol', 'ivy']) await people.account(name)
await people.group('water', 'alice')
for (const name of ['bob', 'carol']) await people.member('water', name)

const accountOf = async (name: string) => {
  const account = (await context.freshness.read()).access.accountNamed(name)
  assert.ok(account)
  return account
}

describe('facts of a membership that stand elsewhere', () => {
  it('count at once: the employer of a voucher', async () => {
    await people.rules('water', { targetInvouch: 2, distinctOrganisations: 2 })
    const nomination = await people.nominate('bob', 'Olga Organised')
    const nomineeNo = await people.nomineeNo(nomination)
    await people.vouch('carol', nomineeHandle(nomination))
    assert.equal(await people.stateOf(nomineeNo), 'nominated')
    for (const [name, affiliation] of [
      ['bob', 'Water works'],
      ['carol', 'Port of call'],
    ] as const) {
      await saveProfile(context, { account: await accountOf(name), profile: { ...EMPTY_PROFILE, affiliation } })
    }
    assert.equal(await people.stateOf(nomineeNo), 'vetted')
  })

  it('are read off the history: a nominee who came from another portal was never let in', async () => {
    const [groupNo, accountNo] = [await people.groupNo('water'), await people.accountNo('ivy')]
    const nowMicros = context.clock.nowMicros()
    for (const [state, wanted] of [
      ['nominated', 'failed'],
      ['vetted', 'failed'],
      ['idle', 'active'],
      ['blocked', 'active'],
    ] as const) {
      await context.database.transaction(async (trx) => {
        const keys = { group_no: groupNo, account_no: accountNo, roles: '', active: false, created_micros: nowMicros }
        await trx
          .insertInto('membership')
          .values({ ...keys, state, admitted: 'import' })
          .execute()
        const step = { groupNo, accountNo, atMicros: nowMicros, event: 'imported', actor: 'test' }
        await addHistory(trx, { ...step, from: undefined, to: state })
      })
      const ivy = { ...BY_OPERATOR, group: 'water', account: 'ivy' }
      if (state !== 'blocked') await blockMember(context, ivy)
      await reinstateMember(context, ivy)
      assert.equal(await people.stateOf('ivy'), wanted, state)
      await context.database.transaction(async (trx) => {
        for (const table of ['membership', 'membership_history'] as const) {
          await trx.deleteFrom(table).where('group_no', '=', groupNo).where('account_no', '=', accountNo).execute()
        }
      })
    }
  })
})

describe('a field of a group', () => {
  it('may be called what every object of a program has', async () => {
    await setGroupField(context, { ...BY_OPERATOR, group: 'water', name: 'constructor', label: 'Builder' })
    const wanted = { ...(await people.by('bob')), group: 'water', account: await accountOf('bob') }
    await setFieldValues(context, { ...wanted, values: {} })
    await setFieldValues(context, { ...wanted, values: { constructor: 'Ada' } })
  })
})

describe('activity that is written', () => {
  it(
    'and a change of states do not wait for each other in a circle',
    { skip: TEST_DATABASE_URL ? false : 'the embedded database has one connection: set TEST_DATABASE_URL' },
    async () => {
      const groupNo = await people.groupNo('water')
      const [bob, carol] = [await people.accountNo('bob'), await people.accountNo('carol')]
      const touch = `update membership set below_micros = null where group_no = $1::int and account_no = $2::int`
      for (const accountNo of [bob, carol]) context.activity.note(groupNo, accountNo, context.clock.nowMicros())
      const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
      const written = asked.then(() => context.activity.flush()) // made out here: it is another request
      await context.database.transaction(async (trx) => {
        await holdAccess(trx)
        await run(trx, touch, [groupNo, carol])
        ask()
        await pause(300)
        await run(trx, touch, [groupNo, bob])
      })
      await written
    },
  )
})
