import { DEFAULT_POLICY, policyJson } from '../../policies/group-policy.ts'
import { BadRequestError, ConflictError, NotFoundError } from '../errors.ts'
import { accountNumber } from '../site/account-number.ts'
import { raiseAccess, type SiteContext } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { insertGroupRoot } from './group-roots.ts'
import { insertStandardAttestations } from './vouching/attestations.ts'
import { groupNamed } from './group-rows.ts'
import { insertMembership, type MembersContext } from './memberships.ts'
import { type By, mustMay } from './permission.ts'

/** A trust group to be made. */
export interface NewGroup {
  readonly name: string
  readonly title: string
  readonly purpose: string
  readonly secondFactor: boolean
  /** Account that becomes its first administrator: no group is ever without one. */
  readonly administrator: string
}

/** Stands in addresses of pages and, one day, of mailing lists. */
const NAME = /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/
const MAX_TITLE = 100
const MAX_PURPOSE = 2000

/**
 * Makes a trust group with its first administrator, and its API root with one collection.
 * @throws {BadRequestError} code `bad_group_name`, `bad_title` or `bad_purpose`
 * @throws {ConflictError} code `name_taken`
 * @throws {NotFoundError} when the administrator is no active account
 */
export async function makeGroup(context: MembersContext, wanted: By & NewGroup): Promise<void> {
  if (!NAME.test(wanted.name)) {
    throw new BadRequestError(
      'bad_group_name',
      'a group’s name is 1 to 40 lower-case letters, digits and hyphens, and starts with a letter',
    )
  }
  mustBeDescribed(wanted)
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    await mustMay(trx, wanted, 'manage-groups')
    const administrator = await trx
      .selectFrom('account')
      .select('account_no')
      .where('account_no', '=', await accountNumber(trx, wanted.administrator))
      .where('active', '=', true)
      .executeTakeFirst()
    if (!administrator) throw new NotFoundError(`an active account ${wanted.administrator}`)
    const group = await trx
      .insertInto('trust_group')
      .values({
        name: wanted.name,
        title: wanted.title,
        purpose: wanted.purpose,
        second_factor: wanted.secondFactor,
        policy: policyJson(DEFAULT_POLICY),
        created_micros: nowMicros,
      })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returning(['group_no', 'name', 'title', 'second_factor', 'policy'])
      .executeTakeFirst()
    if (!group) throw new ConflictError('name_taken', `the group ${wanted.name} is there already: choose another name`)
    await insertStandardAttestations(trx, group.group_no, nowMicros)
    const founder = {
      accountNo: administrator.account_no,
      roles: ['group-administrator'],
      admitted: 'founder',
    } as const
    await insertMembership(trx, context, { group, ...founder, actor: wanted.actor, nowMicros })
    const detail = { group: wanted.name, account: wanted.administrator, second_factor: wanted.secondFactor }
    await recordAudit(trx, nowMicros, [{ kind: 'group_made', actor: wanted.actor, detail }])
    await insertGroupRoot(trx, { group, actor: wanted.actor, nowMicros })
  })
}

/** What can be changed of a group; its name stays, because addresses hold it. */
export interface GroupChange {
  readonly group: string
  readonly title?: string | undefined
  readonly purpose?: string | undefined
  readonly secondFactor?: boolean | undefined
}

/** Changes a group; what is not given stays. @throws {BadRequestError} code `bad_title` or `bad_purpose` */
export async function changeGroup(context: SiteContext, wanted: By & GroupChange): Promise<void> {
  mustBeDescribed(wanted)
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'set-group', { row: group, nowMicros })
    const { title, purpose, secondFactor } = wanted
    const changes = {
      ...(title !== undefined && { title }),
      ...(purpose !== undefined && { purpose }),
      ...(secondFactor !== undefined && { second_factor: secondFactor }),
    }
    if (Object.keys(changes).length === 0) return
    await trx.updateTable('trust_group').set(changes).where('group_no', '=', group.group_no).execute()
    if (title !== undefined) {
      await trx.updateTable('api_root').set({ title }).where('group_no', '=', group.group_no).execute()
    }
    const detail = {
      group: group.name,
      changed: Object.keys(changes).join(' '),
      second_factor: secondFactor ?? group.second_factor,
    }
    await recordAudit(trx, nowMicros, [{ kind: 'group_changed', actor: wanted.actor, detail }])
  })
}

function mustBeDescribed({
  title,
  purpose,
}: {
  readonly title?: string | undefined
  readonly purpose?: string | undefined
}) {
  if (title !== undefined && (title.trim() === '' || title.length > MAX_TITLE)) {
    throw new BadRequestError('bad_title', `a group’s title has 1 to ${MAX_TITLE} characters`)
  }
  if (purpose !== undefined && purpose.length > MAX_PURPOSE) {
    throw new BadRequestError('bad_purpose', `a group’s purpose has at most ${MAX_PURPOSE} characters`)
  }
}
