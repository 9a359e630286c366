import ipaddr from 'ipaddr.js'

/** A block of addresses, normalised: no bit of the host is set. */
export interface Block {
  readonly kind: 'block'
  readonly family: 4 | 6
  /** Its first address as a number. */
  readonly start: bigint
  /** Bits of the prefix. */
  readonly length: number
  /** `198.51.100.0/24`, IPv6 as in RFC 5952. */
  readonly text: string
}

/** A DNS name in lower-case A-labels without a dot at its end. */
export interface DomainName {
  readonly kind: 'domain'
  /** Whether it stands for everything below as well: it was written with a dot in front. */
  readonly below: boolean
  /** With the dot in front where `below` is true. */
  readonly text: string
}

/** What was read, or the sentence that says what is wrong and how it is mended. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string }

/** More is no name and no address, whatever it is. */
const MAX_TEXT = 2000
const BITS = { 4: 32, 6: 128 } as const
const OCTET = /^(?:0|[1-9]\d{0,2})$/

/**
 * Makes a text that was written so that nobody clicks it what it was: `hxxps://a[.]b`, `a(.)b`, `a[dot]b`, `2001[:]db8::1`.
 * Spaces at its ends go too.
 */
export function refang(text: string): string {
  return text
    .trim()
    .replace(/^h(?:xx|\*\*|XX)p/i, 'http')
    .replaceAll(/[[({]\s?(?:\.|dot)\s?[\])}]/gi, '.')
    .replaceAll(/[[({]:(\/\/)?[\])}]/g, ':$1')
    .replaceAll(/[[({]\s?(?:@|at)\s?[\])}]/gi, '@')
}

/**
 * Reads a block in CIDR notation, or a plain address as a block of one. An IPv4 address in an IPv6 one (`::ffff:a.b.c.d`)
 * is the IPv4 address. Bits of the host that are set, `/0`, leading zeros and zones are refused.
 */
export function readBlock(written: string): Read<Block> {
  const text = refang(written)
  const [address = '', prefix, ...more] = text.split('/')
  const found = text.length <= MAX_TEXT && more.length === 0 ? addressOf(address) : undefined
  if (!found)
    return no(`${shown(written)} is no IP address or CIDR block: write one as 198.51.100.0/24 or 2001:db8::/32`)
  let { family, start } = found
  let length = prefix === undefined ? BITS[family] : OCTET.test(prefix) ? Number(prefix) : -1
  if (length < 0 || length > BITS[family])
    return no(`/${prefix} is no prefix length: write one from 1 to ${BITS[family]}`)
  if (family === 6 && start >> 32n === 0xffffn && length >= 96) {
    family = 4
    start &= 0xffff_ffffn
    length -= 96
  }
  if (length === 0) return no(`${shown(written)} is every address there is: write the blocks that are meant`)
  const hostBits = BigInt(BITS[family] - length)
  const first = (start >> hostBits) << hostBits
  const block: Block = { kind: 'block', family, start: first, length, text: `${addressText(family, first)}/${length}` }
  if (first === start) return { ok: true, value: block }
  return no(
    `${shown(written)} has bits set behind its prefix: write ${block.text}, or ${addressText(family, start)} alone`,
  )
}

/**
 * Reads a DNS name with at least two labels: a dot in front means everything below as well. Names in other scripts become
 * A-labels (UTS 46); a dot at the end goes. What nobody can own (`gov.uk`, `wa.us`) is refused.
 */
export function readDomain(written: string): Read<DomainName> {
  const text = refang(written)
  const below = text.startsWith('.')
  const name = hostName(below ? text.slice(1) : text)
  if (name === undefined) return no(`${shown(written)} is no domain name: write it as city.example or .city.example`)
  if (!name.includes('.'))
    return no(`${shown(written)} is a single label: write the whole name, such as ${name}.example`)
  if (isPublicSuffix(name)) {
    return no(`${shown(written)} is a suffix that everybody registers under: write the name below it`)
  }
  return { ok: true, value: { kind: 'domain', below, text: below ? `.${name}` : name } }
}

/** Reads a block or a domain, whichever it looks like. */
export function readBlockOrDomain(written: string): Read<Block | DomainName> {
  return looksLikeAddress(refang(written)) ? readBlock(written) : readDomain(written)
}

/**
 * The address, block or name that an observation is about: also out of a URL, an e-mail address or `address:port`.
 * @returns undefined for what is none of them
 */
