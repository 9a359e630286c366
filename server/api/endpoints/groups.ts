import { Type } from 'typebox'
import { GROUP_ROLES } from '../../../policies/roles.ts'
import { timestampOf } from '../../clock.ts'
import { listMembers, MEMBERS_PAGE } from '../../members/list-members.ts'
import { addMember, pauseMember, removeMember, resumeMember } from '../../members/memberships.ts'
import { AFTER, by, NEXT, NO_BODY } from '../call.ts'
import { endpoint } from '../endpoint.ts'

const tag = 'trust groups'
const group = Type.String({ description: 'Name of the group, as in its address.' })
const account = Type.String({ description: 'Name of the account.' })

const GROUP = Type.Object({
  name: Type.String(),
  title: Type.String(),
  purpose: Type.String(),
  second_factor: Type.Boolean({ description: 'Whether it lets nobody in without a second factor.' }),
  roles: Type.Array(Type.Enum([...GROUP_ROLES]), { description: 'Your roles, beside member.' }),
})

const MEMBERS = Type.Object({
  members: Type.Array(
    Type.Object({
      account: Type.String(),
      display_name: Type.String(),
      state: Type.Enum(['active', 'paused', 'suspended']),
      roles: Type.Array(Type.Enum([...GROUP_ROLES]), { description: 'Beside member.' }),
      since: Type.String({ description: 'Timestamp in UTC.' }),
    }),
  ),
  next: NEXT,
})

const member = { group, account }

/** Trust groups and their members. Roles are given in the portal: that wants a person who has just proven themself. */
export const groupEndpoints = [
  endpoint(
    'GET /groups/{group}',
    { tag, summary: 'A trust group', permission: 'see-group', path: { group }, result: GROUP },
    async (call) => ({
      name: call.group.name,
      title: call.group.title,
      purpose: call.group.purpose,
      second_factor: call.group.secondFactor,
      roles: [...(call.membership?.roles ?? [])],
    }),
  ),
  endpoint(
    'GET /groups/{group}/members',
    {
      tag,
      summary: 'Who is a member',
      permission: 'see-members',
      path: { group },
      query: { after: AFTER },
      result: MEMBERS,
    },
    async (call) => {
      const listed = await listMembers(call.context.database, call.group.groupNo, call.query.after ?? '')
      const page = listed.slice(0, MEMBERS_PAGE)
      return {
        members: page.map((each) => ({
          account: each.name,
          display_name: each.displayName,
          state: each.state,
          roles: [...each.roles],
          since: timestampOf(each.sinceMicros),
        })),
        next: listed.length > MEMBERS_PAGE ? (page.at(-1)?.name ?? null) : null,
      }
    },
  ),
  endpoint(
    'POST /groups/{group}/members',
    {
      tag,
      summary: 'Make somebody who has an account a member',
      permission: 'manage-members',
      path: { group },
      body: Type.Object({ account }, { additionalProperties: false }),
      status: 204,
    },
    async (call) => {
      await addMember(call.context, { ...by(call), group: call.group.name, account: call.body.account })
    },
  ),
  ...(
    [
      ['pause', 'Pause a membership: it lets nobody in until it is resumed', pauseMember],
      ['resume', 'Let a paused member in again', resumeMember],
      ['remove', 'Take somebody out of the group; the account stays', removeMember],
    ] as const
  ).map(([verb, summary, act]) =>
    endpoint(
      `POST /groups/{group}/members/{account}/${verb}`,
      { tag, summary, permission: 'manage-members', path: member, body: NO_BODY, status: 204 },
      async (call) => {
        await act(call.context, { ...by(call), group: call.group.name, account: call.path.account })
      },
    ),
  ),
]
