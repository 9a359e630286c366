import type { Request, Response } from 'express'
import type { Context } from '../context.ts'
import { NotFoundError } from '../errors.ts'
import { findStatus } from '../storage/statuses.ts'
import { type Admitted, findRoot, mustAcceptTaxii, pathPart } from './admission.ts'
import { answerResource } from './answer.ts'

/** Get Status (TAXII 2.1 §4.3): only for the account that sent the request; another's is as absent. */
export async function getStatus(
  context: Context,
  admitted: Admitted,
  request: Request,
  response: Response,
): Promise<void> {
  const root = findRoot(admitted, request)
  mustAcceptTaxii(request)
  const status = await findStatus(context.database, {
    statusId: pathPart(request, 'status'),
    rootNo: root.rootNo,
    accountNo: admitted.caller.account.accountNo,
    nowMicros: context.clock.nowMicros(),
  })
  if (!status) throw new NotFoundError('this status')
  answerResource(response, 200, status)
}
