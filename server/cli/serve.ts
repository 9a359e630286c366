import type { Command } from './command.ts'
import { EXIT } from './exit-codes.ts'

/** `vouchsafe serve`. */
export const serve: Command = {
  words: ['serve'],
  summary: 'Run the server',
  details: [
    'Ends with exit code 0 on SIGTERM and SIGINT, after the requests under way. The log goes to standard error. Plain HTTP',
    'is spoken on this machine only, or behind a trusted proxy; see docs/operate.md for certificates of your own.',
  ],
  options: {
    port: {
      kind: 'number',
      value: 'N',
      meaning: 'port to listen on (listen_port); 0 takes a free one',
      minimum: 0,
      maximum: 65535,
    },
    host: { kind: 'text', value: 'ADDRESS', meaning: 'address to listen on (listen_host)' },
    'tls-self-signed': { kind: 'flag', meaning: 'https with a certificate made in the data folder (tls.self_signed)' },
  },
  examples: ['vouchsafe serve --port 8080', 'vouchsafe serve --host 0.0.0.0 --port 8443 --tls-self-signed'],
  json: '{"listening": url}, as soon as it answers',
  async run(invocation) {
    const config = await invocation.config({
      listen_port: invocation.number('port'),
      listen_host: invocation.text('host'),
      'tls.self_signed': invocation.flag('tls-self-signed') || undefined,
    })
    const log = await invocation.log(config, 'as configured')
    const { serveUntilStopped } = await import('./serve-until-stopped.ts')
    await serveUntilStopped(config, log, {
      create: false,
      listening: (url) => invocation.result({ listening: url }, [`listening on ${url}`]),
      note: (message) => invocation.note(message),
      underNpm: invocation.isUnderNpm,
    })
    return EXIT.ok
  },
}
