import ipaddr from 'ipaddr.js'

/**
 * What counts as one network when attempts are counted: an IPv4 address, or 64 bits of IPv6, which is what one customer
 * gets (RFC 6177 §2): whoever has one address there has 2^64 of them.
 * @returns the text itself when it is no address
 */
export function countedNetwork(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address) // an IPv4 address that was mapped into IPv6 is the IPv4 address
  if (parsed.kind() === 'ipv4') return parsed.toString()
  const prefix = [...parsed.toByteArray().slice(0, 8), ...Array.from({ length: 8 }, () => 0)]
  return `${ipaddr.fromByteArray(prefix).toString()}/64`
}
