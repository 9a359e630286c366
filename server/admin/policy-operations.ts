import { Type } from 'typebox'
import type { GroupPolicy } from '../../policies/group-policy.ts'
import { changeGroupPolicy, rehearseGroupPolicy } from '../members/group-policy-change.ts'
import { BY_OPERATOR } from '../members/permission.ts'
import type { RehearsedMove } from '../members/rehearse-policy.ts'
import { groupOf } from './named.ts'
import { operation } from './operation.ts'

const text = Type.String({ maxLength: 2000 })
const closed = { additionalProperties: false }
const rules = Type.Record(Type.String({ maxLength: 40 }), Type.Union([Type.Boolean(), Type.Number(), text]))

/** The rules by which a trust group lets people in and keeps them. */
export const policyOperations = {
  'group.policy': operation(Type.Object({ group: text }, closed), async (context, args) => {
    const group = await groupOf(context, args.group)
    return { group: group.name, rules: { ...group.policy } }
  }),
  /** What would follow from other rules; saved only when `save` is set, in the same words. */
  'group.set_policy': operation(
    Type.Object({ group: text, rules, save: Type.Boolean() }, closed),
    async (context, { group, rules: changes, save }) => {
      await groupOf(context, group)
      const wanted = { ...BY_OPERATOR, group, changes }
      const { before, after, rehearsal } = await rehearseGroupPolicy(context, wanted)
      const moved = save ? await changeGroupPolicy(context, wanted) : []
      return {
        group,
        changed: changedValues(before, after),
        now: rehearsal.now.map(moveJson),
        within_30_days: rehearsal.later.map(moveJson),
        saved: save,
        moved: moved.length,
      }
    },
  ),
} as const

function changedValues(before: GroupPolicy, after: GroupPolicy) {
  const were = new Map(Object.entries({ ...before }))
  return Object.entries({ ...after }).flatMap(([rule, to]) => {
    const from = were.get(rule)
    return from === undefined || from === to ? [] : [{ rule, from, to }]
  })
}

function moveJson({ account, from, to, because }: RehearsedMove) {
  return { account, from, to, because: [...because] }
}
