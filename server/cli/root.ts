import { columns } from './columns.ts'
import type { Command } from './command.ts'
import { EXIT } from './exit-codes.ts'

/** `vouchsafe root ...`. */
export const rootCommands: readonly Command[] = [
  {
    words: ['root', 'add'],
    summary: 'Make an API root',
    positionals: [
      { name: 'PATH', meaning: 'its path: one word of a-z, 0-9 and -' },
      { name: 'TITLE', meaning: 'its title' },
    ],
    options: { description: { kind: 'text', value: 'TEXT', meaning: 'what it is for' } },
    examples: ['vouchsafe root add exercise "Exercise 2026"'],
    json: '{"api_root": path, "url": url, "title": text}',
    async run(invocation) {
      const made = await invocation.withAdmin((admin) =>
        admin.call('root.add', {
          path: invocation.positional('PATH'),
          title: invocation.positional('TITLE'),
          description: invocation.text('description'),
        }),
      )
      invocation.result(made, [`The API root ${made.api_root} is at ${made.url}`])
      return EXIT.ok
    },
  },
  {
    words: ['root', 'list'],
    summary: 'List the API roots',
    examples: ['vouchsafe root list'],
    json: '{"api_roots": [{"api_root", "title", "description", "collections", "url"}]}',
    async run(invocation) {
      const listed = await invocation.withAdmin((admin) => admin.call('root.list', {}))
      const rows = listed.api_roots.map((root) => [root.api_root, String(root.collections), root.title])
      invocation.result(listed, columns([['API ROOT', 'COLLECTIONS', 'TITLE'], ...rows]))
      return EXIT.ok
    },
  },
]
