import { createHash } from 'node:crypto'
import { normalAddress } from './user-address.ts'

const Z_BASE_32 = 'ybndrfg8ejkmcpqxot1uwisza345h769'

/** The name of an address in a Web Key Directory: SHA-1 of the lower-case local part in Z-Base-32, 32 characters. */
export function wkdHash(localPart: string): string {
  const digest = createHash('sha1').update(localPart.toLowerCase()).digest()
  const bits = [...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map((five) => Z_BASE_32[Number.parseInt(five, 2)]).join('')
}

/**
 * Where the key of an address is looked for, the first way first: on the name `openpgpkey` of its domain (advanced), and
 * only where that name does not exist on the domain itself (direct); draft-koch-openpgp-webkey-service §3.1.
 */
export function wkdUrls(address: string): { readonly advanced: URL; readonly direct: URL } | undefined {
  const normal = normalAddress(address)
  if (normal === undefined) return undefined
  const at = normal.lastIndexOf('@')
  const local = address.slice(0, address.lastIndexOf('@'))
  const domain = normal.slice(at + 1)
  const path = `hu/${wkdHash(normal.slice(0, at))}?l=${encodeURIComponent(local)}`
  // a last label like 0x7f makes a wrong IPv4 address of the name (WHATWG URL §3.5)
  const advanced = URL.parse(`https://openpgpkey.${domain}/.well-known/openpgpkey/${domain}/${path}`)
  const direct = URL.parse(`https://${domain}/.well-known/openpgpkey/${path}`)
  return advanced && direct ? { advanced, direct } : undefined
}
