import { directoryAudience } from '../../policies/directory-entry.ts'
import { shownAddresses } from '../storage/shown-addresses.ts'
import type { AudienceId } from '../../policies/audience.ts'
import { accountOf } from './binds.ts'
import type { Directory } from './directory.ts'
import type { Entries } from './entries.ts'
import { readerOf } from './reader.ts'
import type { Origin } from './request.ts'
import { NOT_LET_IN, RESULT, type Result } from './result-codes.ts'

/** What somebody may have now, or the answer to who may have nothing. */
export type Look =
  | { readonly ok: true; readonly entries: Entries; readonly audience: AudienceId }
  | { readonly ok: false; readonly result: Result }

/**
 * Decides anew, for each request, what its sender may have: from the access snapshot as of now, whatever the connection was
 * let do a moment ago.
 */
export async function look({ context, tree, binds, entries }: Directory, origin: Origin): Promise<Look> {
  if (origin.bindDn === '') return { ok: false, result: NOT_LET_IN }
  const bind = binds.of(origin)
  if (!bind) {
    // after a restart of ours slapd still believes in binds that nobody can vouch for any more
    return { ok: false, result: { code: RESULT.unavailable, info: 'bind again' } }
  }
  const { access } = await context.freshness.read()
  const reader = readerOf(access, accountOf(access, bind, context.clock.nowMicros()), bind.strong)
  if (!reader) return { ok: false, result: NOT_LET_IN }
  const groupNos = reader.groups.map(({ groupNo }) => groupNo)
  const addresses = await shownAddresses(context.database, groupNos)
  const audience = directoryAudience(tree.personDn(reader.account.name))
  return { ok: true, entries: entries.of(access, reader, addresses), audience }
}
