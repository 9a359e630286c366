import { Type } from 'typebox'
import { timestampOf } from '../../clock.ts'
import { readAudit } from '../../storage/audit-reading.ts'
import { endpoint } from '../endpoint.ts'

/** Records on one page. */
const PAGE = 200

const AUDIT = Type.Object({
  records: Type.Array(
    Type.Object({
      seq: Type.Integer({ description: 'Place in the chain.' }),
      at: Type.String(),
      kind: Type.String(),
      actor: Type.String(),
      detail: Type.Unknown({ description: 'What it was about: names, numbers, never content.' }),
      hash: Type.String({ description: 'SHA-256 over the record before and this one, in hex.' }),
    }),
  ),
  next: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Give it as `before` to go further back; null at the beginning of the chain.',
  }),
})

/** The audit, newest first. */
export const auditEndpoints = [
  endpoint(
    'GET /audit',
    {
      tag: 'audit',
      summary: 'Who did what, newest first',
      permission: 'see-audit',
      query: {
        kind: Type.Optional(Type.String({ maxLength: 100 })),
        actor: Type.Optional(Type.String({ maxLength: 100 })),
        before: Type.Optional(Type.Integer({ minimum: 1, description: 'The value of `next` of the page before.' })),
      },
      result: AUDIT,
    },
    async ({ context, query }) => {
      const { kind, actor, before } = query
      const page = await readAudit(context.database, { kind, actor }, { before, limit: PAGE })
      return {
        records: page.records.map((record) => ({
          seq: record.seq,
          at: timestampOf(record.at_micros),
          kind: record.kind,
          actor: record.actor,
          detail: JSON.parse(record.detail) as unknown,
          hash: Buffer.from(record.hash).toString('hex'),
        })),
        next: page.next ?? null,
      }
    },
  ),
]
