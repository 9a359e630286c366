import type { Transaction } from './database.ts'

/**
 * Spends a signed token that counts once, in the caller's transaction; forgets those whose time is over.
 * @param token.tokenId its `jti`
 * @param token.expiresMicros until when it would be taken
 * @returns false when it was spent before, on whichever process
 */
export async function spendToken(
  trx: Transaction,
  token: { readonly issuer: string; readonly tokenId: string; readonly expiresMicros: number },
  nowMicros: number,
): Promise<boolean> {
  await trx.deleteFrom('spent_token').where('expires_micros', '<=', nowMicros).execute()
  const row = await trx
    .insertInto('spent_token')
    .values({ issuer: token.issuer, token_id: token.tokenId, expires_micros: token.expiresMicros })
    .onConflict((conflict) => conflict.columns(['issuer', 'token_id']).doNothing())
    .returning('token_id')
    .executeTakeFirst()
  return row !== undefined
}
