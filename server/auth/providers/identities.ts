import { ConflictError, NotFoundError } from '../../errors.ts'
import type { Context } from '../../context.ts'
import { addNotice } from '../../notices/add-notice.ts'
import { factorsOf, mustStayReachable } from '../factors/held-factors.ts'
import { raiseAccess } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import type { Account } from '../../storage/access.ts'
import type { Database, Transaction } from '../../storage/database.ts'

/**
 * Who somebody is outside: the issuer's word and the name that the issuer never gives to anybody else. An e-mail address
 * is never one (MISP CVE-2026-9084).
 */
export interface OutsideIdentity {
  /** OIDC issuer, or `ldap:` and the provider's name. */
  readonly issuer: string
  /** OIDC `sub`, or the entry's unchanging id. */
  readonly subject: string
}

/** A linked identity as its owner sees it. */
export interface LinkedIdentity extends OutsideIdentity {
  readonly provider: string
  readonly kind: 'ldap' | 'oidc'
  readonly title: string
  /** False while the provider is paused: then it signs nobody in. */
  readonly active: boolean
  readonly createdMicros: number
  readonly lastUsedMicros: number | undefined
}

/** The account that an identity opens, and notes that it was used; undefined for one that nobody here has. */
export async function useIdentity(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  { issuer, subject }: OutsideIdentity,
): Promise<{ readonly accountNo: number } | undefined> {
  const row = await database.kysely
    .updateTable('external_identity')
    .set({ last_used_micros: clock.nowMicros() })
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .returning('account_no')
    .executeTakeFirst()
  return row && { accountNo: row.account_no }
}

/** The identities of an account, the oldest link first. */
export async function identitiesOf(database: Database, accountNo: number): Promise<readonly LinkedIdentity[]> {
  const rows = await database.kysely
    .selectFrom('external_identity')
    .innerJoin('sign_in_provider', 'sign_in_provider.provider_no', 'external_identity.provider_no')
    .select([
      'external_identity.issuer',
      'external_identity.subject',
      'external_identity.created_micros',
      'external_identity.last_used_micros',
      'sign_in_provider.name',
      'sign_in_provider.kind',
      'sign_in_provider.title',
      'sign_in_provider.active',
    ])
    .where('external_identity.account_no', '=', accountNo)
    .orderBy('external_identity.created_micros')
    .orderBy('external_identity.issuer')
    .limit(100)
    .execute()
  return rows.map((row) => ({
    issuer: row.issuer,
    subject: row.subject,
    provider: row.name,
    kind: row.kind,
    title: row.title,
    active: row.active,
    createdMicros: row.created_micros,
    lastUsedMicros: row.last_used_micros ?? undefined,
  }))
}

/**
 * Links an identity to an account, whose owner has just proven both.
 * @throws {ConflictError} when it is linked already, with the same words whoever has it
 */
export async function linkIdentity(
  context: Pick<Context, 'database' | 'clock' | 'jobs'>,
  account: Pick<Account, 'accountNo' | 'name'>,
  provider: { readonly providerNo: number; readonly name: string },
  identity: OutsideIdentity,
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const linked = await insertIdentity(trx, account.accountNo, provider.providerNo, identity, nowMicros)
    if (!linked) throw new ConflictError('identity_taken', 'this identity is linked already')
    await addNotice(trx, context, {
      kind: 'account-linked',
      to: { accountNo: account.accountNo },
      path: '/account/identities',
    })
    const detail = { account: account.name, provider: provider.name }
    await recordAudit(trx, nowMicros, [{ kind: 'identity_linked', actor: account.name, detail }])
  })
}

/**
 * Takes an identity off an account. Sessions, remembered passwords and the like of the account end.
 * @returns the account's credential generation after it, for the session that goes on
 * @throws {NotFoundError} when the account has no such identity
 * @throws {ConflictError} when nothing would be left to sign in with
 */
export async function unlinkIdentity(
  context: Pick<Context, 'database' | 'clock' | 'jobs'>,
  account: Pick<Account, 'accountNo' | 'name'>,
  { issuer, subject }: OutsideIdentity,
): Promise<{ readonly credentialGeneration: number }> {
  const { accountNo } = account
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const gone = await trx
      .deleteFrom('external_identity')
      .where('account_no', '=', accountNo)
      .where('issuer', '=', issuer)
      .where('subject', '=', subject)
      .returning('provider_no')
      .executeTakeFirst()
    if (!gone) throw new NotFoundError('this identity')
    mustStayReachable(await factorsOf(trx, accountNo, nowMicros), false)
    const { credential_generation } = await trx
      .updateTable('account')
      .set((row) => ({ credential_generation: row('credential_generation', '+', 1) }))
      .where('account_no', '=', accountNo)
      .returning('credential_generation')
      .executeTakeFirstOrThrow()
    const provider = await trx
      .selectFrom('sign_in_provider')
      .select('name')
      .where('provider_no', '=', gone.provider_no)
      .executeTakeFirstOrThrow()
    await addNotice(trx, context, { kind: 'account-unlinked', to: { accountNo }, path: '/account/identities' })
    const detail = { account: account.name, provider: provider.name }
    await recordAudit(trx, nowMicros, [{ kind: 'identity_unlinked', actor: account.name, detail }])
    return { credentialGeneration: credential_generation }
  })
}

/**
 * Writes the row of a link, inside the caller's transaction; the caller writes the audit.
 * @returns false when the identity is linked already
 */
export async function insertIdentity(
  trx: Transaction,
  accountNo: number,
  providerNo: number,
  { issuer, subject }: OutsideIdentity,
  nowMicros: number,
): Promise<boolean> {
  const row = await trx
    .insertInto('external_identity')
    .values({
      issuer,
      subject,
      account_no: accountNo,
      provider_no: providerNo,
      created_micros: nowMicros,
      last_used_micros: nowMicros,
    })
    .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doNothing())
    .returning('account_no')
    .executeTakeFirst()
  return row !== undefined
}
