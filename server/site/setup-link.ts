import { createHash, randomBytes } from 'node:crypto'
import { isMailAddress } from '../../mail/address.ts'
import { checkedPassword } from '../auth/factors/password-rules.ts'
import { hashPassword } from '../auth/factors/password.ts'
import { timestampOf } from '../clock.ts'
import { BadRequestError, NotFoundError } from '../errors.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { run, type Transaction } from '../storage/database.ts'
import { checkedName, insertAccount } from './accounts.ts'
import { MAX_DISPLAY_NAME } from './own-profile.ts'
import { writeSettings } from './settings.ts'
import { type Actor, raiseAccess, type SiteContext } from './site.ts'

/** Long enough to walk from the console to a browser, too short to be found in an old mail. */
const GOOD_MICROS = 3_600_000_000

/**
 * Makes the one link with which the first administrator is made: 256 random bits, good for an hour and once. A link that
 * was made before counts no more. The database keeps its hash only.
 * @returns undefined when the site has an administrator: more of them are made with `vouchsafe user add`
 */
export async function makeSetupLink(
  { database, clock }: SiteContext,
  { actor }: Actor,
): Promise<{ readonly token: string; readonly expires: string } | undefined> {
  const token = randomBytes(32).toString('base64url')
  const nowMicros = clock.nowMicros()
  const expiresMicros = nowMicros + GOOD_MICROS
  return await database.transaction(async (trx) => {
    await raiseAccess(trx)
    if (await hasAdministrator(trx)) return undefined
    await run(trx, 'delete from setup_link where used_micros is null')
    await trx
      .insertInto('setup_link')
      .values({ sha256: hashOf(token), expires_micros: expiresMicros, used_micros: null })
      .execute()
    const expires = timestampOf(expiresMicros)
    await recordAudit(trx, nowMicros, [{ kind: 'setup_link_made', actor, detail: { expires } }])
    return { token, expires }
  })
}

/** Whether a link would be taken now. */
export async function isSetupLink({ database, clock }: SiteContext, token: string): Promise<boolean> {
  return await database.transaction(async (trx) => {
    if (await hasAdministrator(trx)) return false
    const row = await trx
      .selectFrom('setup_link')
      .select('expires_micros')
      .where('sha256', '=', hashOf(token))
      .where('used_micros', 'is', null)
      .where('expires_micros', '>', clock.nowMicros())
      .executeTakeFirst()
    return row !== undefined
  })
}

/** Whom the link makes. */
export interface FirstAdministrator {
  readonly name: string
  readonly password: string
  /** Up to 100 characters. */
  readonly displayName?: string
  /** Empty: none. */
  readonly email?: string
  /** BCP 47. */
  readonly language?: string
}

/**
 * Makes the first administrator and uses up the link, in one transaction: of two that come at once, one wins. The set-up
 * goes on with its second step.
 * @throws {NotFoundError} when the link is wrong, used, expired, or the site has an administrator
 * @throws {BadRequestError} for a bad name, password, display name or address; the link stays good
 * @throws {ConflictError} when the name is taken; the link stays good
 */
export async function acceptSetupLink(
  { database, clock }: SiteContext,
  token: string,
  wanted: FirstAdministrator,
): Promise<void> {
  const name = checkedName(wanted.name)
  const { displayName = '', email = '', language = 'en' } = wanted
  if (displayName.length > MAX_DISPLAY_NAME) {
    throw new BadRequestError('bad_display_name', `a display name has at most ${MAX_DISPLAY_NAME} characters`)
  }
  if (email !== '' && !isMailAddress(email)) {
    throw new BadRequestError('bad_email', 'write the address as name@example.org')
  }
  const password_hash = await hashPassword(checkedPassword(wanted.password, [name, displayName, email]))
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    await raiseAccess(trx)
    const { count } = await run(
      trx,
      `update setup_link set used_micros = $2::bigint
        where sha256 = $1::bytea and used_micros is null and expires_micros > $2::bigint`,
      [hashOf(token), nowMicros],
    )
    if (count === 0 || (await hasAdministrator(trx))) throw new NotFoundError('this link')
    const actor = 'setup link'
    const { account_no } = await insertAccount(trx, { name, role: 'administrator', password_hash, nowMicros })
    await run(
      trx,
      'update account set display_name = $2::text, email = $3::text, language = $4::text where account_no = $1::int',
      [account_no, displayName, email === '' ? null : email, language],
    )
    await writeSettings(trx, nowMicros, { actor, settings: { setupStep: 2 } })
    await recordAudit(trx, nowMicros, [
      { kind: 'setup_link_used', actor, detail: { account: name } },
      { kind: 'account_made', actor, detail: { account: name, role: 'administrator', read: '', write: '' } },
    ])
  })
}

async function hasAdministrator(trx: Transaction): Promise<boolean> {
  const row = await trx
    .selectFrom('account')
    .select('account_no')
    .where('role', '=', 'administrator')
    .where('active', '=', true)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
