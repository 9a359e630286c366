import { dirname } from 'node:path'
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair } from 'yaml'
import { SETTINGS, SLOT_OF_KEY, toSnakeCase } from './catalogue.ts'
import { refuseTwins, type Entries, type Entry, type Problem } from './entry.ts'
import { suggest } from './suggest.ts'

const MAX_CHARACTERS = 262_144 // every setting at its longest needs far less; a larger file is another file

/** `taxii`, `tls` and the like. */
const GROUPS: ReadonlySet<string> = new Set(
  SETTINGS.flatMap(({ key }) => (key.includes('.') ? [key.slice(0, key.indexOf('.'))] : [])),
)

/**
 * Takes the settings from YAML 1.2 text, each with its line. A key without a value counts as not set. Aliases, tags and
 * keys that are no settings are problems.
 * @param file the path of the file, for messages and as the start of relative paths
 */
export function readYaml(text: string, file: string): Entries {
  if (text.length > MAX_CHARACTERS) {
    return {
      entries: [],
      problems: [{ key: 'config_file', source: file, message: 'is too large for a configuration' }],
    }
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: false })
  const flaws = [...document.errors, ...document.warnings].map((flaw) => ({
    key: 'config_file',
    source: `${file}:${lines.linePos(flaw.pos[0]).line}`,
    message: `is not plain YAML: ${flaw.message}`,
  }))
  if (flaws.length > 0) return { entries: [], problems: flaws }

  const entries: Entry[] = []
  const problems: Problem[] = []
  const sourceOf = (node: unknown) => `${file}:${lineOf(node, lines)}`

  function readMap(node: Node | null, parent: string): void {
    if (isEmpty(node)) return
    if (isMap(node)) for (const pair of node.items) readPair(pair, parent)
    else {
      const message =
        parent === '' ? 'holds no settings: write key: value lines' : 'is a group: write its keys below it'
      problems.push({ key: parent || 'config_file', source: sourceOf(node), message })
    }
  }

  function readPair(pair: Pair<unknown, unknown>, parent: string): void {
    const name = isScalar(pair.key) ? String(pair.key.value) : '?'
    const key = parent === '' ? name : `${parent}.${name}`
    const source = sourceOf(pair.key)
    const slot = SLOT_OF_KEY.get(key)
    const node = isNode(pair.value) ? pair.value : null
    if (parent === '' && GROUPS.has(key)) return readMap(node, key)
    if (!slot) problems.push({ key, source, message: unknownKey(key) })
    else if (slot.setting.outsideFile) problems.push({ key, source, message: 'cannot be set in the file itself' })
    else if (!isEmpty(node)) {
      entries.push({ slot, value: plainValue(node), source, folder: dirname(file), isText: false })
    }
  }

  readMap(document.contents, '')
  const distinct = refuseTwins(entries)
  return { entries: distinct.entries, problems: [...problems, ...distinct.problems] }
}

function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && (node.value === null || node.value === ''))
}

/** Scalars and lists of scalars; anything else, such as an alias, becomes undefined, which no setting accepts. */
function plainValue(node: Node | null): unknown {
  if (isScalar(node)) return node.value
  if (isSeq(node)) return node.items.map((item) => (isScalar(item) ? item.value : undefined))
  return undefined
}

function lineOf(node: unknown, lines: LineCounter): number {
  const range = isNode(node) ? node.range : undefined
  return range ? lines.linePos(range[0]).line : 1
}

function unknownKey(key: string): string {
  const near = suggest(toSnakeCase(key).replaceAll('-', '_'), [...SLOT_OF_KEY.keys(), ...GROUPS])
  return near ? `is no setting: did you mean ${near}?` : 'is no setting: the list of settings is in docs/operate.md'
}
