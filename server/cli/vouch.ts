import { columns } from './columns.ts'
import type { Command, Option, Positional } from './command.ts'
import { EXIT } from './exit-codes.ts'
import type { Invocation } from './invocation.ts'
import { UsageError } from './usage-error.ts'

const GROUP: Positional = { name: 'GROUP', meaning: 'name of the trust group' }
const ACCOUNT: Positional = { name: 'ACCOUNT', meaning: 'name of the account' }
const VOUCHEE: Positional = { name: 'VOUCHEE', meaning: 'account of a member; for a nominee ~ and the number' }
const NOMINATION: Positional = { name: 'NOMINATION', meaning: 'number of the nomination' }
const BY: Option = { kind: 'text', value: 'ACCOUNT', meaning: 'the member in whose name it is done (needed)' }
const ATTEST: Option = {
  kind: 'list',
  value: 'NAME:VERSION',
  meaning: 'what the voucher affirms, as often as there are statements',
}
const TEXT: Option = { kind: 'text', value: 'TEXT', meaning: 'why they vouch' }
const IN_NAME = 'Whoever has the machine is nobody in a group: it is done in the name of a member, who is told.'

/** `vouchsafe vouch ...`, and what of `vouchsafe member ...` is about nominations. */
export const vouchCommands: readonly Command[] = [
  {
    words: ['member', 'nominations'],
    summary: 'List who is nominated in a trust group',
    positionals: [GROUP],
    examples: ['vouchsafe member nominations water'],
    json: '{"nominations": [{"nomination": number, "name", "affiliation", "state", "made", "fails", "vouches", "vouches_needed"}]}',
    async run(invocation) {
      const group = invocation.positional('GROUP')
      const found = await invocation.withAdmin((admin) => admin.call('member.nominations', { group }))
      const rows = found.nominations.map((each) => [
        String(each.nomination),
        each.state,
        `${each.vouches} of ${each.vouches_needed}`,
        each.fails?.slice(0, 10) ?? 'never',
        each.name,
      ])
      invocation.result(found, columns([['NUMBER', 'STATE', 'VOUCHES', 'FAILS', 'NAME'], ...rows]))
      return EXIT.ok
    },
  },
  {
    words: ['member', 'nominate'],
    summary: 'Nominate somebody in the name of a member: it is the member’s vouch, the first one',
    details: [IN_NAME, 'The nominee learns nothing of it.'],
    positionals: [GROUP],
    options: {
      by: BY,
      name: { kind: 'text', value: 'TEXT', meaning: 'name of the person (needed)' },
      email: { kind: 'text', value: 'ADDRESS', meaning: 'their e-mail address (needed)' },
      affiliation: { kind: 'text', value: 'TEXT', meaning: 'whom they work for' },
      biography: { kind: 'text', value: 'TEXT', meaning: 'who they are' },
      text: { ...TEXT, meaning: 'why the member vouches for them (needed)' },
      attest: ATTEST,
      'none-of-them': { kind: 'flag', meaning: 'it is none of those with a similar name' },
    },
    examples: [
      'vouchsafe member nominate water --by bob --name "Ana Ruiz" --email ana@city.example --text "We worked together." --attest met:1 --attest trust:1 --attest fate:1',
    ],
    json: '{"group": text, "nomination": number, "vouchee": text}',
    async run(invocation) {
      const made = await invocation.withAdmin((admin) =>
        admin.call('member.nominate', {
          group: invocation.positional('GROUP'),
          by: needed(invocation, 'by'),
          name: needed(invocation, 'name'),
          email: needed(invocation, 'email'),
          affiliation: invocation.text('affiliation') ?? '',
          biography: invocation.text('biography') ?? '',
          text: needed(invocation, 'text'),
          attested: [...invocation.list('attest')],
          none_of_them: invocation.flag('none-of-them'),
        }),
      )
      invocation.result(made, [
        `Nomination ${made.nomination} is made. Members vouch for it as ${made.vouchee}, quoted in a shell:`,
        `vouchsafe vouch give ${made.group} '${made.vouchee}' --by ACCOUNT --attest NAME:VERSION`,
      ])
      return EXIT.ok
    },
  },
  {
    words: ['member', 'approve'],
    summary: 'Approve a nominee in the name of an administrator of the group',
    details: [IN_NAME],
    positionals: [GROUP, NOMINATION],
    options: { by: BY },
    examples: ['vouchsafe member approve water 12 --by alice'],
    json: '{"group": text, "nomination": number, "outcome": "approved" or "recorded", "mailed": whether a link went to them}',
    async run(invocation) {
      const [group, given] = [invocation.positional('GROUP'), invocation.positional('NOMINATION')]
      if (!/^[1-9]\d{0,8}$/.test(given)) throw new UsageError('NOMINATION is a number: see member nominations')
      const nomination = Number(given)
      const by = needed(invocation, 'by')
      const done = await invocation.withAdmin((admin) => admin.call('member.approve', { group, nomination, by }))
      const said =
        done.outcome === 'recorded'
          ? `has the approval of ${by}, and waits for that of another administrator.`
          : done.mailed
            ? 'is approved. A link to come in went to them by mail.'
            : 'is approved. They have an account already, and sign in with it.'
      invocation.result(done, [`Nomination ${nomination} ${said}`])
      return EXIT.ok
    },
  },
  {
    words: ['vouch', 'list'],
    summary: 'List who vouches for a member, and for whom the member vouches',
    details: ['Without the texts: those leave with "vouch export" only, of which every member is told.'],
    positionals: [GROUP, ACCOUNT],
    examples: ['vouchsafe vouch list water bob'],
    json: '{"received": [{"voucher", "vouchee", "attested": [text], "made", "expires", "signed": whether}], "given": the same}',
    async run(invocation) {
      const [group, account] = [invocation.positional('GROUP'), invocation.positional('ACCOUNT')]
      const found = await invocation.withAdmin((admin) => admin.call('vouch.list', { group, account }))
      const rows = [...found.received, ...found.given].map((each) => [
        each.voucher,
        each.vouchee,
        each.made.slice(0, 10),
        each.expires?.slice(0, 10) ?? 'never',
        each.attested.join(' '),
      ])
      invocation.result(found, columns([['VOUCHER', 'VOUCHEE', 'MADE', 'EXPIRES', 'AFFIRMED'], ...rows]))
      return EXIT.ok
    },
  },
  {
    words: ['vouch', 'give'],
    summary: 'Vouch for somebody in the name of a member',
    details: [IN_NAME],
    positionals: [GROUP, VOUCHEE],
    options: { by: BY, text: TEXT, attest: ATTEST },
    examples: ['vouchsafe vouch give water bob --by alice --attest met:1 --attest trust:1 --attest fate:1'],
    json: '{"group": text, "voucher": text, "vouchee": text, "vouches": true}',
    async run(invocation) {
      const [group, vouchee] = [invocation.positional('GROUP'), invocation.positional('VOUCHEE')]
      const by = needed(invocation, 'by')
      const given = {
        group,
        vouchee,
        by,
        text: invocation.text('text') ?? '',
        attested: [...invocation.list('attest')],
      }
      const done = await invocation.withAdmin((admin) => admin.call('vouch.give', given))
      invocation.result(done, [
        `${by} vouches for ${vouchee} in ${group}, and is told.`,
        `To undo: vouchsafe vouch withdraw ${group} '${vouchee}' --by ${by}`,
      ])
      return EXIT.ok
    },
  },
  {
    words: ['vouch', 'withdraw'],
    summary: 'Take a vouch back in the name of a member',
    details: [IN_NAME],
    positionals: [GROUP, VOUCHEE],
    options: { by: BY },
    examples: ['vouchsafe vouch withdraw water bob --by alice'],
    json: '{"group": text, "voucher": text, "vouchee": text, "vouches": false}',
    async run(invocation) {
      const [group, vouchee] = [invocation.positional('GROUP'), invocation.positional('VOUCHEE')]
      const by = needed(invocation, 'by')
      const done = await invocation.withAdmin((admin) => admin.call('vouch.withdraw', { group, vouchee, by }))
      invocation.result(done, [`${by} does not vouch for ${vouchee} in ${group} any more, and is told.`])
      return EXIT.ok
    },
  },
  {
    words: ['vouch', 'export'],
    summary: 'Print all vouches of a trust group as CSV; every member is told',
    positionals: [GROUP],
    examples: ['vouchsafe vouch export water > vouches.csv'],
    json: '{"group": text, "vouches": number, "csv": text}',
    async run(invocation) {
      const group = invocation.positional('GROUP')
      const done = await invocation.withAdmin((admin) => admin.call('vouch.export', { group }))
      invocation.result(done, [done.csv.trimEnd()])
      return EXIT.ok
    },
  },
]

const NEEDED = {
  by: '--by ACCOUNT, the member in whose name it is done,',
  name: '--name TEXT, the name of the person,',
  email: '--email ADDRESS, the address of the person,',
  text: '--text TEXT, why the member vouches for them,',
} as const

function needed(invocation: Invocation, name: keyof typeof NEEDED): string {
  const value = invocation.text(name)
  if (!value) throw new UsageError(`${NEEDED[name]} is needed`)
  return value
}
