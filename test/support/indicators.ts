/** Where the made-up indicators begin: the same seed and start give the same texts on every machine. */
export interface IndicatorSeries {
  /** Any whole number; another seed gives other ids, names and patterns. Default 1. */
  readonly seed?: number
  /** Time of the first indicator, with at most three digits after the second; each next one is a second later. */
  readonly startAt?: string
}

type Draw = (below: number) => number

const AUTHORS = ['port', 'hospital', 'city', 'university', 'volunteers']
const AUTHOR_IDS = AUTHORS.map((_, index) => `identity--5a0c1de0-0b1e-4d0a-9b00-00000000000${index + 1}`)

// FIRST TLP 2.0: clear, green, amber
const MARKING_IDS = [
  'marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487',
  'marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb',
  'marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421',
]

const PHASES = ['delivery', 'installation', 'command-and-control', 'actions-on-objectives']
const LABELS = ['phishing', 'loader', 'staging', 'scanner', 'look-alike', 'beacon']

const SENTENCES = [
  'Reported by two members within one hour and confirmed against the resolver logs of a third.',
  'The host answered on the same port with the same certificate as the one of last week.',
  'Blocking is safe: no legitimate traffic to it was seen in the last ninety days.',
  'The sender writes to harbour offices and to purchasing, always early on a working day.',
  'Sandbox runs show a call every five minutes and a second stage after about two hours.',
  'Do not block without looking first, the address is shared with a web shop.',
  'Please report sightings with counts, also when the count is zero.',
  'The file is laid down in a folder that every department may write, and is not started.',
  'Taken from a forwarded mail; the attachment was kept and can be asked for.',
]

// Written as JSON text: umlauts, a ligature, CJK, right to left, an astral character, and all the ways to escape.
const UNUSUAL = [
  'Die Größe der Datei schwankt, der Fußtext bleibt – siehe „Anhang“. ',
  'Œuvre du même expéditeur, reçue à 7 h ; déjà signalée. ',
  '件名は請求書、添付は圧縮ファイル。 الرسالة مزورة ',
  'Marked with a skull \u{1f480} in the ticket and a ship \u{1f6a2}. ',
  'Quoted as \\"invoice\\", path C:\\\\Tides\\\\new, then a break.\\n\\tIndented. ',
  'Escaped: \\u00e9\\u4ef6 \\ud83d\\udea2 \\/ \\u0041. ',
]

/**
 * Makes indicators as feeds carry them: one compact JSON text each, about 1,050 bytes on average in UTF-8, one in ten
 * with characters outside ASCII or with escapes. Every text is a valid STIX 2.1 indicator (§4.7), ids are unique within
 * a series, and all names and addresses are those kept for documentation (RFC 2606, 5737, 3849).
 * @throws {RangeError} when `startAt` is not a time
 */
export function indicators(count: number, series: IndicatorSeries = {}): readonly string[] {
  const { seed = 1, startAt = '2026-10-01T00:00:00.000Z' } = series
  const startMillis = Date.parse(startAt)
  if (Number.isNaN(startMillis)) throw new RangeError(`startAt is not a time: ${startAt}`)
  const draw = drawFrom(seed)
  const texts: string[] = []
  for (let index = 0; index < count; index += 1)
    texts.push(indicatorText(index, seed, startMillis + index * 1000, draw))
  return texts
}

function indicatorText(index: number, seed: number, millis: number, draw: Draw): string {
  const created = new Date(millis).toISOString()
  // About three months: long enough that no test has to think of indicators that run out
  const until = new Date(millis + 90 * 86_400_000).toISOString()
  const kind = draw(PATTERNS.length)
  const { what, pattern } = pick(PATTERNS, kind)(draw)
  const author = draw(AUTHORS.length)
  const unusual = index % 10 === 7 ? pick(UNUSUAL, draw(UNUSUAL.length)) : ''
  return (
    `{"type":"indicator","spec_version":"2.1","id":"indicator--${uuid(index, seed, draw)}",` +
    `"created_by_ref":"${pick(AUTHOR_IDS, author)}","created":"${created}","modified":"${created}",` +
    `"name":"${what} ${index + 1} from the ${pick(AUTHORS, author)}","description":"${unusual}${prose(draw)}",` +
    `"indicator_types":["malicious-activity"],"pattern":"${pattern}","pattern_type":"stix","pattern_version":"2.1",` +
    `"valid_from":"${created}","valid_until":"${until}",` +
    `"kill_chain_phases":[{"kill_chain_name":"lockheed-martin-cyber-kill-chain","phase_name":"${pick(PHASES, draw(4))}"}],` +
    `"labels":["${pick(LABELS, draw(LABELS.length))}"],"confidence":${30 + draw(70)},` +
    `"external_references":[{"source_name":"region","external_id":"CASE-2026-${10_000 + draw(90_000)}"}],` +
    `"object_marking_refs":["${pick(MARKING_IDS, draw(MARKING_IDS.length))}"]}`
  )
}

