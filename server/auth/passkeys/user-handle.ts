import { createHmac } from 'node:crypto'

/**
 * What a passkey remembers its account by: stable, and it tells nothing of the account (WebAuthn §14.6.1).
 * @returns 32 bytes
 */
export function userHandle(
  { sessionKey }: { readonly sessionKey: Uint8Array },
  accountNo: number,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHmac('sha256', sessionKey).update(`passkey of account ${accountNo}`).digest())
}
