/** Deeper values are refused before the call stack ends. */
const MAX_DEPTH = 1000

/**
 * The canonical form of a JSON value (RFC 8785): no white space, keys in order of their UTF-16 code units, numbers as
 * ECMAScript writes them.
 * @throws {TypeError} for what I-JSON does not have: lone surrogates, NaN, infinities, undefined, functions; and for values
 * nested more than 1,000 levels deep
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0)
}

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new TypeError('the value is nested too deep for a canonical form')
  if (typeof value === 'string') return writeText(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('a number without a JSON form has no canonical form')
    return JSON.stringify(value)
  }
  if (typeof value === 'boolean' || value === null) return String(value)
  if (Array.isArray(value)) return `[${value.map((entry) => write(entry, depth + 1)).join(',')}]`
  if (typeof value !== 'object') throw new TypeError(`a ${typeof value} has no canonical form`)
  const members = Object.entries(value)
  // plain comparison of strings is by UTF-16 code units, as RFC 8785 §3.2.3 asks
  members.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${writeText(key)}:${write(member, depth + 1)}`).join(',')}}`
}

function writeText(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a lone surrogate has no canonical form')
  return JSON.stringify(text)
}