function prose(draw: Draw): string {
  const first = draw(SENTENCES.length)
  const sentences = 1 + draw(4)
  let text = pick(SENTENCES, first)
  for (let next = 1; next < sentences; next += 1) text += ` ${pick(SENTENCES, (first + next) % SENTENCES.length)}`
  return text
}

/** Patterns as they stand inside a JSON string: without quotation marks and backslashes. */
const PATTERNS: readonly ((draw: Draw) => { readonly what: string; readonly pattern: string })[] = [
  (draw) => ({ what: 'Name', pattern: `[domain-name:value = 'h${hex(draw, 2)}.d${draw(5000)}.example']` }),
  (draw) => ({ what: 'Address', pattern: `[ipv4-addr:value = '198.51.100.${draw(256)}']` }),
  (draw) => ({ what: 'IPv6 network', pattern: `[ipv6-addr:value ISSUBSET '2001:db8:${hex(draw, 1)}::/48']` }),
  (draw) => ({
    what: 'Link',
    pattern: `[url:value = 'https://h${hex(draw, 1)}.test/in/${hex(draw, 3)}?id=${draw(1e6)}']`,
  }),
  (draw) => ({
    what: 'File',
    pattern: `[file:hashes.'SHA-256' = '${hex(draw, 16)}' OR file:hashes.MD5 = '${hex(draw, 8)}']`,
  }),
  (draw) => ({ what: 'Sender', pattern: `[email-message:from_ref.value = 'u${draw(1e6)}@m${hex(draw, 1)}.example']` }),
  (draw) => ({ what: 'Mutex', pattern: `[mutex:name = 'Local-m-${hex(draw, 4)}']` }),
  (draw) => ({
    what: 'Beacon',
    pattern:
      `[network-traffic:dst_ref.value = '203.0.113.${draw(256)}' AND network-traffic:dst_port = ${1024 + draw(60_000)}]` +
      ` REPEATS ${2 + draw(8)} TIMES WITHIN ${60 * (1 + draw(60))} SECONDS`,
  }),
]

/** Looks like version 4. The first eight digits are a permutation of the index, so a series never repeats one. */
function uuid(index: number, seed: number, draw: Draw): string {
  const first = ((Math.imul(index, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b)) >>> 0).toString(16).padStart(8, '0')
  return `${first}-${hex(draw, 1)}-4${hex(draw, 1).slice(1)}-${'89ab'.charAt(draw(4))}${hex(draw, 1).slice(1)}-${hex(draw, 3)}`
}

const FOUR_DIGITS = Array.from({ length: 65_536 }, (_, value) => value.toString(16).padStart(4, '0'))

function hex(draw: Draw, fours: number): string {
  let text = ''
  for (let next = 0; next < fours; next += 1) text += pick(FOUR_DIGITS, draw(65_536))
  return text
}

/** Whole numbers below a bound from a 32-bit counter that is stirred twice: fast, and the same everywhere. */
function drawFrom(seed: number): Draw {
  let state = seed | 0
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

function pick<T>(list: readonly T[], index: number): T {
  const value = list[index]
  if (value === undefined) throw new RangeError(`nothing at ${index} of ${list.length}`)
  return value
}

const encoder = new TextEncoder()

/** The bytes of a TAXII envelope that holds these texts as they are, in order (TAXII 2.1 §3.7). */
export function envelopeOf(texts: readonly string[]): Uint8Array {
  return encoder.encode(texts.length === 0 ? '{}' : `{"objects":[${texts.join(',')}]}`)
}

/**
 * The same object with another `modified`, otherwise to the letter the same text: a new version (STIX 2.1 §3.6).
 * @param text a text of {@link indicators}
 * @param modified an RFC 3339 time in UTC; nothing checks that it is later
 * @throws {RangeError} when the text has no `modified`
 */
export function newVersionOf(text: string, modified: string): string {
  const start = text.indexOf(MODIFIED)
  if (start < 0) throw new RangeError('the text has no modified property')
  const from = start + MODIFIED.length
  return text.slice(0, from) + modified + text.slice(text.indexOf('"', from))
}

// Comes before any free text in our own order of properties, so the first occurrence is the property
const MODIFIED = '"modified":"'
