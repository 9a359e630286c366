import { setImmediate as breathe } from 'node:timers/promises'
import type { DirectoryEntry } from '../../policies/directory-entry.ts'
import { type Released, within } from '../../policies/release.ts'
import { normalDn } from '../auth/ldap/dn.ts'
import { wantedAttributes } from './attribute-types.ts'
import type { Directory } from './directory.ts'
import { parseFilter } from './filter.ts'
import { ldifOf } from './ldif.ts'
import { look } from './look.ts'
import { matcherOf } from './matches.ts'
import type { Request } from './request.ts'
import { RESULT, type Result } from './result-codes.ts'
import { isInScope } from './tree.ts'

/** Entries that are looked at before others get their turn. */
const AT_A_TIME = 250
/** Text that is collected before it is written. */
const CHUNK = 65_536
/** Nobody's filter takes longer than this. */
const MOST_SECONDS = 10

type SearchRequest = Extract<Request, { kind: 'search' }>

/**
 * Answers a search (RFC 4511 §4.5) out of what its sender may have. What they may not have is as absent: for the base, for
 * the filter, and for the limits.
 * @param write resolves when there is room for more; throws when nobody listens any more
 */
export async function search(
  directory: Directory,
  request: SearchRequest,
  write: (text: string) => Promise<void>,
): Promise<Result> {
  const looked = await look(directory, request.origin)
  if (!looked.ok) return looked.result
  const parsed = parseFilter(request.filter)
  if (!parsed.ok) return parsed.why === 'large' ? TOO_LARGE : NO_FILTER
  const base = normalDn(request.base)
  const { entries, audience } = looked
  if (!entries.has(base)) return { code: RESULT.noSuchObject, info: '' }
  const matches = matcherOf(parsed.filter)
  const wanted = wantedAttributes(request.attributes)
  const { sizeLimit } = request
  const seconds = request.timeLimit > 0 ? Math.min(request.timeLimit, MOST_SECONDS) : MOST_SECONDS
  const until = performance.now() + seconds * 1000
  let [seen, found, text] = [0, 0, '']
  for (const [dn, entry] of entries) {
    seen += 1
    if (seen % AT_A_TIME === 0) {
      await breathe()
      if (performance.now() > until) return { code: RESULT.timeLimitExceeded, info: '' }
    }
    if (!isInScope(dn, base, request.scope) || matches(entry.body) !== true) continue
    if (sizeLimit > 0 && found === sizeLimit) {
      await write(text)
      return { code: RESULT.sizeLimitExceeded, info: '' }
    }
    found += 1
    text += ldifOf(selected(entry, wanted), audience)
    if (text.length > CHUNK) {
      await write(text)
      text = ''
    }
  }
  await write(text)
  return { code: RESULT.success, info: '' }
}

const TOO_LARGE: Result = { code: RESULT.adminLimitExceeded, info: 'the filter is too large: ask in several searches' }
const NO_FILTER: Result = { code: RESULT.protocolError, info: 'this is no filter' }

/** The attributes that were asked for and no others. */
function selected(entry: Released<DirectoryEntry>, wanted: ReadonlySet<string>): Released<DirectoryEntry> {
  return within(entry, ({ dn, attributes }) => ({
    dn,
    attributes: new Map([...attributes].filter(([name]) => name === 'objectClass' || wanted.has(name))),
  }))
}
