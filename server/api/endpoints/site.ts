import { Type } from 'typebox'
import { timestampOf } from '../../clock.ts'
import { makeGroup } from '../../members/groups.ts'
import { listGroups } from '../../members/list-members.ts'
import { statusReport } from '../../status/status-report.ts'
import { by } from '../call.ts'
import { endpoint } from '../endpoint.ts'

const tag = 'site'

const STATUS = Type.Object({
  at: Type.String({ description: 'Timestamp in UTC; a report is good for five seconds.' }),
  version: Type.String(),
  checks: Type.Array(
    Type.Object({
      name: Type.String(),
      outcome: Type.Enum(['ok', 'warn', 'fail']),
      message: Type.String(),
      fix: Type.Optional(Type.String({ description: 'What to do.' })),
    }),
  ),
})

const GROUPS = Type.Object({
  groups: Type.Array(
    Type.Object({
      name: Type.String(),
      title: Type.String(),
      administrators: Type.Integer(),
      second_factor: Type.Boolean(),
      created: Type.String(),
    }),
  ),
})

/** What site administrators look after. */
export const siteEndpoints = [
  endpoint(
    'GET /status',
    { tag, summary: 'How the server is', permission: 'see-status', result: STATUS },
    async (call) => {
      const report = await statusReport(call.context)
      return { at: timestampOf(report.atMicros), version: report.version, checks: [...report.checks] }
    },
  ),
  endpoint(
    'GET /groups',
    {
      tag,
      summary: 'All trust groups',
      details: 'That they are there and who looks after them; your own are in /self.',
      permission: 'manage-groups',
      result: GROUPS,
    },
    async ({ context }) => ({ groups: [...(await listGroups(context))] }),
  ),
  endpoint(
    'POST /groups',
    {
      tag,
      summary: 'Make a trust group',
      permission: 'manage-groups',
      body: Type.Object(
        {
          name: Type.String({ description: 'Stands in addresses: lower-case letters, digits, hyphens.' }),
          title: Type.String(),
          purpose: Type.Optional(Type.String()),
          second_factor: Type.Optional(Type.Boolean()),
          administrator: Type.String({ description: 'Account that becomes its first administrator.' }),
        },
        { additionalProperties: false },
      ),
      status: 204,
    },
    async (call) => {
      const { second_factor, purpose, ...wanted } = call.body
      await makeGroup(call.context, {
        ...by(call),
        ...wanted,
        purpose: purpose ?? '',
        secondFactor: second_factor ?? false,
      })
    },
  ),
]
