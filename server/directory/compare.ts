import { normalDn } from '../auth/ldap/dn.ts'
import type { Directory } from './directory.ts'
import { look } from './look.ts'
import { hasValue } from './matches.ts'
import type { Request } from './request.ts'
import { RESULT, type Result } from './result-codes.ts'

/** Answers whether an entry has a value (RFC 4511 §4.10), of what its sender may have. */
export async function compare(
  directory: Directory,
  { origin, dn, attribute, value }: Extract<Request, { kind: 'compare' }>,
): Promise<Result> {
  const looked = await look(directory, origin)
  if (!looked.ok) return looked.result
  const entry = looked.entries.get(normalDn(dn))
  if (!entry) return { code: RESULT.noSuchObject, info: '' }
  const has = hasValue(entry.body, attribute, value)
  if (has === undefined) return { code: RESULT.noSuchAttribute, info: '' }
  return { code: has ? RESULT.compareTrue : RESULT.compareFalse, info: '' }
}
