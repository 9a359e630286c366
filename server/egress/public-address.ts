import ipaddr from 'ipaddr.js'

/** Unicast, but not of the Internet, or a way around the check to an IPv4 address: what ipaddr.js names otherwise or not. */
const NOT_PUBLIC = [
  '64:ff9b::/96', // NAT64 (RFC 6052)
  '64:ff9b:1::/48', // local NAT64 (RFC 8215)
  '::/96', // IPv4-compatible (RFC 4291 §2.5.5.1)
  '2001::/23', // IETF assignments, Teredo among them (RFC 2928)
  '2002::/16', // 6to4 (RFC 3056)
  '3fff::/20', // documentation (RFC 9637)
  '5f00::/16', // segment routing (RFC 9602)
  'fec0::/10', // site-local, of before (RFC 3879)
  '192.0.0.0/24', // IETF assignments (RFC 6890)
  '192.88.99.0/24', // 6to4 relays, of before (RFC 7526)
  '198.18.0.0/15', // benchmarks (RFC 2544)
].map((range) => ipaddr.parseCIDR(range))

const INTERNET = ipaddr.parseCIDR('2000::/3')

/**
 * Whether an IP address is one of the Internet. Everything else is refused: loopback, private, link-local (where clouds keep
 * their credentials), unique local, carrier-grade NAT, multicast, reserved, and every form that hides an IPv4 address.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast') return false
  if (address.kind() === 'ipv6' && !address.match(INTERNET)) return false
  return !NOT_PUBLIC.some((range) => range[0].kind() === address.kind() && address.match(range))
}
