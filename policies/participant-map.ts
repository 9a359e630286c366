import { networkIndex } from './network-index.ts'
import { type Block, type DomainName, readBlockOrDomain, shown } from './network-name.ts'
import { parseTlp, type Tlp } from './tlp.ts'

/** Whose a block of addresses or a domain of the region is. */
export interface ParticipantEntry {
  /** A CIDR block or a domain, normalised; a domain with a dot in front stands for everything below as well. */
  readonly block: string
  /** Where an event was recorded. */
  readonly site: string
  /** The label that the participant chose to stand in reports for its addresses and names. */
  readonly participant: string
  /** How far the entry itself may be told; absent where nobody said. */
  readonly tlp?: Tlp
}

/** An entry as somebody wrote it, with its line from 1. */
export interface WrittenEntry {
  readonly line: number
  readonly block: string
  readonly site: string
  /** Empty: the site id. */
  readonly participant: string
  readonly tlp: string
}

/** What is wrong in a file, where, and how it is mended. */
export interface MapProblem {
  readonly line: number
  readonly field: 'block' | 'site' | 'participant' | 'tlp' | 'file'
  readonly problem: string
}

/** A map that was read: its entries in their order, or every problem. */
export type ReadMap =
  | { readonly ok: true; readonly entries: readonly ParticipantEntry[]; readonly doubles: number }
  | { readonly ok: false; readonly problems: readonly MapProblem[] }

/** Enough for every school district of a state; the whole map is in memory. */
export const MAX_MAP_ENTRIES = 50_000
/** Those that are told; a file with more is another file. */
const MAX_PROBLEMS = 100
/** Stands in prefix maps, masks and reports: no spaces, no quotes. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/

interface Kept {
  readonly entry: ParticipantEntry
  readonly at: Block | DomainName
  readonly line: number
}

/**
 * Checks and normalises a whole map. The same entry twice is one; the same block for two sites, participants or labels is
 * a problem that names both lines.
 */
export function readParticipantMap(written: readonly WrittenEntry[]): ReadMap {
  const problems: MapProblem[] = []
  const kept = new Map<string, Kept>()
  let doubles = 0
  if (written.length > MAX_MAP_ENTRIES) {
    return no([{ line: 1, field: 'file', problem: `there are more than ${MAX_MAP_ENTRIES} entries: join blocks` }])
  }
  for (const each of written) {
    const read = readEntry(each)
    if ('problem' in read) {
      problems.push(read)
      continue
    }
    const before = kept.get(read.entry.block)
    if (!before) kept.set(read.entry.block, { ...read, line: each.line })
    else if (isSame(before.entry, read.entry)) doubles += 1
    else problems.push(conflict(each.line, before))
  }
  if (problems.length > 0) return no(problems.slice(0, MAX_PROBLEMS))
  const entries = [...kept.values()].toSorted((a, b) => inOrder(a.at, b.at)).map(({ entry }) => entry)
  return { ok: true, entries, doubles }
}

/** Looks up whose something is. */
export interface CompiledMap {
  /** By an address, a block, a name, a URL, also defanged: the entry with the longest prefix or name; none: not friend. */
  siteOf(addressOrName: string): ParticipantEntry | undefined
}

/** Prepares a map for many questions. An entry that does not normalise is passed over. */
export function compileParticipantMap(entries: readonly ParticipantEntry[]): CompiledMap {
  const index = networkIndex(
    entries.flatMap((value) => {
      const at = readBlockOrDomain(value.block)
      return at.ok ? [{ at: at.value, value }] : []
    }),
  )
  return { siteOf: (addressOrName) => index.nearest(addressOrName) }
}

/** What became of one version in another. */
export interface MapChanges {
  readonly added: readonly ParticipantEntry[]
  readonly removed: readonly ParticipantEntry[]
  readonly changed: readonly { readonly before: ParticipantEntry; readonly after: ParticipantEntry }[]
}

/** Compares two versions of a map, block by block. */
export function mapChanges(before: readonly ParticipantEntry[], after: readonly ParticipantEntry[]): MapChanges {
  const old = new Map(before.map((entry) => [entry.block, entry]))
  const now = new Set(after.map(({ block }) => block))
  const changed: { before: ParticipantEntry; after: ParticipantEntry }[] = []
  const added: ParticipantEntry[] = []
  for (const entry of after) {
    const was = old.get(entry.block)
    if (!was) added.push(entry)
    else if (!isSame(was, entry)) changed.push({ before: was, after: entry })
  }
  return { added, removed: before.filter(({ block }) => !now.has(block)), changed }
}

function readEntry(written: WrittenEntry): { entry: ParticipantEntry; at: Block | DomainName } | MapProblem {
  const { line } = written
  const at = readBlockOrDomain(written.block)
  if (!at.ok) return { line, field: 'block', problem: at.problem }
  const site = written.site.trim()
  if (!NAME.test(site)) return { line, field: 'site', problem: badName('a site id', site) }
  const participant = written.participant.trim() || site
  if (!NAME.test(participant)) return { line, field: 'participant', problem: badName('a label', participant) }
  const tlp = parseTlp(written.tlp)
  if (written.tlp.trim() !== '' && !tlp) {
    const problem = `${shown(written.tlp)} is no TLP label: write clear, green, amber, amber+strict or red`
    return { line, field: 'tlp', problem }
  }
  return { entry: { block: at.value.text, site, participant, ...(tlp && { tlp }) }, at: at.value }
}

function badName(what: string, text: string): string {
  const found = text === '' ? 'nothing is written' : `${shown(text)} is none`
  return `${what} has 1 to 32 letters, digits, dots, hyphens and underscores: ${found}`
}

function conflict(line: number, { entry, line: first }: Kept): MapProblem {
  const problem = `${entry.block} is in line ${first} already, for ${nameOf(entry)}: keep one of the two`
  return { line, field: 'block', problem }
}

function nameOf({ site, participant, tlp }: ParticipantEntry): string {
  return [site, ...(participant === site ? [] : [`shown as ${participant}`]), ...(tlp ? [tlp] : [])].join(', ')
}

function isSame(a: ParticipantEntry, b: ParticipantEntry): boolean {
  return a.block === b.block && a.site === b.site && a.participant === b.participant && a.tlp === b.tlp
}

/** IPv4 before IPv6 before names; blocks by address, names by their labels from the right. */
function inOrder(a: Block | DomainName, b: Block | DomainName): number {
  if (a.kind === 'block' && b.kind === 'block') {
    if (a.family !== b.family) return a.family - b.family
    return a.start === b.start ? a.length - b.length : a.start < b.start ? -1 : 1
  }
  if (a.kind === 'domain' && b.kind === 'domain') {
    const [left, right] = [a, b].map(({ text }) => text.split('.').toReversed().join('.'))
    return (left ?? '') < (right ?? '') ? -1 : 1
  }
  return a.kind === 'block' ? -1 : 1
}

function no(problems: readonly MapProblem[]): ReadMap {
  return { ok: false, problems }
}
