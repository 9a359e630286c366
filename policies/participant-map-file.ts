import { isMap, isScalar, isSeq } from 'yaml'
import { csvCell, readCsv } from './delimited.ts'
import {
  MAX_MAP_ENTRIES,
  type MapProblem,
  type ParticipantEntry,
  readParticipantMap,
  type ReadMap,
  type WrittenEntry,
} from './participant-map.ts'
import { parsePlainYaml } from './plain-yaml.ts'

/** The forms that a map can be written in. */
export const MAP_FORMS = ['text', 'csv', 'yaml'] as const
export type MapForm = (typeof MAP_FORMS)[number]

/** Largest file, in characters. */
export const MAX_MAP_TEXT = 4_000_000

type Written = { readonly entries: readonly WrittenEntry[]; readonly problems: readonly MapProblem[] }

/** Reads a map in one of its forms, as a whole: with one problem none of it counts. */
export function readMapFile(text: string, form: MapForm): ReadMap {
  if (text.length > MAX_MAP_TEXT)
    return { ok: false, problems: [ofFile(1, 'the file is larger than 4 million characters')] }
  const { entries, problems } = READERS[form](text)
  const read = readParticipantMap(entries)
  if (problems.length === 0) return read
  return { ok: false, problems: [...problems, ...(read.ok ? [] : read.problems)].toSorted((a, b) => a.line - b.line) }
}

/** The form that a text has, by its looks. */
export function mapFormOf(text: string): MapForm {
  const lines = text.split(/\r?\n/, 200).filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
  if (lines.some((line) => /^\s*(?:-\s+)?(?:cidr|domain)s?\s*:/i.test(line) || line.trim() === '---')) return 'yaml'
  return lines.length > 0 && lines.every((line) => line.includes(',')) ? 'csv' : 'text'
}

/** `BLOCK SITE [PARTICIPANT] [TLP]`, one entry a line; `#` starts a remark. */
export function writeMapText(entries: readonly ParticipantEntry[]): string {
  const widest = Math.min(44, Math.max(0, ...entries.map(({ block }) => block.length)))
  return entries
    .map(({ block, site, participant, tlp }) => {
      const label = participant === site && !tlp ? [] : [participant]
      return `${[block.padEnd(widest), site, ...label, ...(tlp ? [tlp] : [])].join(' ')}\n`
    })
    .join('')
}

/** With the columns `block`, `site`, `participant` and `tlp`. */
export function writeMapCsv(entries: readonly ParticipantEntry[]): string {
  const rows = entries.map(({ block, site, participant, tlp = '' }) => [block, site, participant, tlp])
  return [['block', 'site', 'participant', 'tlp'], ...rows].map((row) => `${row.map(csvCell).join()}\r\n`).join('')
}

/**
 * YAML with `cidr`, `domain` and `tlp` per participant, and `site` where the site id is another. A participant with several
 * sites or labels has a list of such parts.
 */
export function writeMapYaml(entries: readonly ParticipantEntry[]): string {
  const participants = new Map<string, Map<string, ParticipantEntry[]>>()
  for (const entry of entries) {
    const parts = participants.get(entry.participant) ?? new Map<string, ParticipantEntry[]>()
    const key = `${entry.site} ${entry.tlp ?? ''}`
    const part = parts.get(key)
    if (part) part.push(entry)
    else parts.set(key, [entry])
    participants.set(entry.participant, parts)
  }
  const text = [...participants]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([participant, parts]) => {
      const isOne = parts.size === 1
      const lines = [...parts.values()].flatMap((part) => {
        const body = partOf(participant, part)
        return isOne ? body.map((line) => `  ${line}`) : body.map((line, i) => `  ${i === 0 ? '- ' : '  '}${line}`)
      })
      return `"${participant}":\n${lines.join('\n')}\n`
    })
  return `---\n${text.join('')}`
}

function partOf(participant: string, part: readonly ParticipantEntry[]): readonly string[] {
  const [first] = part
  const list = (name: string, values: readonly ParticipantEntry[]) =>
    values.length === 0 ? [] : [`${name}:`, ...values.map(({ block }) => `  - "${block}"`)]
  return [
    ...(first && first.site !== participant ? [`site: "${first.site}"`] : []),
    ...(first?.tlp ? [`tlp: "${first.tlp}"`] : []),
    ...list(
      'cidr',
      part.filter(({ block }) => block.includes('/')),
    ),
    ...list(
      'domain',
      part.filter(({ block }) => !block.includes('/')),
    ),
  ]
}

/**
 * The text that SiLK's `rwpmapbuild` reads: block and label of the participant. A prefix map holds one kind of address, and
 * no names.
 */
export function writeSilkPrefixMap(entries: readonly ParticipantEntry[], family: 'ipv4' | 'ipv6'): string {
  const lines = entries
    .filter(({ block }) => block.includes('/') && block.includes(':') === (family === 'ipv6'))
    .map(({ block, participant }) => `${block} ${participant}\n`)
  return `map-name participant\ndefault EXTERNAL\nmode ${family}\n${lines.join('')}`
}

