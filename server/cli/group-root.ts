import type { Command } from './command.ts'
import { EXIT } from './exit-codes.ts'

/** `vouchsafe group give-collections`. */
export const groupRootCommand: Command = {
  words: ['group', 'give-collections'],
  summary: 'Give a trust group of an earlier release its API root, with one collection for its members',
  details: ['Groups that are made now have theirs. More collections: "collection add --root PATH --audience ...".'],
  positionals: [{ name: 'GROUP', meaning: 'name of the trust group' }],
  examples: ['vouchsafe group give-collections water'],
  json: '{"group": text, "api_root": path, "url": url}',
  async run(invocation) {
    const group = invocation.positional('GROUP')
    const made = await invocation.withAdmin((admin) => admin.call('group.give_collections', { group }))
    invocation.result(made, [`The collections of ${group} are at ${made.url}`])
    return EXIT.ok
  },
}
