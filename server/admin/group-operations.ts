import { Type } from 'typebox'
import { GROUP_ROLES } from '../../policies/roles.ts'
import { timestampOf } from '../clock.ts'
import { changeGroup, makeGroup } from '../members/groups.ts'
import { listGroups, listMembers, MEMBERS_PAGE } from '../members/list-members.ts'
import { addMember, giveRole, takeRole } from '../members/memberships.ts'
import { BY_OPERATOR } from '../members/permission.ts'
import { NotFoundError } from '../errors.ts'
import { operation } from './operation.ts'

const text = Type.String({ maxLength: 2000 })
const closed = { additionalProperties: false }
const role = Type.Enum([...GROUP_ROLES])

/** Trust groups and who is in them. */
export const groupOperations = {
  'group.add': operation(
    Type.Object({ name: text, title: text, purpose: text, second_factor: Type.Boolean(), administrator: text }, closed),
    async (context, args) => {
      await makeGroup(context, { ...BY_OPERATOR, ...args, secondFactor: args.second_factor })
      return { name: args.name, title: args.title, administrator: args.administrator }
    },
  ),
  'group.list': operation(Type.Object({}, closed), async (context) => ({ groups: await listGroups(context) })),
  'group.set': operation(
    Type.Object(
      {
        name: text,
        title: Type.Optional(text),
        purpose: Type.Optional(text),
        second_factor: Type.Optional(Type.Boolean()),
      },
      closed,
    ),
    async (context, args) => {
      const { name: group, title, purpose, second_factor: secondFactor } = args
      await changeGroup(context, { ...BY_OPERATOR, group, title, purpose, secondFactor })
      return { name: args.name, changed: true }
    },
  ),
  /** A page of members; `after` is the name of the last one of the page before. */
  'group.members': operation(Type.Object({ group: text, after: text }, closed), async (context, args) => {
    const { access } = await context.freshness.read()
    const group = access.group(args.group)
    if (!group) throw new NotFoundError(`the trust group ${JSON.stringify(args.group)}`)
    const found = await listMembers(context.database, group.groupNo, 'operator', args.after)
    const members = found.slice(0, MEMBERS_PAGE).map((member) => ({
      account: member.name,
      roles: [...member.roles],
      state: member.state,
      since: timestampOf(member.sinceMicros),
    }))
    return { members, more: found.length > MEMBERS_PAGE }
  }),
  'group.add_member': operation(
    Type.Object({ group: text, account: text, roles: Type.Array(role, { maxItems: 10 }) }, closed),
    async (context, args) => {
      await addMember(context, { ...BY_OPERATOR, ...args })
      return { group: args.group, account: args.account, member: true }
    },
  ),
  'group.change_role': operation(
    Type.Object({ group: text, account: text, role, has: Type.Boolean() }, closed),
    async (context, { has, ...args }) => {
      await (has ? giveRole : takeRole)(context, { ...BY_OPERATOR, ...args })
      return { ...args, has }
    },
  ),
} as const
