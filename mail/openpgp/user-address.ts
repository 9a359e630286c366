import { domainToASCII } from 'node:url'
import { isMailAddress } from '../address.ts'

/**
 * A mail address as certificates and members are compared by: lower case, the domain in its ASCII form (RFC 5890).
 * @returns undefined for what no mail goes to
 */
export function normalAddress(text: string): string | undefined {
  const at = text.lastIndexOf('@')
  if (at < 1) return undefined
  const address = `${text.slice(0, at).normalize('NFC').toLowerCase()}@${domainToASCII(text.slice(at + 1))}`
  return isMailAddress(address) ? address : undefined
}

/** The address in a User ID: what stands in the angle brackets at its end, or all of it (RFC 9580 §5.11). */
export function addressOfUserId(userId: string): string | undefined {
  const bracketed = /<([^<>]*)>\s*$/.exec(userId)
  return normalAddress((bracketed?.[1] ?? userId).trim())
}
