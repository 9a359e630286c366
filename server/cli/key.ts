import { columns } from './columns.ts'
import type { Command, Positional } from './command.ts'
import { EXIT } from './exit-codes.ts'
import type { Invocation } from './invocation.ts'

const GROUP: Positional = { name: 'GROUP', meaning: 'name of the trust group' }

/** `vouchsafe key ...`. */
export const keyCommands: readonly Command[] = [
  {
    words: ['key', 'list'],
    summary: 'List the OpenPGP keys that a trust group encrypts to',
    positionals: [GROUP],
    examples: ['vouchsafe key list water', 'vouchsafe key list water --json'],
    json: '{"keys": [{"account", "fingerprint", "algorithm", "expires": time or null, "proven", "problems": [code]}]}',
    async run(invocation) {
      const keys = await everyKey(invocation, invocation.positional('GROUP'))
      invocation.result(
        { keys },
        columns([
          ['ACCOUNT', 'FINGERPRINT', 'ALGORITHM', 'EXPIRES', 'STANDING'],
          ...keys.map((key) => [key.account, key.fingerprint, key.algorithm, dayOf(key.expires), stateOf(key)]),
        ]),
      )
      return EXIT.ok
    },
  },
  {
    words: ['key', 'show'],
    summary: 'Show the OpenPGP keys that somebody has on file',
    positionals: [{ name: 'ACCOUNT', meaning: 'name of the account' }],
    examples: ['vouchsafe key show alice'],
    json: '{"account": text, "keys": [{"fingerprint", "algorithm", "addresses", "expires": time or null, "proven", "problems": [code]}]}',
    async run(invocation) {
      const account = invocation.positional('ACCOUNT')
      const shown = await invocation.withAdmin((admin) => admin.call('key.show', { account }))
      const rows = shown.keys.map((key) => [
        key.fingerprint,
        key.algorithm,
        dayOf(key.expires),
        stateOf(key),
        key.addresses.join(' '),
      ])
      invocation.result(shown, columns([['FINGERPRINT', 'ALGORITHM', 'EXPIRES', 'STANDING', 'ADDRESSES'], ...rows]))
      return EXIT.ok
    },
  },
  {
    words: ['key', 'check'],
    summary: 'Say who of a trust group can decrypt, and whose key needs care',
    details: [
      'Of the members that mail is sent to: an inactive or idle one is not among them.',
      'Ends with 1 when somebody cannot, so that a script can watch it.',
    ],
    positionals: [GROUP],
    examples: ['vouchsafe key check water', 'vouchsafe key check water --json'],
    json: '{"members": number, "can_decrypt": number, "care": [{"account", "reason": code, "fingerprint", "expires"}]}',
    async run(invocation) {
      const group = invocation.positional('GROUP')
      const health = await invocation.withAdmin((admin) => admin.call('key.check', { group }))
      invocation.result(health, [
        health.members === 0
          ? `Nobody in ${group} gets mail now: "vouchsafe group members ${group}" shows the states.`
          : `${health.can_decrypt} of ${health.members} who get mail can decrypt.`,
        ...(health.care.length > 0
          ? columns([
              ['ACCOUNT', 'CARE', 'EXPIRES', 'FINGERPRINT'],
              ...health.care.map((each) => [
                each.account,
                wordsOf(each.reason),
                each.expires?.slice(0, 10) ?? '',
                each.fingerprint ?? '',
              ]),
            ])
          : []),
      ])
      return health.can_decrypt === health.members ? EXIT.ok : EXIT.failed
    },
  },
  {
    words: ['key', 'export'],
    summary: 'Write the keyring of a trust group, for a mail program',
    details: ['One armored file, sorted by fingerprint: the same keys always give the same bytes.'],
    positionals: [GROUP],
    examples: ['vouchsafe key export water > water.asc'],
    json: '{"keyring": text}',
    async run(invocation) {
      const group = invocation.positional('GROUP')
      const exported = await invocation.withAdmin((admin) => admin.call('key.export', { group }))
      invocation.result(exported, exported.keyring.trimEnd().split('\n'))
      return EXIT.ok
    },
  },
]

interface ListedKey {
  readonly account: string
  readonly fingerprint: string
  readonly algorithm: string
  readonly expires: string | null
  readonly proven: boolean
  readonly problems: readonly string[]
}

async function everyKey(invocation: Invocation, group: string): Promise<readonly ListedKey[]> {
  return await invocation.withAdmin(async (admin) => {
    const keys: ListedKey[] = []
    for (let after = ''; ;) {
      const page = await admin.call('key.list', { group, after })
      keys.push(...page.keys)
      const last = page.keys.at(-1)
      if (!page.more || !last) return keys
      after = last.account
    }
  })
}

function stateOf({ proven, problems }: Pick<ListedKey, 'proven' | 'problems'>): string {
  return [...(proven ? [] : ['unproven']), ...problems].map(wordsOf).join(', ') || 'good'
}

function dayOf(expires: string | null): string {
  return expires?.slice(0, 10) ?? 'never'
}

/** A code as people read it: `no-key` is no key. */
function wordsOf(code: string): string {
  return code.replaceAll(/[-_]/g, ' ')
}
