import { armor, enums } from 'openpgp'

/**
 * One armored file of certificates that every OpenPGP program imports at once: sorted by fingerprint and without a date,
 * so that the same certificates always give the same bytes.
 */
export function armoredKeyring(
  certificates: readonly { readonly fingerprint: string; readonly body: Uint8Array }[],
): string {
  const sorted = new Map(
    certificates.toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)).map((each) => [each.fingerprint, each]),
  )
  const packets = Buffer.concat([...sorted.values()].map(({ body }) => body))
  return armor(enums.armor.publicKey, new Uint8Array(packets), undefined, undefined, undefined, true)
}
