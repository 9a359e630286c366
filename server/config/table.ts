import { readFileSync, writeFileSync } from 'node:fs'
import { SETTINGS, type Setting } from './catalogue.ts'
import { formatBytes } from './setting.ts'

const BEGIN = '<!-- config-table -->'
const END = '<!-- /config-table -->'

/** The guide that holds the table. */
const GUIDE = new URL('../../docs/operate.md', import.meta.url)

/** The Markdown table of all settings: key, environment, default, meaning. */
export function renderTable(): string {
  const rows = SETTINGS.map(({ key, environment, ...setting }) => [
    `\`${key}\``,
    `\`${environment}\``,
    defaultOf(setting),
    meaningOf(key, environment, setting),
  ])
  const lines = [['Key', 'Environment', 'Default', 'Meaning'], ['---', '---', '---', '---'], ...rows]
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')
}

/**
 * Puts a table between the markers of a guide. Prettier leaves the table as it is, so that a change touches one line.
 * @throws when the guide lacks the markers
 */
export function insertTable(guide: string, table: string): string {
  const begin = guide.indexOf(BEGIN)
  const end = guide.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`the guide lacks ${BEGIN} and ${END}`)
  const block = `${BEGIN}\n<!-- prettier-ignore -->\n${table}\n\n`
  return guide.slice(0, begin) + block + guide.slice(end)
}

type Shown = Omit<Setting, 'key' | 'environment'>

function defaultOf({ kind, preset, presetInWords }: Shown): string {
  if (presetInWords !== undefined) return presetInWords
  if (preset === undefined) return '–'
  if (kind === 'bytes') return formatBytes(Number(preset))
  return Array.isArray(preset) ? 'none' : `\`${String(preset)}\``
}

function meaningOf(key: string, environment: string, { kind, meaning, allowed, secret }: Shown): string {
  const value = kind === 'path' ? '' : ` ${allowed.slice(0, 1).toUpperCase()}${allowed.slice(1)}.`
  return `${meaning}${value}${secret ? ` Secret, also from a file: \`${key}_file\`, \`${environment}_FILE\`.` : ''}`
}

if (import.meta.main) {
  const guide = insertTable(readFileSync(GUIDE, 'utf8'), renderTable())
  if (process.argv.includes('--write')) writeFileSync(GUIDE, guide)
  else process.stdout.write(`${renderTable()}\n`)
}
