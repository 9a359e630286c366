import { columns } from './columns.ts'
import type { Command, Positional } from './command.ts'
import { EXIT } from './exit-codes.ts'
import { inputFile } from './import-file.ts'

const ACCOUNT: Positional = { name: 'ACCOUNT', meaning: 'name of the account' }

/** `vouchsafe asset ...`. */
export const assetCommands: readonly Command[] = [
  {
    words: ['asset', 'list'],
    summary: 'List what a member answers for: networks, domains, AS numbers, keywords, campaigns',
    positionals: [ACCOUNT],
    options: { after: { kind: 'text', value: 'TEXT', meaning: 'go on after this one: 200 are listed at a time' } },
    examples: ['vouchsafe asset list alice', 'vouchsafe asset list alice --after "cidr 198.51.100.0/24" --json'],
    json: '{"assets": [{"kind", "value", "note"}], "more": whether there are more}',
    async run(invocation) {
      const account = invocation.positional('ACCOUNT')
      const after = invocation.text('after') ?? ''
      const listed = await invocation.withAdmin((admin) => admin.call('asset.list', { account, after }))
      const rows = listed.assets.map(({ kind, value, note }) => [kind, value, note])
      invocation.result(listed, columns([['KIND', 'VALUE', 'NOTE'], ...rows]))
      const last = listed.assets.at(-1)
      if (listed.more && last && !invocation.json) {
        invocation.note(`There are more: add --after "${last.kind} ${last.value}"`)
      }
      return EXIT.ok
    },
  },
  {
    words: ['asset', 'import'],
    summary: 'Add what a file says that a member answers for',
    details: [
      'CSV has the columns kind, value and note. YAML has the lists cidrs, domains, as, keywords and campaigns, at the top or',
      'under the name of each user. What is there already stays; what cannot be read is told and passed over.',
    ],
    positionals: [ACCOUNT, { name: 'FILE', meaning: 'CSV or YAML' }],
    options: {
      user: { kind: 'text', value: 'NAME', meaning: 'whose lists are meant in a YAML file of several users' },
      'dry-run': { kind: 'flag', meaning: 'only say what would happen' },
    },
    examples: [
      'vouchsafe asset import alice networks.csv --dry-run',
      'vouchsafe asset import alice attributes.yml --user alice',
    ],
    json: '{"added", "known", "doubles": numbers, "kinds": {kind: number}, "problems": [{"line", "field", "problem"}], "checked_only"}',
    async run(invocation) {
      const account = invocation.positional('ACCOUNT')
      const file = await inputFile(invocation.positional('FILE'))
      const user = invocation.text('user')
      const check = invocation.flag('dry-run')
      const done = await invocation.withAdmin((admin) =>
        admin.upload('asset.import', { account, user, check }, file.read()),
      )
      const verb = check ? 'would be added' : 'added'
      invocation.result(done, [
        ...done.problems.map(({ line, field, problem }) => `${file.name}:${line}: ${field}: ${problem}`),
        `${done.added} ${verb}, ${done.known} were there, ${done.doubles} twice in the file, ${done.problems.length} refused.`,
      ])
      return done.problems.length > 0 ? EXIT.failed : EXIT.ok
    },
  },
]
