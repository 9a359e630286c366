import { Type } from 'typebox'
import { NotFoundError } from '../errors.ts'
import { changedRules, changeGroupPolicy, rehearseGroupPolicy } from '../members/group-policy-change.ts'
import { BY_OPERATOR } from '../members/permission.ts'
import type { RehearsedMove } from '../members/rehearse-policy.ts'
import { operation } from './operation.ts'

const text = Type.String({ maxLength: 2000 })
const closed = { additionalProperties: false }
const rules = Type.Record(Type.String({ maxLength: 40 }), Type.Union([Type.Boolean(), Type.Number(), text]))

/** The rules by which a trust group lets people in and keeps them. */
export const policyOperations = {
  'group.policy': operation(Type.Object({ group: text }, closed), async (context, args) => {
    const { access } = await context.freshness.read()
    const group = access.group(args.group)
    if (!group) throw new NotFoundError(`the trust group ${JSON.stringify(args.group)}`)
    return { group: group.name, rules: { ...group.policy } }
  }),
  /** What would follow from other rules; saved only when `save` is set, in the same words. */
  'group.set_policy': operation(
    Type.Object({ group: text, rules, save: Type.Boolean() }, closed),
    async (context, { group, rules: changes, save }) => {
      const wanted = { ...BY_OPERATOR, group, changes }
      const { before, after, rehearsal } = await rehearseGroupPolicy(context, wanted)
      const moved = save ? await changeGroupPolicy(context, wanted) : []
      return {
        group,
        changed: changedRules(before, after).map(({ key, from, to }) => ({ rule: key, from, to })),
        now: rehearsal.now.map(moveJson),
        within_30_days: rehearsal.later.map(moveJson),
        saved: save,
        moved: moved.length,
      }
    },
  ),
} as const

function moveJson({ account, from, to, because }: RehearsedMove) {
  return { account, from, to, because: [...because] }
}
