import { Type } from 'typebox'
import { MEMBER_STATES } from '../../../policies/member-state.ts'
import { GROUP_ROLES } from '../../../policies/roles.ts'
import { timestampOf } from '../../clock.ts'
import { blockMember, memorialiseMember, reinstateMember, removeMember } from '../../members/departures.ts'
import { eyesOf, listMembers, MEMBERS_PAGE } from '../../members/list-members.ts'
import { addMember } from '../../members/memberships.ts'
import { AFTER, by, NEXT } from '../call.ts'
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
      state: Type.Enum([...MEMBER_STATES, 'suspended'], {
        description: 'State of the membership; suspended: the account is shut for the whole site.',
      }),
      roles: Type.Array(Type.Enum([...GROUP_ROLES]), { description: 'Beside member.' }),
      since: Type.String({ description: 'Timestamp in UTC.' }),
    }),
  ),
  next: NEXT,
})

const member = { group, account }
const REASON = {
  reason: Type.Optional(
    Type.String({ maxLength: 1000, description: 'Kept on the record, which administrators of the group read.' }),
  ),
}
const VOID = Type.Optional(Type.Boolean({ description: 'Whether the vouches that they have given count no more.' }))

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
      const listed = await listMembers(
        call.context.database,
        call.group.groupNo,
        eyesOf(call.membership),
        call.query.after ?? '',
      )
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
  endpoint(
    'POST /groups/{group}/members/{account}/block',
    {
      tag,
      summary: 'Block a member: the group is shut to them, and members do not see them any more',
      permission: 'manage-members',
      path: member,
      body: Type.Object({ ...REASON, void_vouches: VOID }, { additionalProperties: false }),
      status: 204,
    },
    async (call) => {
      const { reason, void_vouches: voidVouches } = call.body
      const whom = { group: call.group.name, account: call.path.account }
      await blockMember(call.context, { ...by(call), ...whom, reason, voidVouches })
    },
  ),
  ...(
    [
      ['reinstate', 'Let somebody in again who was blocked, or taken for dead by mistake', reinstateMember],
      [
        'memorialise',
        'Remember a member who has died: visible, their vouches count on, and nothing signs them in',
        memorialiseMember,
      ],
      ['remove', 'Take somebody out of the group; the account stays', removeMember],
    ] as const
  ).map(([verb, summary, act]) =>
    endpoint(
      `POST /groups/{group}/members/{account}/${verb}`,
      {
        tag,
        summary,
        permission: 'manage-members',
        path: member,
        body: Type.Object(REASON, { additionalProperties: false }),
        status: 204,
      },
      async (call) => {
        const whom = { group: call.group.name, account: call.path.account }
        await act(call.context, { ...by(call), ...whom, reason: call.body.reason })
      },
    ),
  ),
]
