import { GROUP_ROLES, type GroupRole } from '../../policies/roles.ts'
import { columns } from './columns.ts'
import type { Command, Positional } from './command.ts'
import { EXIT } from './exit-codes.ts'
import type { Invocation } from './invocation.ts'
import { UsageError } from './usage-error.ts'

const GROUP: Positional = { name: 'GROUP', meaning: 'name of the trust group' }
const ACCOUNT: Positional = { name: 'ACCOUNT', meaning: 'name of the account' }
const ROLE: Positional = { name: 'ROLE', meaning: GROUP_ROLES.join(', ') }

/** `vouchsafe group ...`. */
export const groupCommands: readonly Command[] = [
  {
    words: ['group', 'add'],
    summary: 'Make a trust group with its first administrator',
    details: [
      'A group is never without an administrator: the last one cannot leave, be removed or blocked, nor lose the role.',
    ],
    positionals: [{ name: 'GROUP', meaning: 'its name in addresses: lower-case letters, digits and hyphens' }],
    options: {
      title: { kind: 'text', value: 'TEXT', meaning: 'what people call it, the name unless given' },
      purpose: { kind: 'text', value: 'TEXT', meaning: 'what it is for, in a few sentences' },
      administrator: { kind: 'text', value: 'ACCOUNT', meaning: 'who administers it (needed)' },
      'second-factor': { kind: 'flag', meaning: 'let nobody in without a second factor' },
    },
    examples: [
      'vouchsafe group add water --title "Water utilities" --administrator alice',
      'vouchsafe group add incident-7 --administrator alice --second-factor --json',
    ],
    json: '{"name": text, "title": text, "administrator": text}',
    async run(invocation) {
      const name = invocation.positional('GROUP')
      const administrator = invocation.text('administrator')
      if (!administrator) throw new UsageError('group add needs --administrator ACCOUNT: a group is never without one')
      const made = await invocation.withAdmin((admin) =>
        admin.call('group.add', {
          name,
          title: invocation.text('title') ?? name,
          purpose: invocation.text('purpose') ?? '',
          second_factor: invocation.flag('second-factor'),
          administrator,
        }),
      )
      invocation.result(made, [`The group ${name} is there; ${administrator} administers it.`])
      return EXIT.ok
    },
  },
  {
    words: ['group', 'list'],
    summary: 'List the trust groups',
    examples: ['vouchsafe group list'],
    json: '{"groups": [{"name", "title", "administrators": number, "second_factor", "created"}]}',
    async run(invocation) {
      const listed = await invocation.withAdmin((admin) => admin.call('group.list', {}))
      const rows = listed.groups.map((group) => [
        group.name,
        String(group.administrators),
        group.second_factor ? 'demanded' : 'no',
        group.title,
      ])
      invocation.result(listed, columns([['NAME', 'ADMINISTRATORS', 'SECOND FACTOR', 'TITLE'], ...rows]))
      return EXIT.ok
    },
  },
  {
    words: ['group', 'set'],
    summary: 'Change a trust group',
    details: ['What is not given stays. The name stays always, because addresses hold it.'],
    positionals: [GROUP],
    options: {
      title: { kind: 'text', value: 'TEXT', meaning: 'what people call it' },
      purpose: { kind: 'text', value: 'TEXT', meaning: 'what it is for' },
      'second-factor': { kind: 'text', value: 'YES-OR-NO', meaning: 'whether everyone needs one to come in' },
    },
    examples: ['vouchsafe group set water --second-factor yes'],
    json: '{"name": text, "changed": true}',
    async run(invocation) {
      const factor = invocation.text('second-factor')
      if (factor !== undefined && factor !== 'yes' && factor !== 'no') {
        throw new UsageError('--second-factor must be yes or no')
      }
      const name = invocation.positional('GROUP')
      const [title, purpose] = [invocation.text('title'), invocation.text('purpose')]
      if (title === undefined && purpose === undefined && factor === undefined) {
        throw new UsageError('group set needs --title, --purpose or --second-factor')
      }
      const second_factor = factor === undefined ? undefined : factor === 'yes'
      const done = await invocation.withAdmin((admin) =>
        admin.call('group.set', { name, title, purpose, second_factor }),
      )
      invocation.result(done, [`The group ${name} is changed.`])
      return EXIT.ok
    },
  },
  {
    words: ['group', 'members'],
    summary: 'List the members of a trust group',
    positionals: [GROUP],
    options: { after: { kind: 'text', value: 'ACCOUNT', meaning: 'go on after this one: 200 are listed at a time' } },
    examples: ['vouchsafe group members water', 'vouchsafe group members water --after mallory --json'],
    json: '{"members": [{"account", "roles": [text], "state", "since"}], "more": whether there are more}',
    async run(invocation) {
      const group = invocation.positional('GROUP')
      const after = invocation.text('after') ?? ''
      const listed = await invocation.withAdmin((admin) => admin.call('group.members', { group, after }))
      const rows = listed.members.map(({ account, state, since, roles }) => [
        account,
        state,
        since.slice(0, 10),
        roles.join(', ') || 'member',
      ])
      invocation.result(listed, columns([['ACCOUNT', 'STATE', 'SINCE', 'ROLES'], ...rows]))
      const last = listed.members.at(-1)
      if (listed.more && last && !invocation.json) invocation.note(`There are more: add --after ${last.account}`)
      return EXIT.ok
    },
  },
  {
    words: ['group', 'add-member'],
    summary: 'Make an account a member of a trust group',
    positionals: [GROUP, ACCOUNT],
    options: { role: { kind: 'list', value: 'ROLE', meaning: `beside member: ${GROUP_ROLES.join(', ')}` } },
    examples: [
      'vouchsafe group add-member water bob',
      'vouchsafe group add-member water carol --role group-administrator',
    ],
    json: '{"group": text, "account": text, "member": true}',
    async run(invocation) {
      const [group, account] = [invocation.positional('GROUP'), invocation.positional('ACCOUNT')]
      const roles = invocation.list('role').map(roleOf)
      const done = await invocation.withAdmin((admin) => admin.call('group.add_member', { group, account, roles }))
      invocation.result(done, [`${account} is a member of ${group}.`])
      return EXIT.ok
    },
  },
  changeRole('give-role', true, 'Give a member a role'),
  changeRole('take-role', false, 'Take a role from a member'),
]

function changeRole(verb: string, has: boolean, summary: string): Command {
  return {
    words: ['group', verb],
    summary,
    positionals: [GROUP, ACCOUNT, ROLE],
    examples: [`vouchsafe group ${verb} water bob coordinator`],
    json: `{"group": text, "account": text, "role": text, "has": ${has}}`,
    run: async (invocation: Invocation) => {
      const [group, account] = [invocation.positional('GROUP'), invocation.positional('ACCOUNT')]
      const role = roleOf(invocation.positional('ROLE'))
      const done = await invocation.withAdmin((admin) => admin.call('group.change_role', { group, account, role, has }))
      invocation.result(done, [`${account} is ${has ? 'now' : 'no longer'} ${role} of ${group}.`])
      return EXIT.ok
    },
  }
}

function roleOf(text: string): GroupRole {
  const role = GROUP_ROLES.find((each) => each === text)
  if (!role) throw new UsageError(`a role is one of: ${GROUP_ROLES.join(', ')}`)
  return role
}
