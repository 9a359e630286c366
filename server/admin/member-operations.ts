import { Type } from 'typebox'
import { blockMember, memorialiseMember, reinstateMember, removeMember } from '../members/departures.ts'
import { BY_OPERATOR } from '../members/permission.ts'
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
      await does(context, { ...BY_OPERATOR, group, account, reason, voidVouches })
      return { group, account, done: act }
    },
  ),
} as const
