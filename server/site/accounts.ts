import { hashPassword } from '../auth/password.ts'
import { newToken, tokenHash } from '../auth/token-text.ts'
import { BadRequestError, ConflictError, NotFoundError } from '../errors.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { run, type Transaction } from '../storage/database.ts'
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
/** Length rule of ASVS 5.0 (6.2.1, 6.2.9); no rules of composition. */
const MIN_PASSWORD = 15
const MAX_PASSWORD = 128

/**
 * Makes an account with its rights to collections.
 * @throws {BadRequestError} for a bad name or password
 * @throws {ConflictError} when the name is taken
 * @throws {NotFoundError} for a collection that is not there
 */
export async function addAccount(context: SiteContext, wanted: NewAccount): Promise<MadeAccount> {
  const name = checkedName(wanted.name)
  const password_hash = wanted.password === undefined ? null : await hashPassword(checkedPassword(wanted.password))
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
 * The row of a new account, inside the caller's transaction; the caller writes the audit.
 * @throws {ConflictError} when the name is taken
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
  const account = await trx
    .insertInto('account')
    .values({ ...columns, created_micros: nowMicros })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('account_no')
    .executeTakeFirst()
  if (!account) throw new ConflictError('name_taken', `the account ${row.name} is there already: choose another name`)
  return account
}

/** Gives an account rights to collections; those that it had in other collections stay. */
export async function grantRights(
  context: SiteContext,
  wanted: Actor & { readonly name: string; readonly read: readonly string[]; readonly write: readonly string[] },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const accountNo = await accountNumber(trx, wanted.name)
    const rights = await setRights(trx, accountNo, wanted.read, wanted.write)
    const detail = { account: wanted.name, read: rights.read.join(' '), write: rights.write.join(' ') }
    await recordAudit(trx, nowMicros, [{ kind: 'rights_granted', actor: wanted.actor, detail }])
  })
}

/** Takes every right to the named collections from an account. */
export async function revokeRights(
  context: SiteContext,
  wanted: Actor & { readonly name: string; readonly collections: readonly string[] },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const accountNo = await accountNumber(trx, wanted.name)
    for (const key of wanted.collections) {
      const { collection_no } = await collectionRow(trx, key)
      await trx
        .deleteFrom('collection_grant')
        .where('account_no', '=', accountNo)
        .where('collection_no', '=', collection_no)
        .execute()
    }
    const detail = { account: wanted.name, collections: wanted.collections.join(' ') }
    await recordAudit(trx, nowMicros, [{ kind: 'rights_revoked', actor: wanted.actor, detail }])
  })
}

/** Suspends an account, or lets it in again: nothing of it is deleted, and every credential stops with the next request. */
export async function setActive(
  context: SiteContext,
  wanted: Actor & { readonly name: string; readonly active: boolean },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const { count } = await run(
      trx,
      'update account set active = $2::boolean, credential_generation = credential_generation + 1 where name = $1::text',
      [wanted.name, wanted.active],
    )
    if (count === 0) throw new NotFoundError(`the account ${wanted.name}`)
    const kind = wanted.active ? 'account_restored' : 'account_suspended'
    await recordAudit(trx, nowMicros, [{ kind, actor: wanted.actor, detail: { account: wanted.name } }])
  })
}

/** Gives an account a new password: what was verified with the old one counts no more. */
export async function setPassword(
  context: SiteContext,
  wanted: Actor & { readonly name: string; readonly password: string },
): Promise<void> {
  const password_hash = await hashPassword(checkedPassword(wanted.password))
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
    const detail = { account: wanted.name }
    await recordAudit(trx, nowMicros, [{ kind: 'password_set', actor: wanted.actor, detail }])
  })
}

/** A token to be made. */
export interface NewToken extends Actor {
  readonly account: string
  readonly label?: string | undefined
  /** `taxii` is the one scope so far. */
  readonly scopes: readonly string[]
  /** 1 to 365. */
  readonly days?: number | undefined
}

const SCOPES: readonly string[] = ['taxii']
const DAY_MICROS = 86_400_000_000

