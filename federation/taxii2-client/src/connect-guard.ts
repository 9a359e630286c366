import { BlockList, isIP, isIPv4 } from 'node:net'

/** Where a connection is about to go. */
export interface ConnectTarget {
  /** As in the URL; an IPv6 literal without brackets. */
  readonly hostname: string
  /** The address itself. The connection goes to this one and to no other. */
  readonly ip: string
  readonly port: number
}

/**
 * Decides whether the client may connect. Asked for IP literals and for each address that a name resolves to. A guard
 * that throws refuses.
 */
export type ConnectGuard = (target: ConnectTarget) => boolean | Promise<boolean>

const LOOPBACK = blockList(['127.0.0.0/8'], ['::1/128'])

/** IANA special-purpose registries: what is not reachable from everywhere, and multicast and reserved space. */
const NOT_PUBLIC = blockList(
  [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.88.99.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4',
  ],
  // 2001::/23 holds Teredo and 2002::/16 is 6to4: both carry an IPv4 address of anybody's choice
  ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
)

/** The only IPv6 space in use for global unicast. Mapped and translated IPv4 addresses lie outside. */
const GLOBAL_UNICAST = blockList([], ['2000::/3'])

/**
 * A guard that admits addresses of the public internet only: no loopback, private, link-local (cloud metadata),
 * multicast or translated address. For URLs that came from outside.
 */
export const publicOnly: ConnectGuard = ({ ip }) => {
  if (isIPv4(ip)) return !NOT_PUBLIC.check(ip, 'ipv4')
  return isPlainIpv6(ip) && GLOBAL_UNICAST.check(ip, 'ipv6') && !NOT_PUBLIC.check(ip, 'ipv6')
}

/** Whether an address stays on this machine: 127.0.0.0/8 or ::1. */
export function isLoopback(ip: string): boolean {
  return isIPv4(ip) ? LOOPBACK.check(ip, 'ipv4') : isPlainIpv6(ip) && LOOPBACK.check(ip, 'ipv6')
}

/** An address with a zone (`fe80::1%eth0`) is link-local, and BlockList cannot read it. */
function isPlainIpv6(ip: string): boolean {
  return isIP(ip) === 6 && !ip.includes('%')
}

function blockList(ipv4: readonly string[], ipv6: readonly string[]): BlockList {
  const list = new BlockList()
  for (const [subnets, family] of [[ipv4, 'ipv4'] as const, [ipv6, 'ipv6'] as const]) {
    for (const subnet of subnets) {
      const [network = '', bits = ''] = subnet.split('/')
      list.addSubnet(network, Number(bits), family)
    }
  }
  return list
}
