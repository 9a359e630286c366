import type { Request } from 'express'
import { filterText, type ObjectQuery, parseObjectQuery, type QueryField } from '../../schemas/taxii/object-query.ts'
import type { PageBinding } from '../auth/programs/page-token.ts'
import { microsOf, timestampOf } from '../clock.ts'
import type { Context } from '../context.ts'
import { BadRequestError } from '../errors.ts'
import type { PageRequest } from '../storage/releases.ts'
import type { AtCollection } from './admission.ts'

/** A checked page request and the binding of its `next`. */
export interface Paging {
  readonly page: PageRequest
  readonly binding: PageBinding
}

/**
 * Checks the query string of a page and finds its position: after `next`, else after `added_after`, else the start.
 * @param endpoint tells the pages of objects, manifest and versions apart
 * @throws {BadRequestError} naming the parameter and the fix
 */
export function pagingOf(
  context: Context,
  at: AtCollection,
  request: Request,
  endpoint: string,
  fields: readonly QueryField[],
  narrow: (query: ObjectQuery) => ObjectQuery = (query) => query,
): Paging {
  const parsed = parseObjectQuery(request.query, fields)
  if (!parsed.ok) throw new BadRequestError('bad_query', `${parsed.problem.parameter} ${parsed.problem.message}`)
  const { query } = parsed
  const binding: PageBinding = {
    accountNo: at.caller.account.accountNo,
    collectionNo: at.collection.collectionNo,
    endpoint,
    filters: filterText(query),
  }
  return {
    binding,
    page: {
      collection: at.collection,
      view: at.view,
      query: narrow(query),
      afterMicros: positionOf(context, query, binding),
      limit: Math.min(query.limit ?? context.config.taxii.pageSize, context.config.taxii.pageSize),
    },
  }
}

function positionOf(context: Context, query: ObjectQuery, binding: PageBinding): number {
  if (query.next === undefined) return query.addedAfter === undefined ? 0 : (microsOf(query.addedAfter) ?? 0)
  const position = context.pageTokens.open(query.next, binding)
  if (position === undefined) {
    throw new BadRequestError(
      'bad_next',
      'next is not a value that this server gave you for this query: repeat the same filters, or start without next',
    )
  }
  return position
}

/** X-TAXII-Date-Added-First and -Last (TAXII 2.1 §3.3); left out when nothing is returned. */
export function dateHeaders(first: number | undefined, last: number | undefined): Record<string, string> {
  if (first === undefined || last === undefined) return {}
  return { 'X-TAXII-Date-Added-First': timestampOf(first), 'X-TAXII-Date-Added-Last': timestampOf(last) }
}
