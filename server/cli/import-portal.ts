import { open } from 'node:fs/promises'
import type { ArrivalReport } from '../arrivals/report.ts'
import { membersLines, portalLines } from './arrival-lines.ts'
import type { Command } from './command.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { inputFile } from './import-file.ts'
import type { Invocation } from './invocation.ts'
import { UsageError } from './usage-error.ts'

/** People who come from elsewhere. */
export const arrivalCommands: readonly Command[] = [
  {
    words: ['import-portal'],
    summary: 'Bring people, groups, vouches and keys from an Ops-Trust portal or Trident',
    details: [
      'Reads its PostgreSQL database and changes nothing there. Without --do it is a rehearsal: everything is done and taken',
      'back, and the report says who would come, in which state, and what stays behind and why.',
      'Run it again at any time: who and what is new there comes, what is here stays as it is.',
      'Passwords, second factors and secret keys are never read. docs/moving.md says what becomes of what.',
    ],
    options: {
      from: { kind: 'text', value: 'URL', meaning: 'the other database: postgres://user@host/database (needed)' },
      zone: { kind: 'text', value: 'ZONE', meaning: 'time zone of that server, as Europe/Amsterdam (needed)' },
      'password-stdin': { kind: 'flag', meaning: 'take the password from the first line of standard input' },
      source: {
        kind: 'text',
        value: 'NAME',
        meaning: 'name that its people are known by in a later run; "portal" unless given',
      },
      group: { kind: 'list', value: 'GROUP', meaning: 'only this group, or GROUP=NAME to call it NAME here' },
      state: { kind: 'list', value: 'THERE=STATE', meaning: 'what a state means that we do not know' },
      'merge-by-address': {
        kind: 'flag',
        meaning: 'bring people to the account that has proven to read their address',
      },
      administrator: { kind: 'text', value: 'ACCOUNT', meaning: 'administers groups that bring no administrator' },
      administrators: { kind: 'flag', meaning: 'make administrators of that system administrators of this site' },
      do: { kind: 'flag', meaning: 'do it' },
      welcome: { kind: 'flag', meaning: 'mail each new person a link to choose a password' },
      settle: { kind: 'flag', meaning: 'let the rules move states at once, not within the hour' },
      history: {
        kind: 'text',
        value: 'FILE',
        meaning: 'write who did what when there, without secrets, as lines of JSON',
      },
    },
    examples: [
      'vouchsafe import-portal --from postgres://reader@old.example/portal --zone America/New_York --password-stdin',
      'vouchsafe import-portal --from postgres:///trident --zone UTC --group main=harbour --do --welcome',
    ],
    json: '{"done", "source": {}, "counts": {}, "groups", "people", "memberships", "keys", "left_behind", "next_review", ...}',
    run: importPortal,
  },
  {
    words: ['member', 'import'],
    summary: 'Make the people of a CSV file members of a trust group',
    details: [
      'The first line names the columns: name and email, and as you like account, affiliation, roles, phone, time_zone.',
      'Commas, semicolons or tabs; UTF-8. Without --do it is a rehearsal. Somebody who has proven an address here keeps the',
      'account that they have; everybody else gets one, and a mail with a link to choose a password.',
    ],
    positionals: [{ name: 'FILE', meaning: 'the file, or - for standard input' }],
    options: {
      group: { kind: 'text', value: 'GROUP', meaning: 'the trust group (needed)' },
      do: { kind: 'flag', meaning: 'do it' },
      'skip-bad': { kind: 'flag', meaning: 'leave lines out that something is wrong with' },
      quiet: { kind: 'flag', meaning: 'mail no links now: member welcome does it later' },
    },
    examples: [
      'vouchsafe member import people.csv --group water',
      'vouchsafe member import people.csv --group water --do',
    ],
    json: '{"group", "done", "members": [{"line", "name", "email", "how", "account", "roles"}], "problems": [{"line", "field", "problem"}], ...}',
    run: importMembers,
  },
  {
    words: ['member', 'welcome'],
    summary: 'Mail a link to choose a password to members who have no way to sign in yet',
    positionals: [{ name: 'GROUP', meaning: 'name of the trust group' }],
    examples: ['vouchsafe member welcome water'],
    json: '{"group": text, "welcomed": [accounts], "without_address": [accounts]}',
    async run(invocation) {
      const group = invocation.positional('GROUP')
      const done = await invocation.withAdmin((admin) => admin.call('member.welcome', { group }))
      invocation.result(done, [
        done.welcomed.length === 0
          ? `Everybody in ${group} can sign in.`
          : `Links went to ${done.welcomed.join(', ')}.`,
        ...(done.without_address.length > 0 ? [`Without an address: ${done.without_address.join(', ')}.`] : []),
      ])
      return EXIT.ok
    },
  },
]

async function importPortal(invocation: Invocation): Promise<ExitCode> {
  const [from, zone] = [invocation.text('from'), invocation.text('zone')]
  if (from === undefined) throw new UsageError('import-portal needs --from postgres://user@host/database')
  if (zone === undefined) {
    throw new UsageError('import-portal needs --zone: that database keeps local times and does not say of where')
  }
  if (/^[a-z]+:\/\/[^/@]*:[^/@]*@/i.test(from)) {
    throw new UsageError('leave the password out of --from, where others can see it: give --password-stdin')
  }
  if (!invocation.flag('do') && (invocation.flag('welcome') || invocation.flag('settle'))) {
    throw new UsageError('--welcome and --settle go with --do')
  }
  const password = invocation.flag('password-stdin') ? await invocation.passwordFromInput() : undefined
  const source = { from, zone, password }
  const args = {
    ...source,
    source: invocation.text('source') ?? 'portal',
    groups: [...invocation.list('group')],
    states: [...invocation.list('state')],
    merge_by_address: invocation.flag('merge-by-address'),
    administrators: invocation.flag('administrators'),
    administrator: invocation.text('administrator'),
    do: invocation.flag('do'),
    welcome: invocation.flag('welcome'),
    settle: invocation.flag('settle'),
  }
  const history = invocation.text('history')
  // a file that cannot be written is found out before anything is done
  await using file = history === undefined ? undefined : await newFile(history)
  const chunks: Uint8Array[] = []
  await invocation.withAdmin(async (admin) => {
    await admin.download('portal.import', args, async (bytes) => void chunks.push(Buffer.from(bytes)))
    if (file) await admin.download('portal.history', source, (bytes) => file.appendFile(bytes))
  })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the operation writes its report and nothing else
  const report = JSON.parse(Buffer.concat(chunks).toString()) as ArrivalReport
  invocation.result(report, portalLines(report))
  return EXIT.ok
}

/** @throws {UsageError} when it is there already, or cannot be made */
async function newFile(name: string) {
  try {
    return await open(name, 'wx', 0o600)
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    throw new UsageError(isThere ? `${name} is there already: name another file` : `${name} cannot be written`)
  }
}

async function importMembers(invocation: Invocation): Promise<ExitCode> {
  const group = invocation.text('group')
  if (group === undefined) throw new UsageError('member import needs --group GROUP')
  const name = invocation.positional('FILE')
  const body = name === '-' ? invocation.surroundings.stdin : (await inputFile(name)).read()
  const args = {
    group,
    do: invocation.flag('do'),
    skip_bad: invocation.flag('skip-bad'),
    quiet: invocation.flag('quiet'),
  }
  const report = await invocation.withAdmin((admin) => admin.upload('member.import', args, body))
  invocation.result(report, membersLines(report))
  return report.blocked ? EXIT.failed : EXIT.ok
}
