import { policyJson } from '../../policies/group-policy.ts'
import { insertGroupRoot } from '../members/group-roots.ts'
import type { GroupRow } from '../members/permission.ts'
import type { Transaction } from '../storage/database.ts'
import type { GroupArrival } from './arrival.ts'

/**
 * Makes the groups that are new, with their policies and attestations as they are there. One that is here already keeps
 * what it has.
 * @returns all of them, by their names there
 */
export async function bringGroups(
  trx: Transaction,
  source: string,
  groups: readonly GroupArrival[],
  { actor, nowMicros }: { readonly actor: string; readonly nowMicros: number },
): Promise<ReadonlyMap<string, GroupRow>> {
  const made = new Map<string, GroupRow>()
  for (const group of groups) {
    const row = group.how === 'new' ? await insertGroup(trx, group, nowMicros) : await groupHere(trx, group)
    made.set(group.there, row)
    if (group.how === 'new') {
      const attestations = group.attestations.map(({ name, text }) => {
        return { group_no: row.group_no, name, version: 1, text, required: true, created_micros: nowMicros }
      })
      if (attestations.length > 0) await trx.insertInto('attestation').values(attestations).execute()
      await insertGroupRoot(trx, { group: row, actor, nowMicros })
    }
    if (group.how === 'known') continue
    const outside = { source, outside_name: group.there, group_no: row.group_no }
    await trx.insertInto('imported_group').values(outside).execute()
    for (const { name, label } of group.fields) {
      await trx
        .insertInto('group_field')
        .values({ group_no: row.group_no, name, label, created_micros: nowMicros })
        .onConflict((conflict) => conflict.columns(['group_no', 'name']).doNothing())
        .execute()
    }
  }
  return made
}

const COLUMNS = ['group_no', 'name', 'title', 'second_factor', 'policy'] as const

async function insertGroup(trx: Transaction, group: GroupArrival, nowMicros: number): Promise<GroupRow> {
  return await trx
    .insertInto('trust_group')
    .values({
      name: group.here,
      title: group.title,
      purpose: '',
      second_factor: false,
      created_micros: nowMicros,
      policy: policyJson(group.policy),
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()
}

async function groupHere(trx: Transaction, group: GroupArrival): Promise<GroupRow> {
  return await trx.selectFrom('trust_group').select(COLUMNS).where('name', '=', group.here).executeTakeFirstOrThrow()
}
