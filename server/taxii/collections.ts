import type { Request, Response } from 'express'
import { STIX } from '../../schemas/taxii/media-type.ts'
import type { Context } from '../context.ts'
import type { Collection, Right } from '../storage/access.ts'
import { type Admitted, atCollection, findRoot, mustAcceptTaxii } from './admission.ts'
import { answerResource } from './answer.ts'

/** The collections of an API root that the caller may read or write (TAXII 2.1 §5.1), in the order of their ids. */
export function getCollections(_context: Context, admitted: Admitted, request: Request, response: Response): void {
  const root = findRoot(admitted, request)
  mustAcceptTaxii(request)
  const collections = root.collections.flatMap((collection) => {
    const right = admitted.access.right(admitted.caller.account, collection, admitted.caller.strong)
    return right.canRead || right.canWrite ? [resourceOf(collection, right)] : []
  })
  answerResource(response, 200, collections.length > 0 ? { collections } : {})
}

/** One collection by id or alias (TAXII 2.1 §5.2): the same as its entry in the list. */
export async function getCollection(
  context: Context,
  admitted: Admitted,
  request: Request,
  response: Response,
): Promise<void> {
  const { collection, right } = await atCollection(context, admitted, request)
  mustAcceptTaxii(request)
  answerResource(response, 200, resourceOf(collection, right))
}

function resourceOf(collection: Collection, right: Right) {
  return {
    id: collection.id,
    title: collection.title,
    ...(collection.description ? { description: collection.description } : {}),
    ...(collection.alias ? { alias: collection.alias } : {}),
    can_read: right.canRead,
    can_write: right.canWrite,
    media_types: [STIX],
  }
}
