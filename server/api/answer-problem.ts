import { randomBytes } from 'node:crypto'
import type { Response } from 'express'
import { Type } from 'typebox'
import type { Context } from '../context.ts'
import { TrustGroupError } from '../errors.ts'

/** How every refusal looks (RFC 9457). */
export const PROBLEM = Type.Object({
  title: Type.String({ description: 'What happened, and what to do.' }),
  status: Type.Integer(),
  code: Type.String({ description: 'Stable, for scripts.' }),
  error_id: Type.Optional(Type.String({ description: 'Of a fault of the server: its log has it.' })),
})

/** Answers with what went wrong. A fault of ours says nothing but a number that the log has. */
export function answerProblem(context: Pick<Context, 'log'>, response: Response, error: unknown): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.type('application/problem+json')
  if (error instanceof TrustGroupError) {
    for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value)
    response.status(error.status).json({ title: error.message, status: error.status, code: error.code })
    return
  }
  const error_id = randomBytes(6).toString('hex')
  context.log.error({ error_id, err: error }, 'an API call failed')
  response.status(500).json({ title: 'a fault of the server', status: 500, code: 'fault', error_id })
}
