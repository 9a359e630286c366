/** A search filter (RFC 4515). `undefined` is what slapd or we do not know: neither it nor its contrary matches. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | { readonly kind: 'present'; readonly attribute: string }
  | { readonly kind: 'equal'; readonly attribute: string; readonly value: string }
  /** Pieces between the stars; the first and the last may be empty, and then mean nothing. */
  | { readonly kind: 'substring'; readonly attribute: string; readonly pieces: readonly string[] }
  | { readonly kind: 'undefined' }

/** A filter that was not taken. `why` says whether it is wrong, or more than we look at. */
export type FilterOutcome =
  { readonly ok: true; readonly filter: Filter } | { readonly ok: false; readonly why: 'wrong' | 'large' }

/** slapd lets 1,000 levels through: nobody writes that many, and each is a level of our stack. */
const MAX_DEPTH = 64
/** Wikis ask for a few hundred people in one filter. */
const MAX_PARTS = 2000

const UNDEFINED: Filter = { kind: 'undefined' }

/**
 * Reads a filter as slapd prints it: RFC 4515 §3, and `(?…)` for an item that slapd does not know. It is text, so nothing
 * here reads BER. The parser of ldapts is not used: it has no limit, and drops the parentheses that are missing.
 */
export function parseFilter(text: string): FilterOutcome {
  const reading = new Reading(text)
  try {
    const filter = reading.filter(1)
    return reading.isAtEnd ? { ok: true, filter } : { ok: false, why: 'wrong' }
  } catch (error) {
    if (error instanceof NotTaken) return { ok: false, why: error.why }
    throw error
  }
}

class NotTaken extends Error {
  readonly why: 'wrong' | 'large'
  constructor(why: 'wrong' | 'large') {
    super(why)
    this.why = why
  }
}

class Reading {
  readonly #text: string
  #at = 0
  #parts = 0

  constructor(text: string) {
    this.#text = text
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length
  }

  filter(depth: number): Filter {
    this.#parts += 1
    if (depth > MAX_DEPTH || this.#parts > MAX_PARTS) throw new NotTaken('large')
    this.#take('(')
    const filter = this.#content(depth)
    this.#take(')')
    return filter
  }

  #content(depth: number): Filter {
    const first = this.#text[this.#at]
    if (first === '&') return { kind: 'and', parts: this.#list(depth) }
    if (first === '|') return { kind: 'or', parts: this.#list(depth) }
    if (first !== '!') return this.#item()
    this.#at += 1
    return { kind: 'not', part: this.filter(depth + 1) }
  }

  /** None at all is true for "and", false for "or" (RFC 4526). */
  #list(depth: number): Filter[] {
    this.#at += 1
    const parts: Filter[] = []
    while (this.#text[this.#at] === '(') parts.push(this.filter(depth + 1))
    return parts
  }

  #item(): Filter {
    const end = this.#text.indexOf(')', this.#at)
    if (end < 0) throw new NotTaken('wrong')
    const item = this.#text.slice(this.#at, end)
    this.#at = end
    if (item.includes('(')) throw new NotTaken('wrong')
    return item.startsWith('?') ? UNDEFINED : itemFilter(item)
  }

  #take(character: string): void {
    if (this.#text[this.#at] !== character) throw new NotTaken('wrong')
    this.#at += 1
  }
}

/** One item without its parentheses. */
function itemFilter(item: string): Filter {
  const equals = item.indexOf('=')
  if (equals < 1) throw new NotTaken('wrong')
  const before = item.slice(0, equals)
  const value = item.slice(equals + 1)
  // we have no order and no rules to choose from; "sounds like" may be taken as equality (RFC 4511 §4.5.1.7.6)
  if (/[<>:]$/.test(before)) return UNDEFINED
  const attribute = before.endsWith('~') ? before.slice(0, -1) : before
  if (!/^[A-Za-z0-9][A-Za-z0-9.;-]*$/.test(attribute)) throw new NotTaken('wrong')
  if (before.endsWith('~')) return { kind: 'equal', attribute, value: unescaped(value) }
  if (value === '*') return { kind: 'present', attribute }
  const pieces = value.split('*').map(unescaped)
  return pieces.length === 1
    ? { kind: 'equal', attribute, value: unescaped(value) }
    : { kind: 'substring', attribute, pieces }
}

/** Undoes `\xx` (RFC 4515 §3). Bytes that are no UTF-8 equal nothing that we have. */
function unescaped(value: string): string {
  if (!value.includes('\\')) return value
  const bytes: Buffer[] = []
  let from = 0
  for (let at = value.indexOf('\\'); at >= 0; at = value.indexOf('\\', from)) {
    const pair = value.slice(at + 1, at + 3)
    if (!/^[0-9A-Fa-f]{2}$/.test(pair)) throw new NotTaken('wrong')
    bytes.push(Buffer.from(value.slice(from, at)), Buffer.from(pair, 'hex'))
    from = at + 3
  }
  return Buffer.concat([...bytes, Buffer.from(value.slice(from))]).toString()
}
