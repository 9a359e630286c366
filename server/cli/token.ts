import { columns } from './columns.ts'
import type { Command } from './command.ts'
import { EXIT } from './exit-codes.ts'
import { UsageError } from './usage-error.ts'

/** `vouchsafe token ...`. */
export const tokenCommands: readonly Command[] = [
  {
    words: ['token', 'add'],
    summary: 'Make an API token of an account',
    details: ['The token is shown once and stored hashed.'],
    positionals: [{ name: 'ACCOUNT', meaning: 'name of the account' }],
    options: {
      scope: { kind: 'list', value: 'SCOPE', meaning: 'what it is good for: taxii' },
      days: {
        kind: 'number',
        value: 'N',
        meaning: 'days until it expires, 365 unless given',
        minimum: 1,
        maximum: 365,
      },
      name: { kind: 'text', value: 'LABEL', meaning: 'what the list calls it' },
    },
    examples: ['vouchsafe token add poller --scope taxii --json', 'vouchsafe token add poller --scope taxii --days 30'],
    json: '{"token": text, "number": number, "account": text, "name": text, "scopes": [text], "expires": time}',
    async run(invocation) {
      const scopes = [...invocation.list('scope')]
      if (scopes.length === 0) throw new UsageError('token add needs --scope taxii')
      const days = invocation.number('days')
      const made = await invocation.withAdmin((admin) =>
        admin.call('token.add', {
          account: invocation.positional('ACCOUNT'),
          label: invocation.text('name'),
          scopes,
          days,
        }),
      )
      if (!invocation.json) invocation.note(`Keep it safe: it is not shown again. It expires on ${made.expires}.`)
      invocation.result(made, [made.token])
      return EXIT.ok
    },
  },
  {
    words: ['token', 'list'],
    summary: 'List tokens, newest first',
    positionals: [{ name: 'ACCOUNT', meaning: 'only those of this account', optional: true }],
    examples: ['vouchsafe token list', 'vouchsafe token list poller --json'],
    json: '{"tokens": [{"number", "account", "name", "scopes", "state", "created", "expires", "last_used"}]}',
    async run(invocation) {
      const account = invocation.positional('ACCOUNT') || undefined
      const listed = await invocation.withAdmin((admin) => admin.call('token.list', { account }))
      const rows = listed.tokens.map((token) => [
        String(token.number),
        token.account,
        token.name,
        token.state,
        token.expires,
        token.last_used ?? 'never',
      ])
      invocation.result(listed, columns([['NUMBER', 'ACCOUNT', 'NAME', 'STATE', 'EXPIRES', 'LAST USED'], ...rows]))
      return EXIT.ok
    },
  },
  {
    words: ['token', 'revoke'],
    summary: 'Revoke a token: it stops at once',
    positionals: [{ name: 'NUMBER', meaning: 'its number in the list' }],
    examples: ['vouchsafe token revoke 3'],
    json: '{"number": number, "revoked": true}',
    async run(invocation) {
      const text = invocation.positional('NUMBER')
      if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError('NUMBER must be a number out of "vouchsafe token list"')
      const done = await invocation.withAdmin((admin) => admin.call('token.revoke', { number: Number(text) }))
      invocation.result(done, [`The token ${text} counts no more.`])
      return EXIT.ok
    },
  },
]
