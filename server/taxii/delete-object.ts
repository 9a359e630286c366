import type { Request, Response } from 'express'
import { parseObjectQuery, type VersionMatch } from '../../schemas/taxii/object-query.ts'
import type { Context } from '../context.ts'
import { BadRequestError, ForbiddenError, NotFoundError } from '../errors.ts'
import { withdraw } from '../intel/withdraw.ts'
import { type Admitted, atCollection, mustAcceptTaxii, pathPart } from './admission.ts'
import { answerResource } from './answer.ts'

/**
 * Delete an Object (TAXII 2.1 §5.7): needs both rights. Without match[version] every version leaves the view, or the 404
 * that the standard asks for afterwards could not hold.
 */
export async function deleteObject(
  context: Context,
  admitted: Admitted,
  request: Request,
  response: Response,
): Promise<void> {
  const at = await atCollection(context, admitted, request)
  if (!at.right.canRead || !at.right.canWrite) throw new ForbiddenError('deleting takes the right to read and to write')
  mustAcceptTaxii(request)
  const parsed = parseObjectQuery(request.query, ['version', 'spec_version'])
  if (!parsed.ok) throw new BadRequestError('bad_query', `${parsed.problem.parameter} ${parsed.problem.message}`)
  const { versions, spec21 } = parsed.query
  const gone = spec21
    ? await withdraw(context, {
        collection: at.collection,
        account: at.caller.account,
        stixId: pathPart(request, 'object'),
        isWanted: wanted(request.query['match[version]'] === undefined ? undefined : versions),
      })
    : 0
  if (gone === 0) throw new NotFoundError('this object')
  answerResource(response, 200, {})
}

function wanted(match: VersionMatch | undefined) {
  return (version: string, place: { readonly first: boolean; readonly last: boolean }): boolean =>
    match === undefined ||
    match.all ||
    (match.first && place.first) ||
    (match.last && place.last) ||
    match.exact.includes(version)
}
