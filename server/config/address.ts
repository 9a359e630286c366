import { BlockList, isIP } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Whether only this machine can reach a listener on the host. Any name but `localhost` counts as reachable. */
export function isLoopback(host: string): boolean {
  const family = isIP(host)
  if (family === 0) return host === 'localhost'
  return loopback.check(host, family === 6 ? 'ipv6' : 'ipv4')
}

/** An IP address, or a name of letters, digits, hyphens and dots. */
export function isHost(value: string): boolean {
  return isIP(value) !== 0 || /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(value)
}

/** An IP address or a network such as `10.0.0.0/8`. The network of all addresses is refused: it would trust everyone. */
export function isAddressOrNetwork(value: string): boolean {
  const [address = '', prefix, ...rest] = value.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0 || address.includes('%')) return false
  if (prefix === undefined) return true
  return /^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (family === 6 ? 128 : 32)
}

/** An address at which clients reach the server: https, or http on this machine; without credentials, query and fragment. */
export function isPublicUrl(value: string): boolean {
  // the parser drops tabs and line ends in silence; a printed link would keep them
  const url = /^[!-~]+$/.test(value) ? URL.parse(value) : null
  if (!url || url.username !== '' || url.password !== '' || value.includes('?') || value.includes('#')) return false
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(host))
}

/** A PostgreSQL connection URL. */
export function isPostgresUrl(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && (url.protocol === 'postgres:' || url.protocol === 'postgresql:')
}
