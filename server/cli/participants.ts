import {
  MAP_FORMS,
  type MapForm,
  writeMapCsv,
  writeMapText,
  writeMapYaml,
  writeSilkPrefixMap,
} from '../../policies/participant-map-file.ts'
import { columns } from './columns.ts'
import type { Command, Positional } from './command.ts'
import { EXIT } from './exit-codes.ts'
import { inputFile } from './import-file.ts'
import type { Invocation } from './invocation.ts'
import { UsageError } from './usage-error.ts'

const FILE: Positional = { name: 'FILE', meaning: 'the map as YAML, CSV or text' }
const FORM = {
  kind: 'text',
  value: 'FORM',
  meaning: `${MAP_FORMS.join(', ')}; what the file looks like unless given`,
} as const
const SHOWN = '{"version": number, 0 for none, "entries": [{"block", "site", "participant", "tlp"}]}'
const REPORT =
  '{"version": number or null, "entries", "doubles", "added", "removed", "changed": numbers, "problems": [{"line", "field", "problem"}]}'

const EXPORTS = {
  yaml: writeMapYaml,
  csv: writeMapCsv,
  text: writeMapText,
  silk: (entries: Parameters<typeof writeMapText>[0]) => writeSilkPrefixMap(entries, 'ipv4'),
  'silk-ipv6': (entries: Parameters<typeof writeMapText>[0]) => writeSilkPrefixMap(entries, 'ipv6'),
} as const

/** `vouchsafe participants ...`. */
export const participantCommands: readonly Command[] = [
  {
    words: ['participants', 'show'],
    summary: 'Show the participant map of the region, or whose one address or name is',
    positionals: [{ name: 'WHOSE', meaning: 'an address, name or URL, also defanged', optional: true }],
    options: { version: { kind: 'number', value: 'NUMBER', meaning: 'an older version', minimum: 1 } },
    examples: ['vouchsafe participants show', 'vouchsafe participants show edge7.city.example --json'],
    json: `${SHOWN}; with WHOSE {"asked": text, "found": an entry or null}`,
    async run(invocation) {
      const of = invocation.positional('WHOSE')
      if (of !== '') {
        const answer = await invocation.withAdmin((admin) => admin.call('participants.find', { of }))
        const { found } = answer
        invocation.result(answer, [
          found
            ? `${of}: site ${found.site}, shown as ${found.participant}, by ${found.block}`
            : `${of}: no participant`,
        ])
        return EXIT.ok
      }
      const version = invocation.number('version')
      const map = await invocation.withAdmin((admin) => admin.call('participants.show', { version }))
      const rows = map.entries.map(({ block, site, participant, tlp }) => [block, site, participant, tlp ?? ''])
      invocation.result(map, columns([['BLOCK', 'SITE', 'PARTICIPANT', 'TLP'], ...rows]))
      return EXIT.ok
    },
  },
  {
    words: ['participants', 'check'],
    summary: 'Read a participant map and say what importing it would change',
    positionals: [FILE],
    options: { form: FORM },
    examples: ['vouchsafe participants check map.yml'],
    json: REPORT,
    run: (invocation) => take(invocation, true),
  },
  {
    words: ['participants', 'import'],
    summary: 'Make a file the participant map of the region, as a new version',
    details: [
      'The whole map is replaced; older versions are kept. With one problem in the file nothing is changed.',
      'YAML has cidr, domain, tlp and site per participant; CSV has the columns block, site, participant and tlp; text has',
      'BLOCK SITE [PARTICIPANT] [TLP] on each line. A dot in front of a domain means everything below it as well.',
    ],
    positionals: [FILE],
    options: { form: FORM, note: { kind: 'text', value: 'TEXT', meaning: 'why it changes' } },
    examples: ['vouchsafe participants import map.yml --note "New blocks of the port"'],
    json: REPORT,
    run: (invocation) => take(invocation, false),
  },
  {
    words: ['participants', 'export'],
    summary: 'Print the participant map for other programs',
    options: {
      form: { kind: 'text', value: 'FORM', meaning: `${Object.keys(EXPORTS).join(', ')}; yaml unless given` },
      version: { kind: 'number', value: 'NUMBER', meaning: 'an older version', minimum: 1 },
    },
    examples: [
      'vouchsafe participants export > map.yml',
      'vouchsafe participants export --form silk | rwpmapbuild > map.pmap',
    ],
    json: SHOWN,
    async run(invocation) {
      const form = invocation.text('form') ?? 'yaml'
      if (!isExport(form)) throw new UsageError(`--form must be one of: ${Object.keys(EXPORTS).join(', ')}`)
      const version = invocation.number('version')
      const map = await invocation.withAdmin((admin) => admin.call('participants.show', { version }))
      invocation.result(map, [EXPORTS[form](map.entries).trimEnd()])
      return EXIT.ok
    },
  },
  {
    words: ['participants', 'history'],
    summary: 'List the versions of the participant map',
    examples: ['vouchsafe participants history'],
    json: '{"versions": [{"version": number, "made": time, "by", "note"}]}',
    async run(invocation) {
      const listed = await invocation.withAdmin((admin) => admin.call('participants.history', {}))
      const rows = listed.versions.map(({ version, made, by, note }) => [String(version), made.slice(0, 16), by, note])
      invocation.result(listed, columns([['VERSION', 'MADE', 'BY', 'NOTE'], ...rows]))
      return EXIT.ok
    },
  },
  {
    words: ['participants', 'restore'],
    summary: 'Make an old version the participant map again, as a new version',
    positionals: [{ name: 'VERSION', meaning: 'its number, as "participants history" lists it' }],
    examples: ['vouchsafe participants restore 3'],
    json: '{"restored": number, "version": number}',
    async run(invocation) {
      const given = invocation.positional('VERSION')
      if (!/^[1-9]\d{0,8}$/.test(given)) throw new UsageError('VERSION must be a number of "participants history"')
      const done = await invocation.withAdmin((admin) => admin.call('participants.restore', { version: Number(given) }))
      invocation.result(done, [`The map is as in version ${given} again; that is version ${done.version}.`])
      return EXIT.ok
    },
  },
]

async function take(invocation: Invocation, check: boolean) {
  const file = await inputFile(invocation.positional('FILE'))
  const form = invocation.text('form')
  if (form !== undefined && !isForm(form)) throw new UsageError(`--form must be one of: ${MAP_FORMS.join(', ')}`)
  const note = check ? '' : (invocation.text('note') ?? '')
  const done = await invocation.withAdmin((admin) =>
    admin.upload('participants.import', { form, note, check }, file.read()),
  )
  const { added, removed, changed, entries, version } = done
  const what = `${entries} entries: ${added} added, ${removed} removed, ${changed} changed`
  const lines =
    done.problems.length > 0
      ? done.problems.map(({ line, field, problem }) => `${file.name}:${line}: ${field}: ${problem}`)
      : [version === null ? `It can be imported. The map would have ${what}.` : `Version ${version} has ${what}.`]
  invocation.result(done, lines)
  return done.problems.length > 0 ? EXIT.failed : EXIT.ok
}

function isForm(text: string): text is MapForm {
  return MAP_FORMS.some((form) => form === text)
}

function isExport(text: string): text is keyof typeof EXPORTS {
  return Object.hasOwn(EXPORTS, text)
}
