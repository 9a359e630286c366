import { BadRequestError } from '../../errors.ts'
import { comparable, knownPasswords } from './known-passwords.ts'

/** Length rule of ASVS 5.0 (6.2.1, 6.2.9), in characters; no rules of composition (6.2.5). */
export const MIN_PASSWORD = 15
export const MAX_PASSWORD = 128

/** Words that name us: a password of nothing else is the first that is tried here. */
const OUR_WORDS = ['vouchsafe', 'password'] as const

/** What is wrong with a password that somebody chose: its length, that it is published, or that it only repeats names. */
type PasswordFault = 'length' | 'published' | 'names'

const SENTENCES: Readonly<Record<PasswordFault, string>> = {
  length: `a password has ${MIN_PASSWORD} to ${MAX_PASSWORD} characters; any characters, several words are best`,
  published:
    'this password is in a published list of stolen ones, so it is among the first to be tried: choose another',
  names: 'this password only repeats names that everybody here knows: choose another',
}

/** A password that the rule refuses. */
export class BadPasswordError extends BadRequestError {
  readonly fault: PasswordFault
  constructor(fault: PasswordFault) {
    super('bad_password', SENTENCES[fault])
    this.fault = fault
  }
}

/**
 * The form of a password that is hashed: NFC, which RFC 7617 §2.1 lets programs expect of Basic with `charset="UTF-8"`, and
 * RFC 8265 §4.2 of any password. NFKC would make fewer passwords out of the same keys.
 */
export function hashedForm(password: string): string {
  return password.normalize('NFC')
}

/**
 * The password as it is, when somebody may have it. The one rule for every way in which a password is set.
 * @param names of the account, the person and the site: a password may hold them, but not be made of them alone
 * @throws {BadPasswordError} with the rule
 */
export function checkedPassword(password: string, names: readonly string[] = []): string {
  const fault = faultOf(password, names)
  if (fault) throw new BadPasswordError(fault)
  return password
}

function faultOf(password: string, names: readonly string[]): PasswordFault | undefined {
  const length = Array.from(hashedForm(password)).length
  if (length < MIN_PASSWORD || length > MAX_PASSWORD) return 'length'
  const text = comparable(password)
  if (knownPasswords(MIN_PASSWORD).has(text)) return 'published'
  return isMadeOf(text, [...names, ...OUR_WORDS]) ? 'names' : undefined
}

/** Whether nothing is left without the names, but digits and signs: `alice-alice-2026!`. */
function isMadeOf(text: string, names: readonly string[]): boolean {
  let left = text
  const words = names.flatMap((name) => [comparable(name), ...comparable(name).split(/[^\p{L}\p{N}]+/u)])
  // the longest first: otherwise `al` takes the middle out of `alice`
  for (const word of words.toSorted((a, b) => b.length - a.length)) {
    if (word.length >= 3) left = left.replaceAll(word, ' ')
  }
  return left !== text && !/\p{L}/u.test(left)
}
