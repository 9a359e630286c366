import { BadRequestError, ConflictError, NotFoundError } from '../errors.ts'
import { checkedName, insertAccount } from '../site/accounts.ts'
import { addToken } from '../site/tokens.ts'
import { raiseAccess, type SiteContext } from '../site/site.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { run, type Transaction } from '../storage/database.ts'
import { groupNamed } from './group-rows.ts'
import { type By, mustMay } from './permission.ts'
import { seenLine } from './vouching/vouch-text.ts'

/** A program that a member lets use the collections of one group. */
export interface NewServiceAccount {
  /** Name of the account of the member whose it is. */
  readonly owner: string
  readonly group: string
  /** What the member calls it; the account is called `owner.name`. */
  readonly name: string
  readonly purpose?: string | undefined
  readonly canWrite: boolean
}

/** That work, of one member: whoever needs more has lost count of them. */
export const MOST_SERVICE_ACCOUNTS = 10
export const MAX_SERVICE_PURPOSE = 200
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$/
/** What a token of a program is good for: nothing but collections. */
const SCOPES = ['taxii'] as const

/**
 * Makes a service account: it has no password and signs in to no page, and what it may is what its owner may at the
 * moment in the collections of one group, cut to reading unless it may write.
 * @returns its name
 * @throws {BadRequestError} code `bad_service_name` or `bad_purpose`
 * @throws {ConflictError} code `name_taken`, or `too_many` for a member who has ten
 * @throws {NotFoundError} for a group that the owner does not see
 */
export async function makeServiceAccount(
  context: SiteContext,
  wanted: By & NewServiceAccount,
): Promise<{ readonly account: string }> {
  if (!NAME.test(wanted.name)) {
    throw new BadRequestError('bad_service_name', 'call the program by 1 to 24 lower-case letters, digits and hyphens')
  }
  const purpose = seenLine(wanted.purpose ?? '')
  if (purpose.length > MAX_SERVICE_PURPOSE) {
    throw new BadRequestError('bad_purpose', `say what it is for in one line of ${MAX_SERVICE_PURPOSE} characters`)
  }
  const account = checkedName(`${wanted.owner}.${wanted.name}`)
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'see-collections', { row: group, nowMicros })
    const ownerNo = await ownerIn(trx, wanted, group.group_no)
    await mustHaveRoom(trx, ownerNo)
    const { account_no } = await insertAccount(trx, { name: account, role: 'member', password_hash: null, nowMicros })
    await trx
      .insertInto('service_account')
      .values({
        account_no,
        owner_no: ownerNo,
        group_no: group.group_no,
        can_write: wanted.canWrite,
        purpose,
        created_micros: nowMicros,
      })
      .execute()
    const detail = { group: group.name, account, owner: wanted.owner, can_write: wanted.canWrite }
    await recordAudit(trx, nowMicros, [{ kind: 'service_account_made', actor: wanted.actor, detail }])
  })
  return { account }
}

/** A token of a program to be made by its owner. */
export interface NewServiceToken {
  readonly owner: string
  readonly account: string
  readonly label?: string | undefined
  readonly days?: number | undefined
  /** Whether the owner has shown a second factor, or it is the operator. */
  readonly strong?: boolean
}

/**
 * Makes a token with which a program reads and writes collections. Its text is in the answer and nowhere else.
 * @throws {NotFoundError} for a program that is somebody else's, or has ended
 */
export async function addServiceToken(
  context: SiteContext,
  wanted: By & NewServiceToken,
): Promise<{ readonly token: string; readonly token_no: number; readonly expiresMicros: number }> {
  await context.database.transaction((trx) => mustOwn(trx, wanted))
  const { actor, account, label, days, strong = false } = wanted
  return await addToken(context, { actor, account, label, days, strong, scopes: SCOPES })
}

/**
 * Ends a service account for good: its tokens count no more, and its name stays taken. Its owner may, and an administrator
 * of the group.
 * @param wanted.in the group, for its administrator; without it only the owner's own programs are found
 * @throws {NotFoundError} for a program that is not theirs, or has ended already
 */
export async function endServiceAccount(
  context: SiteContext,
  wanted: By & { readonly account: string } & ({ readonly owner: string } | { readonly in: string }),
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    if ('in' in wanted) {
      const group = await groupNamed(trx, wanted.in)
      await mustMay(trx, wanted, 'manage-collections', { row: group, nowMicros })
    }
    const service = await mustOwn(trx, wanted)
    await run(
      trx,
      `update account set active = false, credential_generation = credential_generation + 1 where account_no = $1::int`,
      [service.account_no],
    )
    await run(
      trx,
      'update token set revoked_micros = $2::bigint where account_no = $1::int and revoked_micros is null',
      [service.account_no, nowMicros],
    )
    const detail = { group: service.group, account: wanted.account, owner: service.owner }
    await recordAudit(trx, nowMicros, [{ kind: 'service_account_ended', actor: wanted.actor, detail }])
  })
}

/** @throws {NotFoundError} unless the account is a program that works, of this owner or in this group */
async function mustOwn(
  trx: Transaction,
  wanted: { readonly account: string } & ({ readonly owner: string } | { readonly in: string }),
) {
  const every = trx
    .selectFrom('service_account as s')
    .innerJoin('account as a', 'a.account_no', 's.account_no')
    .innerJoin('account as o', 'o.account_no', 's.owner_no')
    .innerJoin('trust_group as g', 'g.group_no', 's.group_no')
    .select(['s.account_no', 'o.name as owner', 'g.name as group'])
    .where('a.name', '=', wanted.account)
    .where('a.active', '=', true)
  const service = await (
    'in' in wanted ? every.where('g.name', '=', wanted.in) : every.where('o.name', '=', wanted.owner)
  ).executeTakeFirst()
  if (!service) throw new NotFoundError(`a program ${JSON.stringify(wanted.account)} that works`)
  return service
}

/** @throws {NotFoundError} unless the owner is a person who sees the group; the caller, where it is a member, is the owner */
async function ownerIn(trx: Transaction, { as, owner }: By & NewServiceAccount, groupNo: number): Promise<number> {
  const row = await trx
    .selectFrom('membership as m')
    .innerJoin('account as a', 'a.account_no', 'm.account_no')
    .select('a.account_no')
    .where('m.group_no', '=', groupNo)
    .where('m.active', '=', true)
    .where('a.active', '=', true)
    .where('a.name', '=', owner)
    .executeTakeFirst()
  if (!row || (as !== 'operator' && as.accountNo !== row.account_no)) {
    throw new NotFoundError(`a member ${JSON.stringify(owner)}`)
  }
  return row.account_no
}

/** @throws {ConflictError} code `too_many` */
async function mustHaveRoom(trx: Transaction, ownerNo: number): Promise<void> {
  const { rows } = await run<{ count: number | string }>(
    trx,
    `select count(*) as count from service_account s join account a on a.account_no = s.account_no
      where s.owner_no = $1::int and a.active`,
    [ownerNo],
  )
  if (Number(rows[0]?.count ?? 0) < MOST_SERVICE_ACCOUNTS) return
  throw new ConflictError('too_many', `a member has at most ${MOST_SERVICE_ACCOUNTS} programs: end one first`)
}
