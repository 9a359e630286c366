import { isMap, isScalar, isSeq } from 'yaml'
import { type Asset, ASSET_KINDS, type AssetKind, isAssetKind, MAX_ASSET_NOTE, readAsset } from './asset.ts'
import { readCsv } from './delimited.ts'
import { shown } from './network-name.ts'
import { parsePlainYaml } from './plain-yaml.ts'

/** An asset out of a file. */
export interface FiledAsset extends Asset {
  readonly note: string
  readonly line: number
}

/** What could not be taken, where, and how it is mended. */
export interface AssetProblem {
  readonly line: number
  readonly field: 'kind' | 'value' | 'note' | 'file'
  readonly problem: string
}

/** What a file holds; doubles are assets that stand in it more than once. */
export interface AssetFile {
  readonly assets: readonly FiledAsset[]
  readonly problems: readonly AssetProblem[]
  readonly doubles: number
  /** Names of the people that a YAML file is about and that were passed over. */
  readonly others: readonly string[]
}

/** Largest file, in characters. */
export const MAX_ASSET_TEXT = 2_000_000
const MAX_PROBLEMS = 200

/** The lists of an attribute file of DIMS, and what we call their members. */
const LISTS: ReadonlyMap<string, AssetKind> = new Map<string, AssetKind>([
  ['cidr', 'cidr'],
  ['cidrs', 'cidr'],
  ['network', 'cidr'],
  ['networks', 'cidr'],
  ['ip', 'cidr'],
  ['ips', 'cidr'],
  ['domain', 'domain'],
  ['domains', 'domain'],
  ['as', 'as'],
  ['asn', 'as'],
  ['asns', 'as'],
  ['keyword', 'keyword'],
  ['keywords', 'keyword'],
  ['campaign', 'campaign'],
  ['campaigns', 'campaign'],
])

interface Written {
  readonly line: number
  readonly kind: string
  readonly value: string
  readonly note: string
}

/**
 * Reads assets out of CSV (`kind,value,note`) or YAML: lists `cidrs`, `domains`, `as`, `keywords`, `campaigns`, at the top or
 * under the name of each user, as DIMS kept its attributes. What stands there twice, and spaces at ends, are no problem.
 * @param owner of a YAML file with several users, whose lists are taken; without it a file may be about one
 */
export function readAssetFile(text: string, owner?: string): AssetFile {
  if (text.length > MAX_ASSET_TEXT)
    return only({ line: 1, field: 'file', problem: 'the file is larger than 2 million characters' })
  // blanks of one line only: `\s` would go on over the lines that follow, from each of them anew
  const isYaml = /^[ \t]*(?:---[ \t]*\r?$|[\w.@"'-]+[ \t]*:(?:\s|$))/m.test(text) && !/^[ \t]*kind[ \t]*,/im.test(text)
  return isYaml ? readYaml(text, owner) : finish(csvAssets(text), [], [])
}

function csvAssets(text: string): readonly Written[] {
  const rows = readCsv(text)
  const head = rows[0]?.cells.map((cell) => cell.toLowerCase())
  const isHead = head?.includes('value') === true
  const order = isHead ? head : ['kind', 'value', 'note']
  return rows.slice(isHead ? 1 : 0).map(({ line, cells }) => {
    const cell = (name: string) => cells[order.indexOf(name)] ?? ''
    return { line, kind: cell('kind').toLowerCase(), value: cell('value'), note: cell('note') }
  })
}

function readYaml(text: string, owner: string | undefined): AssetFile {
  const { contents: top, flaws, lineOf } = parsePlainYaml(text)
  const problems: AssetProblem[] = flaws.map((flaw) => ({ ...flaw, field: 'file' }))
  const written: Written[] = []
  const wrong = (node: unknown, problem: string) => problems.push({ line: lineOf(node), field: 'file', problem })

  function readLists(node: unknown): void {
    if (!isMap(node)) return
    for (const { key, value } of node.items) {
      const kind = LISTS.get(textOf(key).toLowerCase())
      if (!kind)
        wrong(key, `${shown(textOf(key))} is no list of assets: name it cidrs, domains, as, keywords or campaigns`)
      else if (!isSeq(value) && !isScalar(value) && value !== null) wrong(value, `${textOf(key)} is a list`)
      else {
        for (const item of isSeq(value) ? value.items : [value]) {
          if (isScalar(item)) written.push({ line: lineOf(item), kind, value: textOf(item), note: '' })
        }
      }
    }
  }

  if (problems.length > 0) return finish([], problems, [])
  if (!isMap(top)) return only({ line: 1, field: 'file', problem: 'the file is a map from users to their lists' })
  const people = top.items.filter(({ value }) => isMap(value))
  if (people.length === 0) {
    readLists(top)
    return finish(written, problems, [])
  }
  const names = people.map(({ key }) => textOf(key))
  const wanted = people.length === 1 && owner === undefined ? names[0] : owner
  if (wanted === undefined || !names.includes(wanted)) {
    const problem = `the file is about ${names.slice(0, 5).map(shown).join(', ')}: say whose assets are meant`
    return { ...only({ line: 1, field: 'file', problem }), others: names }
  }
  for (const { key, value } of people) if (textOf(key) === wanted) readLists(value)
  return finish(
    written,
    problems,
    names.filter((name) => name !== wanted),
  )
}

function finish(written: readonly Written[], found: readonly AssetProblem[], others: readonly string[]): AssetFile {
  const problems = [...found]
  const assets = new Map<string, FiledAsset>()
  let doubles = 0
  for (const { line, kind: name, value, note } of written) {
    if (value.trim() === '' && name.trim() === '') continue
    const kind = LISTS.get(name.trim()) ?? name.trim()
    if (!isAssetKind(kind)) {
      problems.push({ line, field: 'kind', problem: `${shown(name)} is no kind: write ${ASSET_KINDS.join(', ')}` })
      continue
    }
    const read = readAsset(kind, value)
    if (!read.ok) problems.push({ line, field: 'value', problem: read.problem })
    else if (note.length > MAX_ASSET_NOTE || /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(note)) {
      problems.push({
        line,
        field: 'note',
        problem: `a note is one plain line of at most ${MAX_ASSET_NOTE} characters`,
      })
    } else {
      const key = `${kind} ${read.value.value}`
      if (assets.has(key)) doubles += 1
      else assets.set(key, { ...read.value, note: note.trim(), line })
    }
  }
  return { assets: [...assets.values()], problems: problems.slice(0, MAX_PROBLEMS), doubles, others }
}

function only(problem: AssetProblem): AssetFile {
  return { assets: [], problems: [problem], doubles: 0, others: [] }
}

function textOf(node: unknown): string {
  return isScalar(node) && typeof node.value === 'string' ? node.value.trim() : ''
}
