const RDN = /^(?:dc|o|ou)=[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,61}[A-Za-z0-9])?$/

/** Whether a text is the DN of a suffix in its plainest form: nothing in it has to be escaped (RFC 4514 §2.4). */
export function isDirectorySuffix(value: string): boolean {
  return value.split(',').every((rdn) => RDN.test(rdn))
}
