import { BadRequestError, ConflictError, NotFoundError } from '../../errors.ts'
import { holdAccess } from '../../site/site.ts'
import type { Account } from '../../storage/access.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { type Database, run } from '../../storage/database.ts'
import { groupNamed, memberOf } from '../group-rows.ts'
import type { MembersContext } from '../memberships.ts'
import { type By, mustMay } from '../permission.ts'
import { isPlainLine } from '../../../policies/plain-text.ts'

/** How many fields of its own a group may ask for. */
export const MAX_GROUP_FIELDS = 20
/** Longest label of a field, and longest value, in characters. */
export const MAX_FIELD_LABEL = 60
export const MAX_FIELD_VALUE = 200

const NAME = /^[a-z][a-z0-9_]{0,29}$/

/** Something that a group wants to know of its members beside their profiles, for example a call sign. */
export interface GroupField {
  readonly name: string
  readonly label: string
}

/** The fields that a group asks for now, by label. */
export async function fieldsOf({ kysely }: Pick<Database, 'kysely'>, groupNo: number): Promise<readonly GroupField[]> {
  return await kysely
    .selectFrom('group_field')
    .select(['name', 'label'])
    .where('group_no', '=', groupNo)
    .where('retired_micros', 'is', null)
    .orderBy('label')
    .execute()
}

/** What a member has written into the fields of a group that are asked for now, in the order of their labels. */
export async function fieldValuesOf(
  { kysely }: Pick<Database, 'kysely'>,
  groupNo: number,
  accountNo: number,
): Promise<readonly (GroupField & { readonly value: string })[]> {
  const rows = await kysely
    .selectFrom('group_field as f')
    .leftJoin('member_field as v', (join) =>
      join.onRef('v.group_no', '=', 'f.group_no').onRef('v.name', '=', 'f.name').on('v.account_no', '=', accountNo),
    )
    .select(['f.name', 'f.label', 'v.value'])
    .where('f.group_no', '=', groupNo)
    .where('f.retired_micros', 'is', null)
    .orderBy('f.label')
    .execute()
  return rows.map(({ name, label, value }) => ({ name, label, value: value ?? '' }))
}

/**
 * Adds a field to a group, or gives one another label; one that was taken away comes back with what members wrote.
 * @throws {BadRequestError} code `bad_field_name` or `bad_field_label`
 * @throws {ConflictError} code `too_many_fields`
 */
export async function setGroupField(
  context: MembersContext,
  wanted: By & { readonly group: string } & GroupField,
): Promise<void> {
  const label = wanted.label.trim()
  if (!NAME.test(wanted.name)) {
    throw new BadRequestError(
      'bad_field_name',
      'a field’s name has 1 to 30 lower-case letters, digits and underscores, and starts with a letter',
    )
  }
  if (label === '' || label.length > MAX_FIELD_LABEL || !isPlainLine(label)) {
    throw new BadRequestError(
      'bad_field_label',
      `a field’s label is one plain line of 1 to ${MAX_FIELD_LABEL} characters`,
    )
  }
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'set-group', { row: group, nowMicros })
    const others = await trx
      .selectFrom('group_field')
      .select('name')
      .where('group_no', '=', group.group_no)
      .where('retired_micros', 'is', null)
      .where('name', '<>', wanted.name)
      .execute()
    if (others.length >= MAX_GROUP_FIELDS) {
      throw new ConflictError(
        'too_many_fields',
        `a group asks for at most ${MAX_GROUP_FIELDS} fields: take one away first`,
      )
    }
    await run(
      trx,
      `insert into group_field (group_no, name, label, created_micros) values ($1::int, $2::text, $3::text, $4::bigint)
       on conflict (group_no, name) do update set label = excluded.label, retired_micros = null`,
      [group.group_no, wanted.name, label, nowMicros],
    )
    const detail = { group: group.name, field: wanted.name }
    await recordAudit(trx, nowMicros, [{ kind: 'group_field_set', actor: wanted.actor, detail }])
  })
}

/** Asks for a field no more; what members wrote is kept unseen until it is asked for again. */
export async function retireGroupField(
  context: MembersContext,
  wanted: By & { readonly group: string; readonly name: string },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'set-group', { row: group, nowMicros })
    const { count } = await run(
      trx,
      `update group_field set retired_micros = $3::bigint
        where group_no = $1::int and name = $2::text and retired_micros is null`,
      [group.group_no, wanted.name, nowMicros],
    )
    if (count === 0) throw new NotFoundError('this field')
    const detail = { group: group.name, field: wanted.name }
    await recordAudit(trx, nowMicros, [{ kind: 'group_field_retired', actor: wanted.actor, detail }])
  })
}

/**
 * Writes one's own values into the fields of a group; an empty one is taken away, one that is not named stays.
 * @throws {BadRequestError} code `field_` and the name of the field
 */
export async function setFieldValues(
  context: MembersContext,
  wanted: By & { readonly group: string; readonly account: Account; readonly values: Readonly<Record<string, string>> },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'set-own-membership', { row: group, nowMicros })
    const { account_no } = await memberOf(trx, group, wanted.account.name)
    const fields = await trx
      .selectFrom('group_field')
      .select(['name', 'label'])
      .where('group_no', '=', group.group_no)
      .where('retired_micros', 'is', null)
      .execute()
    for (const { name, label } of fields) {
      const value = Object.hasOwn(wanted.values, name) ? wanted.values[name]?.trim() : undefined
      if (value === undefined) continue
      if (value.length > MAX_FIELD_VALUE || !isPlainLine(value)) {
        throw new BadRequestError(
          `field_${name}`,
          `“${label}” is one plain line of at most ${MAX_FIELD_VALUE} characters`,
        )
      }
      if (value === '')
        await trx
          .deleteFrom('member_field')
          .where('group_no', '=', group.group_no)
          .where('account_no', '=', account_no)
          .where('name', '=', name)
          .execute()
      else {
        await run(
          trx,
          `insert into member_field (group_no, account_no, name, value) values ($1::int, $2::int, $3::text, $4::text)
           on conflict (group_no, account_no, name) do update set value = excluded.value`,
          [group.group_no, account_no, name, value],
        )
      }
    }
    const detail = { group: group.name, account: wanted.account.name }
    await recordAudit(trx, nowMicros, [{ kind: 'group_entry_changed', actor: wanted.actor, detail }])
  })
}
