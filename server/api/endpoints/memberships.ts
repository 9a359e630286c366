import { Type } from 'typebox'
import { MEMBER_STATES } from '../../../policies/member-state.ts'
import { MEMBERSHIP_RULES } from '../../../policies/membership.ts'
import { NotFoundError } from '../../errors.ts'
import { explainMembership } from '../../members/explain.ts'
import { explanationJson } from '../../members/explain-json.ts'
import { findMember } from '../../members/list-members.ts'
import { endpoint } from '../endpoint.ts'

const tag = 'trust groups'
const group = Type.String({ description: 'Name of the group, as in its address.' })
const account = Type.String({ description: 'Name of the account.' })
const state = Type.Enum([...MEMBER_STATES])
const rule = Type.Enum([...MEMBERSHIP_RULES])
const time = Type.String({ description: 'Timestamp in UTC.' })
const orNull = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Number> | typeof state>(shape: T) =>
  Type.Union([shape, Type.Null()])

const WHY = Type.Object({
  account: Type.String(),
  display_name: Type.String(),
  state,
  since: time,
  away_since: orNull(time),
  lets: Type.Object(
    { login: Type.Boolean(), see: Type.Boolean(), send: Type.Boolean(), receive: Type.Boolean() },
    { description: 'What the state lets the member do in the group.' },
  ),
  rules: Type.Array(
    Type.Object({
      rule,
      met: Type.Boolean(),
      have: orNull(Type.Number()),
      need: orNull(Type.Number()),
      by: orNull(time),
      fixed_by: Type.Enum(['member', 'vouchers', 'administrators']),
    }),
    { description: 'Every rule of the group that bears on the membership, who mends it, and by when.' },
  ),
  history: Type.Array(
    Type.Object({
      at: time,
      event: Type.String(),
      from: orNull(state),
      to: orNull(state),
      actor: Type.Union([Type.String(), Type.Null()], { description: 'For administrators of the group; else null.' }),
      because: Type.Array(rule),
    }),
    { description: 'Newest first.' },
  ),
})

/** Why a membership is in its state, what mends it, by when. */
export const membershipEndpoints = [
  endpoint(
    'GET /groups/{group}/membership',
    {
      tag,
      summary: 'Why your own membership is as it is',
      permission: 'see-own-membership',
      path: { group },
      result: WHY,
    },
    async (call) => {
      const { groupNo } = call.group
      const whose = { groupNo, accountNo: call.account.accountNo, eyes: 'member', nowMicros: call.nowMicros } as const
      return explanationJson(await explainMembership(call.context.database, whose), 'member')
    },
  ),
  endpoint(
    'GET /groups/{group}/members/{account}/why',
    {
      tag,
      summary: 'Why the membership of somebody is as it is',
      permission: 'manage-members',
      path: { group, account },
      result: WHY,
    },
    async (call) => {
      const { groupNo } = call.group
      const member = await findMember(call.context.database, groupNo, 'administrator', call.path.account)
      if (!member) throw new NotFoundError('this member')
      const whose = { groupNo, accountNo: member.accountNo, eyes: 'administrator', nowMicros: call.nowMicros } as const
      return explanationJson(await explainMembership(call.context.database, whose), 'administrator')
    },
  ),
]
