import { CAPABILITIES } from '../../policies/member-state.ts'
import type { GroupRow } from '../members/permission.ts'
import type { Transaction } from '../storage/database.ts'
import type { Arrivals, MembershipArrival, VouchArrival } from './arrival.ts'
import { batches } from './batches.ts'
import { type Brought, numberOf } from './bring-people.ts'
import { keyOf } from './people-sources.ts'

/** Where memberships come from and go to. */
export interface Places {
  readonly groups: ReadonlyMap<string, GroupRow>
  readonly brought: Brought
  readonly actor: string
  readonly nowMicros: number
}

/** Writes memberships in the states that they have there, with everything that hangs on them. */
export async function bringMemberships(trx: Transaction, arrivals: Arrivals, places: Places): Promise<void> {
  const { groups, brought, actor, nowMicros } = places
  const rows = arrivals.memberships.map((each) => ({
    each,
    group_no: groupNo(groups, each.group),
    account_no: numberOf(brought.accountNo, each.person),
    address_no: of(brought.addressNo, each),
    certificate_no: of(brought.certificateNo, each),
  }))
  for (const part of batches(rows)) {
    await trx
      .insertInto('membership')
      .values(
        part.map(({ each, ...keys }) => ({
          ...keys,
          roles: each.isAdministrator ? 'group-administrator' : '',
          state: each.state,
          active: CAPABILITIES[each.state].see,
          admitted: each.admitted,
          created_micros: each.enteredMicros,
          // since when it has been in its state is not kept there, except for a nominee
          state_micros: each.state === 'nominated' ? each.enteredMicros : nowMicros,
          activity_micros: each.activityMicros,
        })),
      )
      .execute()
    await trx
      .insertInto('membership_history')
      .values(
        part.map(({ each, group_no, account_no }) => {
          return {
            group_no,
            account_no,
            at_micros: nowMicros,
            event: 'imported',
            from_state: null,
            to_state: each.state,
            actor,
          }
        }),
      )
      .execute()
  }
  const changes = rows.flatMap(({ group_no, account_no, certificate_no }) =>
    certificate_no === null
      ? []
      : [
          {
            group_no,
            account_no,
            to_no: certificate_no,
            proof: 'import' as const,
            asked_micros: nowMicros,
            ready_micros: nowMicros,
            done_micros: nowMicros,
          },
        ],
  )
  for (const part of batches(changes)) await trx.insertInto('key_change').values(part).execute()
  await bringNominations(trx, arrivals, places)
  await bringFields(trx, arrivals, places)
}

/** Writes vouches as they were made, with no attestation: which were ticked is not kept there. */
export async function bringVouches(trx: Transaction, arrivals: Arrivals, places: Places): Promise<void> {
  const { nowMicros } = places
  for (const part of batches(arrivals.vouches)) {
    await trx
      .insertInto('vouch')
      .values(
        part.map((vouch) => ({
          ...sides(places, vouch),
          text: vouch.text,
          made_micros: vouch.madeMicros,
          ...(vouch.isOver && { ended_micros: nowMicros, end_reason: 'nomination-failed' as const }),
        })),
      )
      .execute()
  }
  for (const part of batches(arrivals.marks)) {
    await trx
      .insertInto('vouch_mark')
      .values(part.map((mark) => ({ ...sides(places, mark), marked_micros: mark.madeMicros })))
      .onConflict((conflict) => conflict.columns(['group_no', 'voucher_no', 'vouchee_no']).doNothing())
      .execute()
  }
}

async function bringNominations(trx: Transaction, arrivals: Arrivals, { groups, brought }: Places): Promise<void> {
  const people = new Map(arrivals.people.map((person) => [person.there, person]))
  const rows = arrivals.memberships.flatMap((each) => {
    const person = people.get(each.person)
    if (each.nominator === undefined || !person) return []
    return [
      {
        group_no: groupNo(groups, each.group),
        account_no: numberOf(brought.accountNo, each.person),
        nominator_no: numberOf(brought.accountNo, each.nominator),
        name: person.displayName,
        affiliation: person.profile.affiliation,
        email: each.address ?? person.email ?? '',
        biography: person.profile.biography,
        made_micros: each.enteredMicros,
      },
    ]
  })
  for (const part of batches(rows)) await trx.insertInto('nomination').values(part).execute()
}

async function bringFields(trx: Transaction, arrivals: Arrivals, { groups, brought }: Places): Promise<void> {
  const details = new Map(arrivals.people.map((person) => [person.there, person.details]))
  const fields = new Map(arrivals.groups.map((group) => [group.there, new Set(group.fields.map(({ name }) => name))]))
  const rows = arrivals.memberships.flatMap((each) =>
    [...(details.get(each.person) ?? [])]
      .filter(([name]) => fields.get(each.group)?.has(name))
      .map(([name, value]) => ({
        group_no: groupNo(groups, each.group),
        account_no: numberOf(brought.accountNo, each.person),
        name,
        value,
      })),
  )
  for (const part of batches(rows)) {
    await trx
      .insertInto('member_field')
      .values(part)
      .onConflict((conflict) => conflict.columns(['group_no', 'account_no', 'name']).doNothing())
      .execute()
  }
}

function sides({ groups, brought }: Places, { group, voucher, vouchee }: VouchArrival) {
  return {
    group_no: groupNo(groups, group),
    voucher_no: numberOf(brought.accountNo, voucher),
    vouchee_no: numberOf(brought.accountNo, vouchee),
  }
}

function of(numbers: ReadonlyMap<string, number>, { person, address }: MembershipArrival): number | null {
  return address === undefined ? null : (numbers.get(keyOf(person, address)) ?? null)
}

function groupNo(groups: ReadonlyMap<string, GroupRow>, there: string): number {
  const group = groups.get(there)
  if (!group) throw new Error('the plan of the import names a group that does not come')
  return group.group_no
}
