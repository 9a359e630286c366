import type { Command } from './command.ts'
import { EXIT } from './exit-codes.ts'
import { UsageError } from './usage-error.ts'

/** `vouchsafe user invite`, `user recover` and `user role`. */
export const wayInCommands: readonly Command[] = [
  {
    words: ['user', 'invite'],
    summary: 'Make a link with which somebody makes their own account',
    details: ['The link is good once, for seven days. The database keeps its hash only, so it is shown once.'],
    options: {
      group: { kind: 'text', value: 'GROUP', meaning: 'the trust group that they join' },
      email: { kind: 'text', value: 'ADDRESS', meaning: 'mail the link there as well' },
      name: { kind: 'text', value: 'TEXT', meaning: 'their name, filled into the form' },
    },
    examples: ['vouchsafe user invite --group water', 'vouchsafe user invite --email bob@city.example --json'],
    json: '{"invitation_url": text, "expires": time, "mailed": whether a notice waits}',
    async run(invocation) {
      const [group, email, display_name] = ['group', 'email', 'name'].map((name) => invocation.text(name))
      const made = await invocation.withAdmin((admin) => admin.call('user.invite', { group, email, display_name }))
      if (!invocation.json) invocation.note(`Give it to one person. It works once, until ${made.expires}.`)
      invocation.result(made, [made.invitation_url])
      return EXIT.ok
    },
  },
  {
    words: ['user', 'recover'],
    summary: 'Make a link with which somebody who is locked out sets a new password',
    details: [
      'The link is good once, for a day. Second factors stay unless --remove-second-factors is given. The owner is told.',
    ],
    positionals: [{ name: 'NAME', meaning: 'name of the account' }],
    options: {
      'remove-second-factors': {
        kind: 'flag',
        meaning: 'also remove passkeys, code generators, recovery codes and remembered devices',
      },
    },
    examples: ['vouchsafe user recover alice', 'vouchsafe user recover alice --remove-second-factors --json'],
    json: '{"name": text, "recovery_url": text, "expires": time, "owner_told": whether they have an address}',
    async run(invocation) {
      const name = invocation.positional('NAME')
      const remove_second_factors = invocation.flag('remove-second-factors')
      const made = await invocation.withAdmin((admin) => admin.call('user.recover', { name, remove_second_factors }))
      if (!invocation.json) invocation.note(`Make sure that it reaches ${name}. It works once, until ${made.expires}.`)
      invocation.result(made, [made.recovery_url])
      return EXIT.ok
    },
  },
  {
    words: ['user', 'role'],
    summary: 'Make somebody an administrator of the site, or a plain account again',
    details: ['Every session of the account ends. The last administrator keeps the role.'],
    positionals: [
      { name: 'NAME', meaning: 'name of the account' },
      { name: 'ROLE', meaning: 'administrator or member' },
    ],
    examples: ['vouchsafe user role alice administrator', 'vouchsafe user role alice member'],
    json: '{"name": text, "role": "member" or "administrator"}',
    async run(invocation) {
      const [name, role] = [invocation.positional('NAME'), invocation.positional('ROLE')]
      if (role !== 'administrator' && role !== 'member') throw new UsageError('ROLE must be administrator or member')
      const done = await invocation.withAdmin((admin) => admin.call('user.role', { name, role }))
      invocation.result(done, [role === 'member' ? `${name} is a plain account.` : `${name} administers the site.`])
      return EXIT.ok
    },
  },
]
