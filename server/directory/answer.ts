import { randomUUID } from 'node:crypto'
import { normalDn } from '../auth/ldap/dn.ts'
import { databaseFailure } from '../storage/database-failure.ts'
import { bind } from './bind.ts'
import { compare } from './compare.ts'
import type { Directory } from './directory.ts'
import type { Request } from './request.ts'
import { RESULT, type Result } from './result-codes.ts'
import { search } from './search.ts'

const READ_ONLY: Result = {
  code: RESULT.unwillingToPerform,
  info: 'the directory is read only: people and groups are changed in the portal',
}
const OTHER_SUFFIX: Result = {
  code: RESULT.unwillingToPerform,
  info: 'the suffix in slapd.conf is not the directory.suffix of the server',
}

/**
 * Does what a request asks.
 * @param write takes entries on their way out, as {@link search} says
 * @returns undefined where slapd expects no answer
 */
export async function answer(
  directory: Directory,
  request: Request,
  write: (text: string) => Promise<void>,
): Promise<Result | undefined> {
  try {
    return await decide(directory, request, write)
  } catch (error) {
    const known = databaseFailure(error)
    const { log } = directory.context
    if (known) {
      log.warn({ err: error }, 'a request to the directory was put off')
      return { code: RESULT.unavailable, info: known.message }
    }
    const errorId = randomUUID()
    log.error({ error_id: errorId, err: error }, 'a request to the directory failed')
    return { code: RESULT.other, info: `this is a fault of the server: its log has the details under ${errorId}` }
  }
}

async function decide(
  directory: Directory,
  request: Request,
  write: (text: string) => Promise<void>,
): Promise<Result | undefined> {
  if (request.kind === 'write') return READ_ONLY
  if (request.kind === 'unbind') {
    directory.binds.forget(request.origin)
    return undefined
  }
  if (normalDn(request.origin.suffix) !== normalDn(directory.tree.suffix)) return OTHER_SUFFIX
  switch (request.kind) {
    case 'bind':
      return await bind(directory, request)
    case 'search':
      return await search(directory, request, write)
    case 'compare':
      return await compare(directory, request)
  }
}
