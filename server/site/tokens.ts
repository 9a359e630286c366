import { isScope, SCOPES } from '../auth/programs/scopes.ts'
import { newToken, tokenHash } from '../auth/programs/token-text.ts'
import { BadRequestError, NotFoundError } from '../errors.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { run } from '../storage/database.ts'
import { accountNumber } from './account-number.ts'
import { type Actor, raiseAccess, type SiteContext } from './site.ts'

/** A token to be made. */
export interface NewToken extends Actor {
  readonly account: string
  readonly label?: string | undefined
  /** At least one of {@link SCOPES}. */
  readonly scopes: readonly string[]
  /** 1 to 365. */
  readonly days?: number | undefined
  /** Whether whoever makes it has shown a second factor, or is the operator: it then counts as one in groups that demand it. */
  readonly strong?: boolean
}

const MAX_LABEL = 100
const DAY_MICROS = 86_400_000_000

/** Makes an API token. Its text is in the answer and nowhere else; the database keeps its hash. */
export async function addToken(
  context: SiteContext,
  wanted: NewToken,
): Promise<{ readonly token: string; readonly token_no: number; readonly expiresMicros: number }> {
  if (wanted.scopes.length === 0 || !wanted.scopes.every(isScope)) {
    throw new BadRequestError('bad_scope', `a token has at least one scope, out of: ${Object.keys(SCOPES).join(', ')}`)
  }
  if ((wanted.label ?? '').length > MAX_LABEL) {
    throw new BadRequestError('bad_label', `the name of a token has at most ${MAX_LABEL} characters`)
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
        scopes: [...new Set(wanted.scopes)].join(' '),
        strong: wanted.strong ?? false,
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

/**
 * Revokes a token by its number.
 * @param wanted.ofAccountNo the account that it must be of: another's token is as absent
 */
export async function revokeToken(
  context: SiteContext,
  wanted: Actor & { readonly tokenNo: number; readonly ofAccountNo?: number },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const { count } = await run(
      trx,
      `update token set revoked_micros = $2::bigint
        where token_no = $1::int and revoked_micros is null and ($3::int is null or account_no = $3::int)`,
      [wanted.tokenNo, nowMicros, wanted.ofAccountNo ?? null],
    )
    if (count === 0) throw new NotFoundError(`the token ${wanted.tokenNo}`)
    await recordAudit(trx, nowMicros, [
      { kind: 'token_revoked', actor: wanted.actor, detail: { token: wanted.tokenNo } },
    ])
  })
}
