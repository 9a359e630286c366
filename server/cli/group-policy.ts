import { POLICY_SHAPE } from '../../policies/group-policy.ts'
import { columns } from './columns.ts'
import type { Command } from './command.ts'
import { EXIT } from './exit-codes.ts'
import { nearest } from './nearest.ts'
import { UsageError } from './usage-error.ts'

/** `vouchsafe group policy`: the rules of a group, and what would follow from others. */
export const groupPolicyCommand: Command = {
  words: ['group', 'policy'],
  summary: 'Show the rules of a trust group, what would follow from others, and change them',
  details: [
    'With --rule it shows who would move now and within 30 days; nothing is saved without --save.',
    `Rules are: ${Object.keys(POLICY_SHAPE).join(', ')}. Yes and no are written as yes and no.`,
  ],
  positionals: [{ name: 'GROUP', meaning: 'name of the trust group' }],
  options: {
    rule: { kind: 'list', value: 'NAME=VALUE', meaning: 'a rule as it should be; as often as needed' },
    save: { kind: 'flag', meaning: 'save the rules after showing what follows' },
  },
  examples: [
    'vouchsafe group policy water',
    'vouchsafe group policy water --rule minOutvouch=3',
    'vouchsafe group policy water --rule pgpRequired=yes --rule keyGraceDays=30 --save',
  ],
  json: '{"group", "rules": {name: value}}, or with --rule {"group", "changed": [{"rule", "from", "to"}], "now": [{"account", "from", "to", "because"}], "within_30_days": [the same], "saved": yes or no, "moved": number}',
  async run(invocation) {
    const group = invocation.positional('GROUP')
    const given = invocation.list('rule')
    if (given.length === 0) {
      if (invocation.flag('save')) throw new UsageError('--save needs --rule NAME=VALUE: there is nothing to save')
      const shown = await invocation.withAdmin((admin) => admin.call('group.policy', { group }))
      const rows = Object.entries(shown.rules).map(([name, value]) => [name, wordOf(value)])
      invocation.result(shown, columns([['RULE', 'VALUE'], ...rows]))
      return EXIT.ok
    }
    const rules = Object.fromEntries(given.map(ruleOf))
    const save = invocation.flag('save')
    const done = await invocation.withAdmin((admin) => admin.call('group.set_policy', { group, rules, save }))
    const moves = (list: typeof done.now, when: string) =>
      list.map(({ account, from, to, because }) => [account, from, to, when, because.join(', ')])
    const rows = [...moves(done.now, 'now'), ...moves(done.within_30_days, 'within 30 days')]
    invocation.result(done, [
      ...columns([
        ['RULE', 'NOW', 'THEN'],
        ...done.changed.map(({ rule, from, to }) => [rule, wordOf(from), wordOf(to)]),
      ]),
      '',
      ...(rows.length > 0
        ? columns([['ACCOUNT', 'FROM', 'TO', 'WHEN', 'BECAUSE OF'], ...rows])
        : ['Nobody would move.']),
      '',
      save
        ? `The rules are saved. Memberships that moved: ${done.moved}.`
        : 'Nothing is saved. Add --save to save the rules.',
    ])
    return EXIT.ok
  },
}

function ruleOf(text: string): readonly [name: string, value: string | number | boolean] {
  const [, name, value] = /^([A-Za-z]+)=(.*)$/.exec(text) ?? []
  if (name === undefined || value === undefined) throw new UsageError(`--rule is NAME=VALUE, not ${text}`)
  const rules = Object.keys(POLICY_SHAPE)
  if (!rules.includes(name)) {
    const near = nearest(name, rules)
    throw new UsageError(
      `there is no rule ${name}: ${near === undefined ? `the rules are ${rules.join(', ')}` : `did you mean ${near}?`}`,
    )
  }
  if (value === 'yes' || value === 'no') return [name, value === 'yes']
  return [name, /^\d{1,6}$/.test(value) ? Number(value) : value]
}

function wordOf(value: string | number | boolean): string {
  return value === true ? 'yes' : value === false ? 'no' : String(value)
}
