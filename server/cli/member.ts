import { columns } from './columns.ts'
import type { Command, Option, Positional } from './command.ts'
import { EXIT } from './exit-codes.ts'
import type { Invocation } from './invocation.ts'

const GROUP: Positional = { name: 'GROUP', meaning: 'name of the trust group' }
const ACCOUNT: Positional = { name: 'ACCOUNT', meaning: 'name of the account' }
const REASON: Option = { kind: 'text', value: 'TEXT', meaning: 'why, for the record of the group' }

const WHO = { positionals: [GROUP, ACCOUNT] }

/** `vouchsafe member ...`. */
export const memberCommands: readonly Command[] = [
  {
    words: ['member', 'show'],
    summary: 'Show a member, who vouches for them, and whose fate hangs on their vouches',
    ...WHO,
    examples: ['vouchsafe member show water bob'],
    json: '{"account", "display_name", "state", "roles": [text], "since", "vouched_for_by": [account], "if_their_vouches_were_void": [{"account", "state", "vouches", "left", "becomes", "by"}]}',
    async run(invocation) {
      const shown = await invocation.withAdmin((admin) => admin.call('member.show', who(invocation)))
      const fate = shown.if_their_vouches_were_void.map((each) => [
        each.account,
        each.state,
        `${each.vouches} to ${each.left}`,
        each.becomes === each.state
          ? each.by === null
            ? 'stays'
            : `inactive after ${each.by.slice(0, 10)}`
          : each.becomes,
      ])
      invocation.result(shown, [
        ...columns([
          ['account', shown.account],
          ['name', shown.display_name],
          ['state', shown.state],
          ['roles', shown.roles.join(', ') || 'member'],
          ['since', shown.since.slice(0, 10)],
          ['vouched for by', shown.vouched_for_by.join(', ') || 'nobody'],
        ]),
        '',
        ...(fate.length > 0
          ? columns([['IF THEIR VOUCHES WERE VOID', 'STATE', 'VOUCHES', 'THEN'], ...fate])
          : ['Nobody’s membership hangs on their vouches.']),
      ])
      return EXIT.ok
    },
  },
  {
    words: ['member', 'why'],
    summary: 'Say why a membership is in its state, what mends it, and by when',
    ...WHO,
    examples: ['vouchsafe member why water bob', 'vouchsafe member why water bob --json'],
    json: '{"account", "display_name", "state", "since", "away_since", "lets": {"login", "see", "send", "receive"}, "rules": [{"rule", "met", "have", "need", "by", "fixed_by"}], "history": [{"at", "event", "from", "to", "actor", "because": [text]}]}',
    async run(invocation) {
      const why = await invocation.withAdmin((admin) => admin.call('member.why', who(invocation)))
      const lets = [
        ...(why.lets.login ? ['come in'] : []),
        ...(why.lets.see ? ['see'] : []),
        ...(why.lets.send ? ['send'] : []),
        ...(why.lets.receive ? ['get mail'] : []),
      ]
      const rules = why.rules.map(({ rule, met, have, need, by, fixed_by }) => [
        rule,
        met ? 'met' : 'missing',
        have === null || need === null ? '' : `${have} of ${need}`,
        by === null ? '' : by.slice(0, 10),
        met ? '' : fixed_by,
      ])
      invocation.result(why, [
        `${why.account} is ${why.state} since ${why.since.slice(0, 10)}. They may: ${lets.join(', ') || 'nothing'}.`,
        '',
        ...(rules.length > 0
          ? columns([['RULE', 'STANDING', 'HAS', 'BY', 'WHO MENDS IT'], ...rules])
          : ['No rule of the group asks anything in this state.']),
      ])
      return EXIT.ok
    },
  },
  {
    words: ['member', 'history'],
    summary: 'Show what a membership has gone through, newest first',
    ...WHO,
    examples: ['vouchsafe member history water bob'],
    json: '{"account", "history": [{"at", "event", "from", "to", "actor", "because": [text]}]}',
    async run(invocation) {
      const { account, history } = await invocation.withAdmin((admin) => admin.call('member.why', who(invocation)))
      const rows = history.map(({ at, event, from, to, actor, because }) => [
        at.slice(0, 19).replace('T', ' '),
        event,
        from ?? '-',
        to ?? '-',
        actor ?? '',
        because.join(', '),
      ])
      const heading = ['WHEN (UTC)', 'WHAT', 'FROM', 'TO', 'BY', 'BECAUSE OF']
      invocation.result({ account, history }, columns([heading, ...rows]))
      return EXIT.ok
    },
  },
  changeMember({
    verb: 'block',
    summary: 'Block a member: the group is shut to them, and members do not see them any more',
    done: (group, account) => [
      `In ${group}, ${account} is blocked.`,
      `To undo: vouchsafe member reinstate ${group} ${account}`,
    ],
    details: ['With --void-vouches the vouches that they have given count no more; "member show" says what follows.'],
    options: { 'void-vouches': { kind: 'flag', meaning: 'their vouches for others count no more' } },
  }),
  changeMember({
    verb: 'reinstate',
    summary: 'Let somebody in again who was blocked, or taken for dead by mistake',
    done: (group, account, state) => [
      state === 'failed'
        ? `In ${group}, ${account} was only ever nominated: the nomination has failed, and they may be nominated again.`
        : `In ${group}, ${account} is let in again, and is ${state}.`,
      `To undo: vouchsafe member block ${group} ${account}`,
    ],
    details: [
      'They begin as approved, and go on as the rules of the group say. Who was only ever nominated has failed.',
    ],
  }),
  changeMember({
    verb: 'memorialise',
    summary: 'Remember a member who has died: visible, their vouches count on, and nothing signs them in',
    done: (group, account) => [
      `In ${group}, ${account} is remembered as dead.`,
      `To undo: vouchsafe member reinstate ${group} ${account}`,
    ],
  }),
  changeMember({
    verb: 'remove',
    summary: 'Remove a member from a trust group; the account stays',
    done: (group, account) => [
      `${account} is no member of ${group} any more. The vouches that they gave and got there have ended.`,
      `To undo: vouchsafe group add-member ${group} ${account}; those vouches stay ended`,
    ],
    details: ['The vouches between them and the others end. They may be nominated again.'],
  }),
]

function who(invocation: Invocation) {
  return { group: invocation.positional('GROUP'), account: invocation.positional('ACCOUNT') }
}

function changeMember(shape: {
  readonly verb: 'block' | 'reinstate' | 'memorialise' | 'remove'
  readonly summary: string
  readonly done: (group: string, account: string, state: string) => readonly string[]
  readonly details?: readonly string[]
  readonly options?: Readonly<Record<string, Option>>
}): Command {
  const { verb: act, summary, done, details = [], options = {} } = shape
  return {
    words: ['member', act],
    summary,
    details,
    ...WHO,
    options: { reason: REASON, ...options },
    examples: [`vouchsafe member ${act} water bob --reason "as agreed at the meeting"`],
    json: `{"group": text, "account": text, "done": "${act}", "state": text, or null when they are no member any more}`,
    run: async (invocation: Invocation) => {
      const { group, account } = who(invocation)
      const reason = invocation.text('reason')
      const void_vouches = 'void-vouches' in options && invocation.flag('void-vouches')
      const changed = await invocation.withAdmin((admin) =>
        admin.call('member.change', { group, account, act, reason, void_vouches }),
      )
      invocation.result(changed, done(group, account, changed.state ?? ''))
      return EXIT.ok
    },
  }
}
