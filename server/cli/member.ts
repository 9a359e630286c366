import type { Command, Option, Positional } from './command.ts'
import { EXIT } from './exit-codes.ts'
import type { Invocation } from './invocation.ts'

const GROUP: Positional = { name: 'GROUP', meaning: 'name of the trust group' }
const ACCOUNT: Positional = { name: 'ACCOUNT', meaning: 'name of the account' }
const REASON: Option = { kind: 'text', value: 'TEXT', meaning: 'why, for the record of the group' }

/** `vouchsafe member ...`. */
export const memberCommands: readonly Command[] = [
  changeMember({
    verb: 'block',
    summary: 'Block a member: the group is shut to them, and members do not see them any more',
    done: 'is blocked',
    details: ['With --void-vouches the vouches that they have given count no more; "member show" says what follows.'],
    options: { 'void-vouches': { kind: 'flag', meaning: 'their vouches for others count no more' } },
  }),
  changeMember({
    verb: 'reinstate',
    summary: 'Let somebody in again who was blocked, or taken for dead by mistake',
    done: 'is let in again',
    details: ['They begin as approved, and go on as the rules of the group say. Who was only ever nominated has failed.'],
  }),
  changeMember({
    verb: 'memorialise',
    summary: 'Remember a member who has died: visible, their vouches count on, and nothing signs them in',
    done: 'is remembered as dead',
  }),
  changeMember({
    verb: 'remove',
    summary: 'Remove a member from a trust group; the account stays',
    done: 'is no member any more',
    details: ['The vouches between them and the others end. They may be nominated again.'],
  }),
]

function changeMember(shape: {
  readonly verb: 'block' | 'reinstate' | 'memorialise' | 'remove'
  readonly summary: string
  readonly done: string
  readonly details?: readonly string[]
  readonly options?: Readonly<Record<string, Option>>
}): Command {
  const { verb: act, summary, done, details = [], options = {} } = shape
  return {
    words: ['member', act],
    summary,
    details,
    positionals: [GROUP, ACCOUNT],
    options: { reason: REASON, ...options },
    examples: [`vouchsafe member ${act} water bob --reason "as agreed at the meeting"`],
    json: `{"group": text, "account": text, "done": "${act}"}`,
    run: async (invocation: Invocation) => {
      const [group, account] = [invocation.positional('GROUP'), invocation.positional('ACCOUNT')]
      const reason = invocation.text('reason')
      const void_vouches = 'void-vouches' in options && invocation.flag('void-vouches')
      const changed = await invocation.withAdmin((admin) =>
        admin.call('member.change', { group, account, act, reason, void_vouches }),
      )
      invocation.result(changed, [`In ${group}, ${account} ${done}.`])
      return EXIT.ok
    },
  }
}
