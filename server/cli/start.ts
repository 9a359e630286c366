import type { Command } from './command.ts'
import { EXIT } from './exit-codes.ts'

/** `vouchsafe start`. */
export const start: Command = {
  words: ['start'],
  summary: 'Make what is missing, load the demonstration into a new site, and run the server',
  details: [
    'This is what "npm start" does. It listens on port 8080, or on the next free one unless a port is configured, and',
    'prints a link for the first administrator and lines to try.',
  ],
  examples: ['npm start', 'VOUCHSAFE_LISTEN_PORT=9000 vouchsafe start'],
  json: '{"listening": url, "setup_url": url or null, "token": text or null, "try": [line]}, as soon as it answers',
  async run(invocation) {
    const { startDemo } = await import('./start-demo.ts')
    await startDemo(invocation)
    return EXIT.ok
  },
}