/** Makes an API token. Its text is in the answer and nowhere else; the database keeps its hash. */
export async function addToken(
  context: SiteContext,
  wanted: NewToken,
): Promise<{ readonly token: string; readonly token_no: number; readonly expiresMicros: number }> {
  const unknown = wanted.scopes.find((scope) => !SCOPES.includes(scope))
  if (wanted.scopes.length === 0 || unknown !== undefined) {
    throw new BadRequestError('bad_scope', `a token has at least one scope, out of: ${SCOPES.join(', ')}`)
  }
  const days = wanted.days ?? 365
  if (!Number.isInteger(days) || days < 1 || days > 365) {
    throw new BadRequestError('bad_expiry', 'a token is good for 1 to 365 days')
  }
  const token = newToken()
  const nowMicros = context.clock.nowMicros()
  const expiresMicros = nowMicros + days * DAY_MICROS
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const { token_no } = await trx
      .insertInto('token')
      .values({
        account_no: await accountNumber(trx, wanted.account),
        name: wanted.label ?? 'token',
        sha256: tokenHash(token),
        scopes: wanted.scopes.join(' '),
        created_micros: nowMicros,
        expires_micros: expiresMicros,
        revoked_micros: null,
        last_used_micros: null,
      })
      .returning('token_no')
      .executeTakeFirstOrThrow()
    const detail = { account: wanted.account, token: token_no, scopes: wanted.scopes.join(' ') }
    await recordAudit(trx, nowMicros, [{ kind: 'token_made', actor: wanted.actor, detail }])
    return { token, token_no, expiresMicros }
  })
}

/** Revokes a token by its number. */
export async function revokeToken(context: SiteContext, wanted: Actor & { readonly tokenNo: number }): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const { count } = await run(
      trx,
      'update token set revoked_micros = $2::bigint where token_no = $1::int and revoked_micros is null',
      [wanted.tokenNo, nowMicros],
    )
    if (count === 0) throw new NotFoundError(`the token ${wanted.tokenNo}`)
    await recordAudit(trx, nowMicros, [
      { kind: 'token_revoked', actor: wanted.actor, detail: { token: wanted.tokenNo } },
    ])
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

async function setRights(trx: Transaction, accountNo: number, read: readonly string[], write: readonly string[]) {
  const rows = new Map<number, { id: string; can_read: boolean; can_write: boolean }>()
  for (const key of [...read, ...write]) {
    const row = await collectionRow(trx, key)
    const rights = rows.get(row.collection_no) ?? { id: row.collection_id, can_read: false, can_write: false }
    rows.set(row.collection_no, {
      id: rights.id,
      can_read: rights.can_read || read.includes(key),
      can_write: rights.can_write || write.includes(key),
    })
  }
  for (const [collection_no, { can_read, can_write }] of rows) {
    await trx
      .insertInto('collection_grant')
      .values({ account_no: accountNo, collection_no, can_read, can_write })
      .onConflict((conflict) => conflict.columns(['account_no', 'collection_no']).doUpdateSet({ can_read, can_write }))
      .execute()
  }
  const all = [...rows.values()]
  return {
    read: all.filter((row) => row.can_read).map((row) => row.id),
    write: all.filter((row) => row.can_write).map((row) => row.id),
  }
}

/** Finds a collection by id or alias over all roots; an alias in two roots must be named with its root: `root/alias`. */
export async function collectionRow(trx: Transaction, key: string) {
  const [root, alias] = key.includes('/') ? key.split('/', 2) : [undefined, key]
  const rows = await trx
    .selectFrom('collection')
    .innerJoin('api_root', 'api_root.root_no', 'collection.root_no')
    .select(['collection.collection_no', 'collection.collection_id', 'collection.alias', 'api_root.path'])
    .execute()
  const found = rows.filter(
    (row) => row.collection_id === key || (row.alias === alias && (root === undefined || row.path === root)),
  )
  const [row] = found
  if (!row) throw new NotFoundError(`the collection ${JSON.stringify(key)}`)
  if (found.length > 1) {
    throw new BadRequestError('ambiguous', `several API roots have a collection ${key}: write root/${key} or its id`)
  }
  return row
}

async function accountNumber(trx: Transaction, name: string): Promise<number> {
  const row = await trx.selectFrom('account').select('account_no').where('name', '=', name).executeTakeFirst()
  if (!row) throw new NotFoundError(`the account ${JSON.stringify(name)}`)
  return row.account_no
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

/**
 * The password as it is, when its length is right.
 * @throws {BadRequestError} with the rule
 */
export function checkedPassword(password: string): string {
  const length = Array.from(password).length
  if (length < MIN_PASSWORD || length > MAX_PASSWORD) {
    throw new BadRequestError(
      'bad_password',
      `a password has ${MIN_PASSWORD} to ${MAX_PASSWORD} characters; any characters, several words are best`,
    )
  }
  return password
}
