/** What slapd says of the connection that a request came by: the extensions of slapd-sock(5), all four of them. */
export interface Origin {
  /** Who has bound; empty for nobody. */
  readonly bindDn: string
  /** `IP=<address>:<port>`, or `PATH=<socket>`. */
  readonly peerName: string
  /** Strength of what protects the connection, in bits. */
  readonly ssf: number
  readonly connectionId: string
  /** What slapd serves from here. */
  readonly suffix: string
}

/** A request of slapd. */
export type Request =
  | {
      readonly kind: 'bind'
      readonly origin: Origin
      readonly dn: string
      readonly method: number
      readonly password: Buffer
    }
  | { readonly kind: 'unbind'; readonly origin: Origin }
  | ({ readonly kind: 'search'; readonly origin: Origin } & Search)
  | {
      readonly kind: 'compare'
      readonly origin: Origin
      readonly dn: string
      readonly attribute: string
      readonly value: string
    }
  | { readonly kind: 'write' }

/** What is searched (RFC 4511 §4.5.1). */
export interface Search {
  readonly base: string
  readonly scope: number
  /** Entries; -1 for no limit. */
  readonly sizeLimit: number
  /** Seconds; -1 for no limit. */
  readonly timeLimit: number
  readonly filter: string
  readonly attributes: readonly string[]
}

/** What was read so far: a whole request, one that needs more bytes, or what slapd never writes. */
export type Reading =
  { readonly state: 'whole'; readonly request: Request } | { readonly state: 'more' } | { readonly state: 'wrong' }

const WRITES = /^(?:ADD|DELETE|MODIFY|MODRDN|EXTENDED)\n/
const MORE: Reading = { state: 'more' }
const WRONG: Reading = { state: 'wrong' }

/**
 * Reads a request (slapd-sock(5), PROTOCOL). slapd puts DNs into it as they are, line feeds included, so whoever chooses a DN
 * chooses lines. Therefore every line has its place, each comes once, and nothing may follow the end: what decides about
 * rights stands before everything that a client chooses, and lines that were smuggled in are in the wrong place.
 */
export function readRequest(bytes: Buffer): Reading {
  const start = bytes.toString('latin1', 0, 16)
  if (WRITES.test(start)) return { state: 'whole', request: { kind: 'write' } }
  if (start.startsWith('BIND\n')) return readBind(bytes)
  if (!start.includes('\n')) return start.length < 16 ? MORE : WRONG
  if (!/^(?:SEARCH|COMPARE|UNBIND)\n/.test(start)) return WRONG
  if (bytes.length < 2 || bytes.toString('latin1', bytes.length - 2) !== '\n\n') return MORE
  const text = utf8(bytes)
  return text === undefined ? WRONG : readText(text)
}

function readText(text: string): Reading {
  const lines = new Lines(text)
  const kind = lines.word()
  const origin = lines.origin()
  if (!origin) return WRONG
  if (kind === 'UNBIND') return lines.isAtEnd ? { state: 'whole', request: { kind: 'unbind', origin } } : WRONG
  const request = kind === 'SEARCH' ? searchIn(lines, origin) : compareIn(lines, origin)
  return request && lines.isAtEnd ? { state: 'whole', request } : WRONG
}

function searchIn(lines: Lines, origin: Origin): Request | undefined {
  const base = lines.value('base')
  const scope = lines.number('scope')
  lines.number('deref')
  const sizeLimit = lines.number('sizelimit')
  const timeLimit = lines.number('timelimit')
  const filter = lines.value('filter')
  lines.number('attrsonly') // slapd leaves the values out by itself
  const attrs = lines.value('attrs')
  if (base === undefined || scope === undefined || sizeLimit === undefined || timeLimit === undefined) return undefined
  if (filter === undefined || attrs === undefined) return undefined
  const attributes = attrs === 'all' ? [] : attrs.split(' ').filter((name) => name !== '')
  return { kind: 'search', origin, base, scope, sizeLimit, timeLimit, filter, attributes }
}

function compareIn(lines: Lines, origin: Origin): Request | undefined {
  const dn = lines.value('dn')
  const [, attribute, colon, rest] = /^([A-Za-z0-9.;-]+):(:?) ?(.*)$/s.exec(lines.unfolded() ?? '') ?? []
  if (dn === undefined || attribute === undefined || rest === undefined) return undefined
  const value = colon === ':' ? Buffer.from(rest, 'base64').toString() : rest
  return { kind: 'compare', origin, dn, attribute, value }
}

const CREDENTIALS = Buffer.from('\ncred: ')

/** The password is as long as `credlen` says, and may have lines in it. */
function readBind(bytes: Buffer): Reading {
  const at = bytes.indexOf(CREDENTIALS)
  if (at < 0) return MORE
  const head = utf8(bytes.subarray(0, at + 1))
  if (head === undefined) return WRONG
  const lines = new Lines(`${head}\n`)
  lines.word()
  const origin = lines.origin()
  const dn = lines.value('dn')
  const method = lines.number('method')
  const length = lines.number('credlen')
  if (!origin || dn === undefined || method === undefined || length === undefined || length < 0) return WRONG
  if (!lines.isAtEnd) return WRONG
  const from = at + CREDENTIALS.length
  // slapd prints no more than stands before a zero byte, so a password with one never becomes whole, and is refused
  const missing = from + length + 2 - bytes.length
  if (missing > 0) return MORE
  if (missing < 0 || bytes.toString('latin1', from + length) !== '\n\n') return WRONG
  const password = bytes.subarray(from, from + length)
  return { state: 'whole', request: { kind: 'bind', origin, dn, method, password } }
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Takes lines off a text, each in its place. A line that is not what it must be is not taken. */
class Lines {
  readonly #lines: readonly string[]
  #at = 0

  /** @param text ends with an empty line */
  constructor(text: string) {
    this.#lines = text.slice(0, -2).split('\n')
  }

  get isAtEnd(): boolean {
    return this.#at === this.#lines.length
  }

  word(): string | undefined {
    return this.#lines[this.#at++]
  }

  value(key: string): string | undefined {
    const line = this.#lines[this.#at]
    if (line === undefined || !line.startsWith(`${key}:`)) return undefined
    this.#at += 1
    return line.slice(key.length + 1).replace(/^ /, '')
  }

  number(key: string): number | undefined {
    const value = this.value(key)
    return value !== undefined && /^-?\d{1,9}$/.test(value) ? Number(value) : undefined
  }

  /** A line of LDIF with those that continue it (RFC 2849: they begin with a space). */
  unfolded(): string | undefined {
    let whole = this.word()
    while (this.#lines[this.#at]?.startsWith(' ')) whole += (this.word() ?? '').slice(1)
    return whole
  }

  /** What stands at the beginning of each request. */
  origin(): Origin | undefined {
    if (this.value('msgid') === undefined) return undefined
    const bindDn = this.value('binddn')
    const peerName = this.value('peername')
    const ssf = this.number('ssf')
    const connectionId = this.value('connid')
    const suffix = this.value('suffix')
    if (bindDn === undefined || peerName === undefined || ssf === undefined) return undefined
    if (connectionId === undefined || suffix === undefined) return undefined
    return { bindDn, peerName, ssf, connectionId, suffix }
  }
}
