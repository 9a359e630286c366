import { isDigit, isHexDigit } from './char-class.ts'

/** An address block; a bare address is a block of one. */
interface Network {
  readonly bits: 32 | 128
  readonly prefix: number
  /** The address with the bits behind the prefix, as an unsigned integer. */
  readonly address: bigint
}

/** The longest text form is an IPv6 address with an embedded IPv4 address and a prefix. */
const MAX_LENGTH = '0000:0000:0000:0000:0000:ffff:255.255.255.255/128'.length

/** Reads an IPv4 or IPv6 address or CIDR block, or undefined. Octets with leading zeros and zones are refused. */
export function parseNetwork(text: string): Network | undefined {
  if (text.length > MAX_LENGTH) return undefined
  const slash = text.indexOf('/')
  const host = slash === -1 ? text : text.slice(0, slash)
  const bits = host.includes(':') ? 128 : 32
  const address = bits === 128 ? parseIpv6(host) : parseIpv4(host)
  const prefix = slash === -1 ? bits : parseDecimal(text.slice(slash + 1), bits)
  return address === undefined || prefix === undefined ? undefined : { bits, prefix, address }
}

/** Says whether the outer block holds the whole of the inner one; an equal block does. */
export function holdsNetwork(outer: Network, inner: Network): boolean {
  if (outer.bits !== inner.bits || outer.prefix > inner.prefix) return false
  const shift = BigInt(outer.bits - outer.prefix)
  return outer.address >> shift === inner.address >> shift
}

function parseDecimal(text: string, max: number): number | undefined {
  if (text.length === 0 || text.length > 3 || (text.length > 1 && text.startsWith('0'))) return undefined
  for (let at = 0; at < text.length; at++) if (!isDigit(text.charCodeAt(at))) return undefined
  const value = Number(text)
  return value <= max ? value : undefined
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let address = 0n
  for (const part of parts) {
    const octet = parseDecimal(part, 255)
    if (octet === undefined) return undefined
    address = (address << 8n) | BigInt(octet)
  }
  return address
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = parseGroups(halves[0] ?? '', halves.length === 1)
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : []
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  let address = 0n
  for (const group of [...head, ...Array<number>(missing).fill(0), ...tail]) address = (address << 16n) | BigInt(group)
  return address
}

function parseGroups(text: string, mayEndInIpv4: boolean): readonly number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [position, part] of parts.entries()) {
    const ipv4 = mayEndInIpv4 && position === parts.length - 1 && part.includes('.') ? parseIpv4(part) : undefined
    if (ipv4 !== undefined) {
      groups.push(Number(ipv4 >> 16n), Number(ipv4 & 0xffffn))
      continue
    }
    if (part.length === 0 || part.length > 4) return undefined
    for (let at = 0; at < part.length; at++) if (!isHexDigit(part.charCodeAt(at))) return undefined
    groups.push(Number.parseInt(part, 16))
  }
  return groups
}
