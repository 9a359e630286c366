import { columns } from './columns.ts'
import type { Command, Positional } from './command.ts'
import { EXIT } from './exit-codes.ts'

const GROUP: Positional = { name: 'GROUP', meaning: 'name of the trust group' }
const OWNER: Positional = { name: 'ACCOUNT', meaning: 'name of the member whose it is' }
const PROGRAM: Positional = { name: 'PROGRAM', meaning: 'its account, as "member services" lists it' }

/** `vouchsafe member ...`: programs that use the collections of a group for a member. */
export const serviceCommands: readonly Command[] = [
  {
    words: ['member', 'services'],
    summary: 'List the programs of members',
    positionals: [{ ...OWNER, meaning: 'only those of this member', optional: true }],
    examples: ['vouchsafe member services', 'vouchsafe member services alice --json'],
    json: '{"services": [{"account", "owner", "group", "can_write", "purpose", "created", "last_used"}]}',
    async run(invocation) {
      const owner = invocation.positional('ACCOUNT') || undefined
      const listed = await invocation.withAdmin((admin) => admin.call('service.list', { owner }))
      const rows = listed.services.map((each) => [
        each.account,
        each.owner,
        each.group,
        each.can_write ? 'read, write' : 'read',
        each.last_used ?? 'never',
        each.purpose,
      ])
      invocation.result(listed, columns([['PROGRAM', 'MEMBER', 'GROUP', 'MAY', 'LAST USED', 'PURPOSE'], ...rows]))
      return EXIT.ok
    },
  },
  {
    words: ['member', 'add-service'],
    summary: 'Make a program of a member, for the collections of one trust group',
    details: ['It may never do more than the member. It signs in by tokens only: make one with "token add".'],
    positionals: [GROUP, OWNER, { name: 'NAME', meaning: 'what the member calls it' }],
    options: {
      write: { kind: 'flag', meaning: 'it may write as well' },
      purpose: { kind: 'text', value: 'TEXT', meaning: 'what it is for, in a line' },
    },
    examples: ['vouchsafe member add-service water alice siem --purpose "SIEM of the harbour"'],
    json: '{"account": text}',
    async run(invocation) {
      const made = await invocation.withAdmin((admin) =>
        admin.call('service.add', {
          owner: invocation.positional('ACCOUNT'),
          group: invocation.positional('GROUP'),
          name: invocation.positional('NAME'),
          can_write: invocation.flag('write'),
          purpose: invocation.text('purpose'),
        }),
      )
      invocation.result(made, [
        `${made.account} is made.`,
        `A token for it: vouchsafe token add ${made.account} --scope taxii`,
        `To undo: vouchsafe member end-service ${made.account}`,
      ])
      return EXIT.ok
    },
  },
  {
    words: ['member', 'end-service'],
    summary: 'End a program of a member for good, with its tokens',
    positionals: [PROGRAM],
    examples: ['vouchsafe member end-service alice.siem'],
    json: '{"account": text, "ended": true}',
    async run(invocation) {
      const account = invocation.positional('PROGRAM')
      const done = await invocation.withAdmin((admin) => admin.call('service.end', { account }))
      invocation.result(done, [
        `${account} has ended, and its tokens with it. For another one: vouchsafe member add-service`,
      ])
      return EXIT.ok
    },
  },
]