const READERS: Readonly<Record<MapForm, (text: string) => Written>> = {
  text: readText,
  csv: readCsvMap,
  yaml: readYamlMap,
}

function readText(text: string): Written {
  const entries: WrittenEntry[] = []
  const problems: MapProblem[] = []
  for (const [index, whole] of text.split(/\r?\n/).entries()) {
    const bare = whole.replace(/(?:^|\s)#.*$/, '').trim()
    if (bare === '') continue
    const words = bare.split(/[\s,;|]+/).filter((word) => word !== '')
    const [block = '', site = '', participant = '', tlp = '', ...more] = words
    const line = index + 1
    if (more.length > 0)
      problems.push(ofFile(line, `there are ${words.length} words: write block, site, participant and TLP`))
    else entries.push({ line, block, site, participant, tlp })
  }
  return { entries, problems }
}

/** What people call the columns. */
const COLUMNS: Readonly<Record<string, keyof WrittenEntry>> = {
  block: 'block',
  cidr: 'block',
  domain: 'block',
  network: 'block',
  'cidr or domain': 'block',
  cidr_or_domain: 'block',
  site: 'site',
  'site id': 'site',
  site_id: 'site',
  participant: 'participant',
  label: 'participant',
  tlp: 'tlp',
}

function readCsvMap(text: string): Written {
  const rows = readCsv(text)
  const head = rows[0]?.cells.map((cell) => COLUMNS[cell.toLowerCase()])
  const isHead = head?.includes('block') === true
  const order: readonly (keyof WrittenEntry | undefined)[] = isHead ? head : ['block', 'site', 'participant', 'tlp']
  const entries = rows.slice(isHead ? 1 : 0).map(({ line, cells }) => {
    const cell = (name: keyof WrittenEntry) => cells[order.indexOf(name)] ?? ''
    return { line, block: cell('block'), site: cell('site'), participant: cell('participant'), tlp: cell('tlp') }
  })
  return { entries, problems: [] }
}

function readYamlMap(text: string): Written {
  const { contents: top, flaws, lineOf } = parsePlainYaml(text)
  const entries: WrittenEntry[] = []
  const problems = flaws.map(({ line, problem }) => ofFile(line, problem))
  if (problems.length > 0) return { entries, problems }
  const wrong = (node: unknown, problem: string) => problems.push(ofFile(lineOf(node), problem))

  function readPart(node: unknown, named: string, at: unknown): void {
    if (!isMap(node)) {
      wrong(node ?? at, 'a participant is a map with cidr, domain, site and tlp')
      return
    }
    const texts = new Map<string, { readonly line: number; readonly text: string }[]>()
    for (const { key, value } of node.items) {
      const name = textOf(key).toLowerCase().replace(/s$/, '')
      if (!['cidr', 'domain', 'site', 'participant', 'tlp'].includes(name)) {
        wrong(key, `${JSON.stringify(textOf(key))} is not known here: a participant has cidr, domain, site and tlp`)
        continue
      }
      const values = isSeq(value) ? value.items : [value]
      const before = texts.get(name) ?? []
      if (before.length > 0 && !['cidr', 'domain'].includes(name)) wrong(key, `${name} is there twice: write it once`)
      const written = values.filter((each) => textOf(each) !== '')
      // `cidr` and `cidrs` beside each other are both meant
      texts.set(name, [...before, ...written.map((each) => ({ line: lineOf(each), text: textOf(each) }))])
      for (const each of values)
        if (each !== null && !isScalar(each)) wrong(each, `${name} is a text or a list of texts`)
    }
    const one = (name: string) => texts.get(name)?.[0]?.text ?? ''
    const participant = one('participant') || named
    const site = one('site') || participant
    for (const { line, text: block } of [...(texts.get('cidr') ?? []), ...(texts.get('domain') ?? [])]) {
      if (entries.length <= MAX_MAP_ENTRIES) entries.push({ line, block, site, participant, tlp: one('tlp') })
    }
  }

  const list =
    isMap(top) && top.items.length === 1 && textOf(top.items[0]?.key) === 'participants' ? top.items[0]?.value : top
  if (isSeq(list)) for (const item of list.items) readPart(item, '', list)
  else if (isMap(list)) {
    for (const { key, value } of list.items) {
      for (const part of isSeq(value) ? value.items : [value]) readPart(part, textOf(key), key)
    }
  } else if (top !== null) wrong(top, 'the file is a map from participants to their cidr, domain and tlp')
  return { entries, problems }
}

function textOf(node: unknown): string {
  return isScalar(node) && typeof node.value === 'string' ? node.value.trim() : ''
}

function ofFile(line: number, problem: string): MapProblem {
  return { line, field: 'file', problem }
}
