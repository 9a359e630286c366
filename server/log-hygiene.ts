/** What stands in the place of a value that the log does not keep. */
const LEFT_OUT = '(left out)'

const MAX_LINE = 16_384 // a longer line is cut value by value: a peer must not fill the disk with one header
const MAX_VALUE = 2_000
const MAX_DEPTH = 8
const MAX_ITEMS = 50

/**
 * Names of fields whose values never reach the log, compared in lower case without `-` and `_`. `accessToken` and
 * `client_secret` count too: the end of the name decides.
 */
const UNLOGGED_ENDINGS = [
  'authorization',
  'cookie',
  'cookies',
  'password',
  'passphrase',
  'passwd',
  'secret',
  'secrets',
  'token',
  'tokens',
  'credentials',
  'privatekey',
  'apikey',
  'body',
] as const

// C0 and C1 controls with DEL, line and paragraph separator, and the marks that turn the direction of text
const UNSAFE = /[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu

// an escape sequence goes as a whole, so that no `[31m` stays behind
// oxlint-disable-next-line no-control-regex -- the escape character is what it looks for
const ANSI = /\u001B\[[0-9;:<=>?]{0,64}[ -/]{0,8}[@-~]/gu

/** What a finished JSON line has to contain before it is worth a second look; most lines do not. */
const SUSPECT =
  /\\[bfnrtu]|[\u007F-\u009F\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]|authorization|cookie|pass|secret|token|credential|key|body/iu

/**
 * Cleans one finished JSON line of the log: strings lose control characters, escape sequences and direction marks (a
 * hostile text could forge a line or hide one), fields with the name of a secret or a body lose their value, and an
 * over-long line is cut. A stack keeps its line ends, which JSON escapes. Linear in the length of the line.
 */
export function cleanLine(line: string): string {
  if (line.length <= MAX_LINE && !SUSPECT.test(line)) return line
  let record: unknown
  try {
    record = JSON.parse(line)
  } catch {
    return '{"level":"error","msg":"a line of the log was not JSON and is left out"}\n'
  }
  return `${JSON.stringify(clean(record, '', 0))}\n`
}

function clean(value: unknown, name: string, depth: number): unknown {
  if (name !== '' && isUnlogged(name)) return LEFT_OUT
  if (typeof value === 'string') return name === 'stack' ? cleanStack(value) : cleanText(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MAX_DEPTH) return LEFT_OUT
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => clean(item, '', depth + 1))
  const entries = Object.entries(value).slice(0, MAX_ITEMS)
  // fromEntries defines own properties, so a field called __proto__ stays a field
  return Object.fromEntries(entries.map(([key, item]) => [cleanText(key), clean(item, key, depth + 1)]))
}

function isUnlogged(name: string): boolean {
  const plain = name.toLowerCase().replaceAll(/[-_]/g, '')
  return UNLOGGED_ENDINGS.some((ending) => plain.endsWith(ending))
}

/** One line of text without anything that a terminal obeys, at most 2,000 characters of it. */
function cleanText(text: string): string {
  const short = text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text
  return short.replaceAll(ANSI, '').replaceAll(UNSAFE, ' ')
}

function cleanStack(stack: string): string {
  return stack.split('\n', MAX_ITEMS).map(cleanText).join('\n')
}
