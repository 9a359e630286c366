import { checkedPassword } from '../auth/factors/password-rules.ts'
import { hashPassword } from '../auth/factors/password.ts'
import { forgetDevicesOf } from '../auth/sessions/remembered-devices.ts'
import { BadRequestError, ConflictError, NotFoundError } from '../errors.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { run, type Transaction } from '../storage/database.ts'
import { accountNumber } from './account-number.ts'
import { setRights } from './rights.ts'
import { type Actor, raiseAccess, type SiteContext } from './site.ts'

/** An account to be made. */
export interface NewAccount extends Actor {
  readonly name: string
  readonly password?: string | undefined
  readonly role?: 'member' | 'administrator'
  /** Collections by alias or id. */
  readonly read?: readonly string[]
  readonly write?: readonly string[]
}

/** What was made. */
export interface MadeAccount {
  readonly name: string
  readonly role: 'member' | 'administrator'
  readonly read: readonly string[]
  readonly write: readonly string[]
}

const NAME = /^[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?$/i

/**
 * Makes an account with its rights to collections.
 * @throws {BadRequestError} for a bad name or password
 * @throws {ConflictError} when the name is taken
 * @throws {NotFoundError} for a collection that is not there
 */
export async function addAccount(context: SiteContext, wanted: NewAccount): Promise<MadeAccount> {
  const name = checkedName(wanted.name)
  const password_hash =
    wanted.password === undefined ? null : await hashPassword(checkedPassword(wanted.password, [wanted.name]))
  const role = wanted.role ?? 'member'
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const account = await insertAccount(trx, { name, role, password_hash, nowMicros })
    const rights = await setRights(trx, account.account_no, wanted.read ?? [], wanted.write ?? [])
    const detail = { account: wanted.name, role, read: rights.read.join(' '), write: rights.write.join(' ') }
    await recordAudit(trx, nowMicros, [{ kind: 'account_made', actor: wanted.actor, detail }])
    return { name: wanted.name, role, ...rights }
  })
}

/**
 * The row of a new account, inside the caller's transaction; the caller writes the audit and has raised the access
 * generation, so that two cannot take one name at once.
 * @throws {ConflictError} when the name is taken, also in other capitals, or is somebody's address: nobody passes for another
 */
export async function insertAccount(
  trx: Transaction,
  row: {
    readonly name: string
    readonly role: 'member' | 'administrator'
    readonly password_hash: string | null
    readonly nowMicros: number
  },
): Promise<{ readonly account_no: number }> {
  const { nowMicros, ...columns } = row
  const like = await run(
    trx,
    'select 1 from account where lower(name) = lower($1::text) or lower(email) = lower($1::text) limit 1',
    [row.name],
  )
  if (like.rows.length > 0) throw nameTaken(row.name)
  const account = await trx
    .insertInto('account')
    .values({ ...columns, created_micros: nowMicros })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('account_no')
    .executeTakeFirst()
  if (!account) throw nameTaken(row.name)
  return account
}

function nameTaken(name: string): ConflictError {
  return new ConflictError('name_taken', `the name ${name} is taken already: choose another name`)
}

/** Gives an account a new password: what was verified with the old one counts no more. */
export async function setPassword(
  context: SiteContext,
  wanted: Actor & { readonly name: string; readonly password: string },
): Promise<void> {
  const password_hash = await hashPassword(checkedPassword(wanted.password, [wanted.name]))
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const { count } = await run(
      trx,
      `update account set password_hash = $2::text, credential_generation = credential_generation + 1
        where name = $1::text`,
      [wanted.name, password_hash],
    )
    if (count === 0) throw new NotFoundError(`the account ${wanted.name}`)
    await forgetDevicesOf(trx, await accountNumber(trx, wanted.name))
    const detail = { account: wanted.name }
    await recordAudit(trx, nowMicros, [{ kind: 'password_set', actor: wanted.actor, detail }])
  })
}

/** Lets a client certificate sign in for an account, by SHA-256 over its DER form. */
export async function addCertificate(
  context: SiteContext,
  wanted: Actor & { readonly name: string; readonly fingerprint: Uint8Array },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const added = await trx
      .insertInto('account_certificate')
      .values({
        fingerprint: wanted.fingerprint,
        account_no: await accountNumber(trx, wanted.name),
        created_micros: nowMicros,
      })
      .onConflict((conflict) => conflict.column('fingerprint').doNothing())
      .returning('account_no')
      .executeTakeFirst()
    if (!added) throw new ConflictError('certificate_taken', 'this certificate belongs to an account already')
    const detail = { account: wanted.name, fingerprint: Buffer.from(wanted.fingerprint).toString('hex') }
    await recordAudit(trx, nowMicros, [{ kind: 'certificate_added', actor: wanted.actor, detail }])
  })
}

/**
 * The name as it is, when an account may have it.
 * @throws {BadRequestError} with the rule
 */
export function checkedName(name: string): string {
  if (!NAME.test(name)) {
    throw new BadRequestError(
      'bad_name',
      'a name is 1 to 64 letters, digits, dots, @, _ or -, and ends with a letter or digit',
    )
  }
  return name
}