export function readObserved(written: string): Block | DomainName | undefined {
  if (written.length > MAX_TEXT) return undefined
  const host = hostOf(refang(written))
  if (looksLikeAddress(host)) {
    const read = readBlock(host)
    return read.ok ? read.value : undefined
  }
  const name = hostName(host)
  return name === undefined ? undefined : { kind: 'domain', below: false, text: name }
}

/** An address as people write it: dotted, or RFC 5952. */
function addressText(family: 4 | 6, start: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (start >> shift) & 255n).join('.')
  const parts = Array.from({ length: 8 }, (_, i) => Number((start >> BigInt(112 - 16 * i)) & 0xffffn))
  return new ipaddr.IPv6(parts).toRFC5952String()
}

function addressOf(text: string): { readonly family: 4 | 6; readonly start: bigint } | undefined {
  const octets = text.split('.')
  if (octets.length === 4 && octets.every((octet) => OCTET.test(octet) && Number(octet) < 256)) {
    return { family: 4, start: BigInt(octets.reduce((sum, octet) => sum * 256 + Number(octet), 0)) }
  }
  const hex = withoutDots(text)
  if (hex === undefined || !/^[0-9a-f:]{2,45}$/i.test(hex) || !ipaddr.IPv6.isValid(hex)) return undefined
  let start = 0n
  for (const part of ipaddr.IPv6.parse(hex).parts) start = (start << 16n) | BigInt(part)
  return { family: 6, start }
}

/** An IPv6 address that ends like an IPv4 one, in hexadecimal to its end: parsers differ on `::198.51.100.7`, and on zeros in front. */
function withoutDots(text: string): string | undefined {
  if (!text.includes('.')) return text
  const at = text.lastIndexOf(':') + 1
  const last = at > 0 ? addressOf(text.slice(at)) : undefined
  if (last?.family !== 4) return undefined
  return `${text.slice(0, at)}${(last.start >> 16n).toString(16)}:${(last.start & 0xffffn).toString(16)}`
}

function looksLikeAddress(text: string): boolean {
  return text.includes(':') || text.includes('/') || /^[\d.]+$/.test(text)
}

/** The host in what may be a URL, an address of mail, or a host with a port. */
function hostOf(text: string): string {
  const scheme = /^[a-z][a-z0-9+.-]{0,20}:\/\//i.exec(text)
  // a block is the one thing with a slash that is not behind a scheme
  if (!scheme && /^[\da-f.:]+\/\d{1,3}$/i.test(text)) return text
  const [authority = ''] = text.slice(scheme?.[0].length ?? 0).split(/[/?#]/, 1)
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(host)
  if (bracketed) return bracketed[1] ?? ''
  return host.replace(/^([^:]*):\d{1,5}$/, '$1')
}

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

/** A host name in A-labels; undefined when it is none. One label is one. */
function hostName(text: string): string | undefined {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text
  if (bare === '' || bare.length > 300 || /[\s\p{Cc}/@:?#\\%<>^|[\]{}`"]/u.test(bare)) return undefined
  let name: string
  try {
    name = isPlain(bare) ? bare.toLowerCase() : new URL(`http://${bare}`).hostname
  } catch {
    return undefined
  }
  const labels = name.split('.')
  // a last label of digits only would make an IPv4 address of it
  const isName = labels.every((label) => LABEL.test(label)) && !/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')
  return isName && name.length <= 253 ? name : undefined
}

/** Letters, digits, hyphens, and nothing that IDNA has an opinion on. */
function isPlain(text: string): boolean {
  return /^[A-Za-z0-9._-]+$/.test(text) && !/(?:^|\.)xn--/i.test(text)
}

/** Second labels under which countries register for everybody. A list of all public suffixes is longer than our program. */
const REGISTRIES = new Set('ac co com edu gob gov go mil ne net nom or org sch'.split(' '))

function isPublicSuffix(name: string): boolean {
  const labels = name.split('.')
  const [second = '', top = ''] = labels
  if (labels.length !== 2 || top.length !== 2) return false
  return REGISTRIES.has(second) || (top === 'us' && second.length === 2)
}

/** As it stands in a sentence: short, and without what would turn it. */
export function shown(text: string): string {
  const flat = text.trim().replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')
  return JSON.stringify(flat.length > 80 ? `${flat.slice(0, 79)}…` : flat)
}

function no(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem }
}
