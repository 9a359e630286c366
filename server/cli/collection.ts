import { parseTlp, type Tlp, TLP_LEVELS } from '../../policies/tlp.ts'
import { type Audience, AUDIENCES } from '../site/add-collection.ts'
import { columns } from './columns.ts'
import type { Command, Positional } from './command.ts'
import { EXIT } from './exit-codes.ts'
import { UsageError } from './usage-error.ts'

const COLLECTION: Positional = { name: 'COLLECTION', meaning: 'alias, root/alias or id' }

/** `vouchsafe collection ...`. */
export const collectionCommands: readonly Command[] = [
  {
    words: ['collection', 'add'],
    summary: 'Make a collection',
    details: [
      'The label is both the strictest that the collection takes and the label of objects that carry none.',
      'The first collection also makes the first API root.',
    ],
    positionals: [{ name: 'TITLE', meaning: 'its title' }],
    options: {
      alias: { kind: 'text', value: 'ALIAS', meaning: 'a short name for addresses and commands' },
      label: { kind: 'text', value: 'LABEL', meaning: 'tlp:clear, tlp:green, tlp:amber, tlp:amber+strict or tlp:red' },
      root: { kind: 'text', value: 'PATH', meaning: 'the API root; the first one of the site unless given' },
      audience: {
        kind: 'text',
        value: 'AUDIENCE',
        meaning:
          'in the root of a trust group: members (unless given), coordinators, or granted: only accounts with a grant',
      },
      description: { kind: 'text', value: 'TEXT', meaning: 'what it is for' },
    },
    examples: [
      'vouchsafe collection add "Region" --alias region --label tlp:green --json',
      'vouchsafe collection add "Early warnings" --root water --audience coordinators --label tlp:red',
    ],
    json: '{"id": uuid, "alias": text or null, "api_root": path, "title": text, "label": "TLP:...", "audience": text, "url": url}',
    async run(invocation) {
      const audience = audienceOf(invocation.text('audience'))
      const label = labelOf(invocation.text('label'))
      const made = await invocation.withAdmin((admin) =>
        admin.call('collection.add', {
          title: invocation.positional('TITLE'),
          alias: invocation.text('alias'),
          label,
          root: invocation.text('root'),
          description: invocation.text('description'),
          audience,
        }),
      )
      invocation.result(made, [`The collection ${made.alias ?? made.id} (${made.label}) is at ${made.url}`])
      return EXIT.ok
    },
  },
  {
    words: ['collection', 'list'],
    summary: 'List the collections',
    examples: ['vouchsafe collection list', 'vouchsafe collection list --json'],
    json: '{"collections": [{"id", "alias", "api_root", "title", "description", "ceiling", "default_label", "closed", "audience", "url"}]}',
    async run(invocation) {
      const listed = await invocation.withAdmin((admin) => admin.call('collection.list', {}))
      const rows = listed.collections.map((each) => [
        each.api_root,
        each.alias ?? '-',
        each.ceiling,
        each.closed ? 'closed' : 'open',
        each.audience,
        each.id,
        each.title,
      ])
      invocation.result(listed, columns([['API ROOT', 'ALIAS', 'LABEL', 'STATE', 'AUDIENCE', 'ID', 'TITLE'], ...rows]))
      return EXIT.ok
    },
  },
  {
    words: ['collection', 'close'],
    summary: 'Close a collection for new objects',
    details: ['Readers notice nothing. Writers are told to come back later (503).'],
    positionals: [COLLECTION],
    examples: ['vouchsafe collection close region'],
    json: '{"id": uuid, "alias": text or null, "closed": true}',
    async run(invocation) {
      const collection = invocation.positional('COLLECTION')
      const done = await invocation.withAdmin((admin) => admin.call('collection.close', { collection }))
      invocation.result(done, [`The collection ${done.alias ?? done.id} takes no new objects.`])
      return EXIT.ok
    },
  },
  {
    words: ['collection', 'open'],
    summary: 'Open a closed collection again',
    positionals: [COLLECTION],
    examples: ['vouchsafe collection open region'],
    json: '{"id": uuid, "alias": text or null, "closed": false}',
    async run(invocation) {
      const collection = invocation.positional('COLLECTION')
      const done = await invocation.withAdmin((admin) => admin.call('collection.open', { collection }))
      invocation.result(done, [`The collection ${done.alias ?? done.id} takes objects.`])
      return EXIT.ok
    },
  },
]

function labelOf(text: string | undefined): Tlp | undefined {
  if (text === undefined) return undefined
  const label = parseTlp(text)
  if (!label) throw new UsageError(`--label must be one of ${TLP_LEVELS.join(', ').toLowerCase()}`)
  return label
}

function audienceOf(text: string | undefined): Audience | undefined {
  if (text === undefined) return undefined
  const audience = AUDIENCES.find((each) => each === text)
  if (!audience) throw new UsageError(`--audience must be one of ${AUDIENCES.join(', ')}`)
  return audience
}
