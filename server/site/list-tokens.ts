import { timestampOf } from '../clock.ts'
import type { SiteContext } from './site.ts'

/** A token as lists show it: never its text. */
export interface ListedToken {
  readonly number: number
  readonly account: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly state: 'good' | 'expired' | 'revoked'
  readonly created: string
  readonly expires: string
  readonly last_used: string | null
}

const MAX_LISTED = 10_000 // a list that a person reads, or a script in one go

/** All tokens, newest first, of one account or of all. */
export async function listTokens({ database, clock }: SiteContext, account?: string): Promise<readonly ListedToken[]> {
  const all = database.kysely
    .selectFrom('token')
    .innerJoin('account', 'account.account_no', 'token.account_no')
    .select(['token_no', 'account.name as account', 'token.name', 'scopes', 'token.created_micros'])
    .select(['expires_micros', 'revoked_micros', 'last_used_micros'])
    .orderBy('token_no', 'desc')
    .limit(MAX_LISTED)
  const rows = await (account === undefined ? all : all.where('account.name', '=', account)).execute()
  const nowMicros = clock.nowMicros()
  return rows.map((row) => ({
    number: row.token_no,
    account: row.account,
    name: row.name,
    scopes: row.scopes.split(' '),
    state: row.revoked_micros !== null ? 'revoked' : row.expires_micros <= nowMicros ? 'expired' : 'good',
    created: timestampOf(row.created_micros),
    expires: timestampOf(row.expires_micros),
    last_used: row.last_used_micros === null ? null : timestampOf(row.last_used_micros),
  }))
}
