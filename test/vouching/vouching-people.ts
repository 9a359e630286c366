import { DEFAULT_POLICY, type GroupPolicy, policyJson } from '../../policies/group-policy.ts'
import type { MemberState } from '../../policies/member-state.ts'
import { nominate } from '../../server/members/vouching/nominate.ts'
import { vouch } from '../../server/members/vouching/vouch.ts'
import { raiseAccess } from '../../server/site/site.ts'
import { peopleOf } from '../members/people.ts'
import type { TestSite } from '../support/site.ts'

/** The three statements that a new group begins with, as forms tick them. */
export const ALL_TICKED = ['met:1', 'trust:1', 'fate:1'] as const

/** A nomination of somebody, with everything that it takes. */
export function nominee(name: string, more: Partial<Parameters<typeof nominate>[1]> = {}) {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z ]/g, '')
  const email = `${plain.trim().replaceAll(/ +/g, '.')}@city.example`
  const about = { name, email, affiliation: 'City works', biography: 'Runs the pumps.' }
  return { group: 'water', ...about, text: 'I know them.', attested: ALL_TICKED, isNoneOfThem: false, ...more }
}

/** People of a test who nominate and vouch. */
export function vouchersOf(site: TestSite) {
  const people = peopleOf(site)
  const { context } = site
  const groupNo = async (group: string) => (await context.freshness.read()).access.group(group)?.groupNo ?? 0
  const accountNo = async (name: string) => (await context.freshness.read()).access.accountNamed(name)?.accountNo ?? 0
  return {
    ...people,
    groupNo,
    accountNo,
    /** Gives a group rules, over the defaults. */
    rules: async (group: string, policy: Partial<GroupPolicy>) => {
      await context.database.transaction(async (trx) => {
        await raiseAccess(trx)
        await trx
          .updateTable('trust_group')
          .set({ policy: policyJson({ ...DEFAULT_POLICY, ...policy }) })
          .where('name', '=', group)
          .execute()
      })
    },
    nominate: async (by: string, name: string, more: Partial<Parameters<typeof nominate>[1]> = {}) =>
      (await nominate(context, { ...(await people.by(by)), ...nominee(name, more) })).nominationNo,
    vouch: async (by: string, vouchee: string, more: { readonly group?: string; readonly text?: string } = {}) => {
      const given = { group: 'water', text: `So says ${by}.`, vouchee, attested: ALL_TICKED }
      await vouch(context, { ...(await people.by(by)), ...given, ...more })
    },
    /** State of somebody in a group; undefined where there is no membership. */
    stateOf: async (account: string | number, group = 'water'): Promise<MemberState | undefined> => {
      const row = await context.database.kysely
        .selectFrom('membership as m')
        .innerJoin('account as a', 'a.account_no', 'm.account_no')
        .select('m.state')
        .where('m.group_no', '=', await groupNo(group))
        .where(typeof account === 'string' ? 'a.name' : 'a.account_no', '=', account)
        .executeTakeFirst()
      return row?.state
    },
    /** Account of a nominee. */
    nomineeNo: async (nominationNo: number): Promise<number> => {
      const row = await context.database.kysely
        .selectFrom('nomination')
        .select('account_no')
        .where('nomination_no', '=', nominationNo)
        .executeTakeFirstOrThrow()
      return row.account_no
    },
    /** Every vouch for somebody that there ever was, oldest first. */
    vouchesFor: async (voucheeNo: number) =>
      await context.database.kysely
        .selectFrom('vouch')
        .selectAll()
        .where('vouchee_no', '=', voucheeNo)
        .orderBy('vouch_no')
        .execute(),
  }
}
