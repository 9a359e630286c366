import type { AudienceId } from '../../policies/audience.ts'
import type { DirectoryEntry } from '../../policies/directory-entry.ts'
import { isReleased, type Released } from '../../policies/release.ts'
import type { Result } from './result-codes.ts'

/**
 * An entry as slapd reads it: LDIF (RFC 2849), every value in Base64, so that nothing in one can end a line or be taken for
 * something else. The only way of content out of the directory.
 * @param reader whom it must have been released to
 */
export function ldifOf(entry: Released<DirectoryEntry>, reader: AudienceId): string {
  if (!isReleased(entry)) throw new Error('something that was not released was about to leave by LDAP')
  if (entry.audience !== reader) throw new Error(`an entry for ${entry.audience} was about to go to ${reader}`)
  const lines = [...entry.body.attributes].flatMap(([name, values]) => values.map((value) => line(name, value)))
  return `${line('dn', entry.body.dn)}${lines.join('')}\n`
}

/** The end of an answer (slapd-sock(5)). No `matched`: how far a name goes is nobody's business. */
export function resultText({ code, info }: Result): string {
  return `RESULT\ncode: ${code}\n${info === '' ? '' : `info: ${info}\n`}\n`
}

function line(name: string, value: string): string {
  return `${name}:: ${Buffer.from(value).toString('base64')}\n`
}
