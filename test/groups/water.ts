import type { GroupPolicy } from '../../policies/group-policy.ts'
import type { MemberState } from '../../policies/member-state.ts'
import { raiseAccess } from '../../server/site/site.ts'
import type { TestSite } from '../support/site.ts'
import { peopleOf } from '../members/people.ts'

/** A group `water` that alice administers, with ways to make its facts directly. */
export async function waterGroup(site: TestSite, names: readonly string[]) {
  const { database, clock, freshness } = site.context
  const people = peopleOf(site)
  for (const name of ['alice', ...names]) await people.account(name)
  await people.group('water', 'alice')
  for (const name of names) await people.member('water', name)

  const numberOf = async (name: string): Promise<number> => {
    const { access } = await freshness.read()
    const account = access.accountNamed(name)
    if (!account) throw new Error(`no account ${name}`)
    return account.accountNo
  }
  const groupNo = async (): Promise<number> => (await freshness.read()).access.group('water')?.groupNo ?? 0

  return {
    ...people,
    numberOf,
    groupNo,
    /** Vouches as they stand in the database, each as `voucher vouchee` or with a text. */
    vouch: async (...pairs: readonly (readonly [voucher: string, vouchee: string, text?: string])[]) => {
      for (const [voucher, vouchee, text = ''] of pairs) {
        const [voucher_no, vouchee_no] = [await numberOf(voucher), await numberOf(vouchee)]
        const made_micros = clock.nowMicros()
        await database.kysely
          .insertInto('vouch')
          .values({ group_no: await groupNo(), voucher_no, vouchee_no, text, made_micros })
          .execute()
      }
    },
    profile: async (
      name: string,
      said: Readonly<{
        affiliation?: string
        airport?: string
        languages?: string
        phone?: string
        sms?: string
        im?: string
        postal?: string
        biography?: string
        hide_email?: boolean
      }>,
    ) => {
      const account_no = await numberOf(name)
      await database.kysely
        .insertInto('profile')
        .values({ account_no, changed_micros: clock.nowMicros(), ...said })
        .onConflict((conflict) => conflict.column('account_no').doUpdateSet(said))
        .execute()
    },
    /** Columns of an account, for example its time zone. */
    change: async (name: string, changes: Readonly<{ display_name?: string; time_zone?: string }>) => {
      await database.transaction(async (trx) => {
        await raiseAccess(trx)
        await trx.updateTable('account').set(changes).where('name', '=', name).execute()
      })
    },
    /** Puts a membership into a state, as if it had come there. */
    put: async (name: string, state: MemberState, admitted: 'nomination' | 'administrator' = 'nomination') => {
      const account_no = await numberOf(name)
      const group_no = await groupNo()
      const active = ['active', 'inactive', 'soonidle', 'idle'].includes(state)
      await database.transaction(async (trx) => {
        await raiseAccess(trx)
        await trx
          .updateTable('membership')
          .set({ state, active, admitted })
          .where('group_no', '=', group_no)
          .where('account_no', '=', account_no)
          .execute()
      })
    },
    policy: async (changes: Partial<GroupPolicy>) => {
      await database.transaction(async (trx) => {
        await raiseAccess(trx)
        await trx
          .updateTable('trust_group')
          .set({ policy: JSON.stringify(changes) })
          .where('name', '=', 'water')
          .execute()
      })
    },
    states: async (): Promise<Readonly<Record<string, string>>> => {
      const rows = await database.kysely
        .selectFrom('membership as m')
        .innerJoin('account as a', 'a.account_no', 'm.account_no')
        .select(['a.name', 'm.state'])
        .where('m.group_no', '=', await groupNo())
        .orderBy('a.name')
        .execute()
      return Object.fromEntries(rows.map((row) => [row.name, row.state]))
    },
  }
}
