import type { Command } from './command.ts'
import { EXIT } from './exit-codes.ts'

/** `vouchsafe init`. */
export const init: Command = {
  words: ['init'],
  summary: 'Make the data folder, the database and the site',
  details: [
    'Asks nothing and may be repeated. While the site has no administrator it prints a link that makes one: good for an',
    'hour and once; an earlier link counts no more.',
  ],
  examples: ['vouchsafe init', 'VOUCHSAFE_DATA=/var/lib/vouchsafe vouchsafe init --json'],
  json: '{"data": path, "database": "embedded" or "postgres", "setup_url": url or null, "expires": time or null}',
  async run(invocation) {
    const config = await invocation.config()
    await using admin = await invocation.admin({ create: true })
    const { setup_url, expires } = await admin.call('site.setup_link', {})
    const database = config.databaseUrl ? 'postgres' : 'embedded'
    invocation.result({ data: config.dataFolder, database, setup_url, expires }, [
      `The site is ready: data folder ${config.dataFolder}, ${database === 'postgres' ? 'PostgreSQL' : 'embedded database'}.`,
      ...(setup_url === null
        ? []
        : ['Start the server with "vouchsafe serve", then make the first administrator here:', `  ${setup_url}`]),
    ])
    return EXIT.ok
  },
}
