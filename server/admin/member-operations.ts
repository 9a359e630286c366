import { Type } from 'typebox'
import { timestampOf } from '../clock.ts'
import type { Context } from '../context.ts'
import { NotFoundError } from '../errors.ts'
import { blockMember, memorialiseMember, reinstateMember, removeMember } from '../members/departures.ts'
import { explainMembership } from '../members/explain.ts'
import { explanationJson } from '../members/explain-json.ts'
import { fateSharing } from '../members/vouching/fate-sharing.ts'
import { findMember } from '../members/list-members.ts'
import { BY_OPERATOR } from '../members/permission.ts'
import { groupOf, membersHint } from './named.ts'
import { operation } from './operation.ts'

const text = Type.String({ maxLength: 2000 })
const closed = { additionalProperties: false }

/** Memberships, one by one. */
export const memberOperations = {
  'member.change': operation(
    Type.Object(
      {
        group: text,
        account: text,
        act: Type.Enum(['block', 'reinstate', 'memorialise', 'remove']),
        reason: Type.Optional(text),
        void_vouches: Type.Optional(Type.Boolean()),
      },
      closed,
    ),
    async (context, { group, account, act, reason, void_vouches: voidVouches }) => {
      const does = {
        block: blockMember,
        reinstate: reinstateMember,
        memorialise: memorialiseMember,
        remove: removeMember,
      }[act]
      const { groupNo } = await groupOf(context, group)
      await does(context, { ...BY_OPERATOR, group, account, reason, voidVouches })
      const member = await findMember(context.database, groupNo, 'operator', account)
      return { group, account, done: act, state: member?.state ?? null }
    },
  ),
  /** State, roles, and whose fate hangs on their vouches. */
  'member.show': operation(Type.Object({ group: text, account: text }, closed), async (context, args) => {
    const { member, groupNo } = await memberNamed(context, args.group, args.account)
    const nowMicros = context.clock.nowMicros()
    const fate = await fateSharing(context.database, { groupNo, accountNo: member.accountNo, nowMicros })
    return {
      account: member.name,
      display_name: member.displayName,
      state: member.state,
      roles: [...member.roles],
      since: timestampOf(member.sinceMicros),
      vouched_for_by: fate.vouchers.map((each) => each.account),
      if_their_vouches_were_void: fate.vouchees.map((each) => ({
        account: each.account,
        state: each.state,
        vouches: each.vouches,
        left: each.left,
        becomes: each.becomes,
        by: each.byMicros === undefined ? null : timestampOf(each.byMicros),
      })),
    }
  }),
  /** Why a membership is as it is, with its history. */
  'member.why': operation(Type.Object({ group: text, account: text }, closed), async (context, args) => {
    const { member, groupNo } = await memberNamed(context, args.group, args.account)
    const nowMicros = context.clock.nowMicros()
    const whose = { groupNo, accountNo: member.accountNo, eyes: 'operator', nowMicros } as const
    return explanationJson(await explainMembership(context.database, whose), 'operator')
  }),
} as const

async function memberNamed(context: Context, name: string, account: string) {
  const group = await groupOf(context, name)
  const member = await findMember(context.database, group.groupNo, 'operator', account)
  if (!member) throw new NotFoundError(`a member ${JSON.stringify(account)} of ${group.title}`, membersHint(name))
  return { member, groupNo: group.groupNo }
}
