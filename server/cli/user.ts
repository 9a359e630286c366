import { columns } from './columns.ts'
import type { Command, Option, Positional } from './command.ts'
import { EXIT } from './exit-codes.ts'
import type { Invocation } from './invocation.ts'
import { readCertificate } from './read-certificate.ts'
import { UsageError } from './usage-error.ts'

const NAME: Positional = { name: 'NAME', meaning: 'name of the account' }
const PASSWORD: Option = { kind: 'flag', meaning: 'take the password from the first line of standard input' }
const READ: Option = { kind: 'list', value: 'COLLECTION', meaning: 'may read it (alias, root/alias or id)' }
const WRITE: Option = { kind: 'list', value: 'COLLECTION', meaning: 'may add objects to it' }

/** `vouchsafe user ...`. */
export const userCommands: readonly Command[] = [
  {
    words: ['user', 'add'],
    summary: 'Make an account',
    details: [
      'A password has 15 to 128 characters; several words are best. Without one the account signs in with tokens or',
      'certificates. An administrator has no more rights to content than are given here.',
    ],
    positionals: [NAME],
    options: {
      'password-stdin': PASSWORD,
      read: READ,
      write: WRITE,
      administrator: { kind: 'flag', meaning: 'may look after the site' },
    },
    examples: [
      'echo secret-pass-phrase | vouchsafe user add poller --password-stdin --read region --write region --json',
      'vouchsafe user add desk --read region --read exercise/region',
    ],
    json: '{"name": text, "role": "member" or "administrator", "read": [uuid], "write": [uuid]}',
    async run(invocation) {
      const password = invocation.flag('password-stdin') ? await invocation.passwordFromInput() : undefined
      const made = await invocation.withAdmin((admin) =>
        admin.call('user.add', {
          name: invocation.positional('NAME'),
          password,
          read: [...invocation.list('read')],
          write: [...invocation.list('write')],
          role: invocation.flag('administrator') ? 'administrator' : 'member',
        }),
      )
      invocation.result(made, [
        `The account ${made.name} (${made.role}) may read ${made.read.length} and write ${made.write.length} collections.`,
      ])
      return EXIT.ok
    },
  },
  {
    words: ['user', 'list'],
    summary: 'List the accounts and their rights',
    examples: ['vouchsafe user list'],
    json: '{"users": [{"name", "role", "active", "password", "certificates", "read": [uuid], "write": [uuid], "created"}]}',
    async run(invocation) {
      const listed = await invocation.withAdmin((admin) => admin.call('user.list', {}))
      const rows = listed.users.map((user) => [
        user.name,
        user.role,
        user.active ? 'active' : 'suspended',
        String(user.read.length),
        String(user.write.length),
      ])
      invocation.result(listed, columns([['NAME', 'ROLE', 'STATE', 'READS', 'WRITES'], ...rows]))
      return EXIT.ok
    },
  },
  {
    words: ['user', 'grant'],
    summary: 'Give an account rights to collections',
    details: ['In a collection that is named here the account has afterwards exactly the rights that are named here.'],
    positionals: [NAME],
    options: { read: READ, write: WRITE },
    examples: ['vouchsafe user grant desk --read region --write region'],
    json: '{"name": text, "granted": true}',
    async run(invocation) {
      const [read, write] = [[...invocation.list('read')], [...invocation.list('write')]]
      if (read.length + write.length === 0) throw new UsageError('user grant needs --read or --write')
      const name = invocation.positional('NAME')
      const done = await invocation.withAdmin((admin) => admin.call('user.grant', { name, read, write }))
      invocation.result(done, [`The account ${name} has the rights.`])
      return EXIT.ok
    },
  },
  {
    words: ['user', 'revoke'],
    summary: 'Take all rights to collections from an account',
    positionals: [NAME, { name: 'COLLECTION', meaning: 'alias, root/alias or id', many: true }],
    examples: ['vouchsafe user revoke desk region'],
    json: '{"name": text, "revoked": true}',
    async run(invocation) {
      const name = invocation.positional('NAME')
      const collections = [...invocation.positionals('COLLECTION')]
      const done = await invocation.withAdmin((admin) => admin.call('user.revoke', { name, collections }))
      invocation.result(done, [`The account ${name} has no more rights to ${collections.join(', ')}.`])
      return EXIT.ok
    },
  },
  setActive('suspend', false, 'Suspend an account: every credential of it stops at once, nothing is deleted'),
  setActive('restore', true, 'Let a suspended account in again'),
  {
    words: ['user', 'password'],
    summary: 'Give an account a new password',
    positionals: [NAME],
    options: { 'password-stdin': PASSWORD },
    examples: ['echo another-pass-phrase | vouchsafe user password poller --password-stdin'],
    json: '{"name": text, "password_set": true}',
    async run(invocation) {
      if (!invocation.flag('password-stdin')) throw new UsageError('user password needs --password-stdin')
      const name = invocation.positional('NAME')
      const password = await invocation.passwordFromInput()
      const done = await invocation.withAdmin((admin) => admin.call('user.password', { name, password }))
      invocation.result(done, [`The account ${name} has the new password; the old one counts no more.`])
      return EXIT.ok
    },
  },
  {
    words: ['user', 'certificate'],
    summary: 'Let a client certificate sign in for an account',
    details: ['The server must be told its authority as well (tls.client_ca_file).'],
    positionals: [NAME, { name: 'FILE', meaning: 'the certificate as PEM' }],
    examples: ['vouchsafe user certificate poller poller.pem'],
    json: '{"name": text, "sha256": fingerprint in hex}',
    async run(invocation) {
      const name = invocation.positional('NAME')
      const sha256 = await readCertificate(invocation.positional('FILE'))
      const done = await invocation.withAdmin((admin) => admin.call('user.certificate', { name, sha256 }))
      invocation.result(done, [`The certificate ${sha256} signs in as ${name}.`])
      return EXIT.ok
    },
  },
]

function setActive(verb: string, active: boolean, summary: string): Command {
  return {
    words: ['user', verb],
    summary,
    positionals: [NAME],
    examples: [`vouchsafe user ${verb} poller`],
    json: `{"name": text, "active": ${active}}`,
    run: async (invocation: Invocation) => {
      const name = invocation.positional('NAME')
      const done = await invocation.withAdmin((admin) => admin.call('user.set_active', { name, active }))
      invocation.result(done, [active ? `The account ${name} is active.` : `The account ${name} is suspended.`])
      return EXIT.ok
    },
  }
}
