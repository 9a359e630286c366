import { createHash } from 'node:crypto'
import type { Audience, AudienceId } from './audience.ts'
import {
  DIRECTORY_POLICY_TEXT,
  type DirectoryCandidate,
  directoryEntry,
  type DirectoryEntry,
  type DirectoryReader,
} from './directory-entry.ts'
import { isNoticePath, noticeAudience, type NoticeKind, type NoticeText, noticeText } from './notice.ts'
import { rankOf, type Tlp } from './tlp.ts'

/**
 * Not exported, and with a private field: no other module can make one, no object literal passes for one, and a copy by
 * spreading loses the field. So whatever carries this type has been through this file.
 */
class Sealed<T> {
  readonly audience: AudienceId
  /** SHA-256 in hex of the policy under which it was released. */
  readonly policyHash: string
  readonly body: T
  readonly #seal = true

  constructor(audience: AudienceId, policyHash: string, body: T) {
    this.audience = audience
    this.policyHash = policyHash
    this.body = body
  }

  /** Whether a value was made by this file: also true or false where the type checker was not asked. */
  static has(value: object): boolean {
    return #seal in value && value.#seal
  }
}

/** Something that one audience may have. Whatever leaves the server leaves as one of these. */
export type Released<T> = Sealed<T>

/** Checked once more at run time by the last function before the outside: a cast cannot carry content out either. */
export function isReleased(value: object): boolean {
  return Sealed.has(value)
}

/** What may be released, and the label joined from all its markings. */
export interface Candidate<T> {
  readonly body: T
  readonly label: Tlp
}

/** Why something was not released. It names the rule and labels, never content. */
export interface Withheld {
  readonly rule: 'ceiling'
  readonly message: string
}

/** The answer to the question whether an audience gets something. */
export type Verdict<T> =
  { readonly ok: true; readonly released: Released<T> } | { readonly ok: false; readonly reason: Withheld }

/**
 * Decides whether an audience gets an object. With {@link reopen} the only place that makes a {@link Released}.
 * @param candidate the object and the label joined from everything that it was made from
 */
export function release<T>(candidate: Candidate<T>, audience: Audience): Verdict<T> {
  // written as "not permitted unless": a rank that is missing (-1, NaN) withholds
  const permitted = rankOf(candidate.label) >= 0 && rankOf(candidate.label) <= rankOf(audience.ceiling)
  if (!permitted) {
    return {
      ok: false,
      reason: {
        rule: 'ceiling',
        message: `rule ceiling: the object is ${candidate.label}, this collection takes nothing above ${audience.ceiling}`,
      },
    }
  }
  return { ok: true, released: new Sealed(audience.id, audience.policyHash, candidate.body) }
}

/**
 * Gives stored bytes of a view their brand back. Only `server/storage/releases.ts` may import this: it reads rows of the
 * `release` table, and nothing but Released values is ever written there.
 */
export function reopen<T>(body: T, audience: Audience): Released<T> {
  return new Sealed(audience.id, audience.policyHash, body)
}

/**
 * What is made only of a released thing is released to the same audience: a page of its objects, its manifest record.
 * @param make must use nothing but its argument
 */
export function within<T, U>(whole: Released<T>, make: (body: T) => U): Released<U> {
  return new Sealed(whole.audience, whole.policyHash, make(whole.body))
}

/** As {@link within}, for what takes time to make: compression. */
export async function withinAsync<T, U>(whole: Released<T>, make: (body: T) => Promise<U>): Promise<Released<U>> {
  return new Sealed(whole.audience, whole.policyHash, await make(whole.body))
}

/** The rule under which notices leave: fixed words and a link, to the one person they are for. */
const NOTICE_POLICY = createHash('sha256').update('{"mode":"notice","version":1}').digest('hex')

/**
 * Makes a notice for one person. It takes no text, so that no content can leave by mail: a kind chooses a fixed sentence, and
 * the link is an address of our own.
 * @param base address of the server without a slash at the end, as configured
 * @param path as {@link isNoticePath} allows
 * @throws {Error} for a path that could carry text
 */
export function releaseNotice(notice: {
  readonly kind: NoticeKind
  readonly base: string
  readonly path: string
  /** BCP 47; English when we have no such words. */
  readonly language: string
  /** The address that it is for. */
  readonly to: string
}): Released<NoticeText> {
  const { kind, base, path, language, to } = notice
  if (!isNoticePath(path)) throw new Error(`a notice of kind ${kind} has a path that no page of ours has`)
  return new Sealed(noticeAudience(to), NOTICE_POLICY, noticeText(kind, `${base}${path}`, language))
}

/** The rule under which entries of the directory leave. */
const DIRECTORY_POLICY = createHash('sha256').update(DIRECTORY_POLICY_TEXT).digest('hex')

/**
 * Makes an entry of the directory for one reader, who gets it by {@link directoryEntry}: need to know.
 * @returns undefined for what the reader may not know to exist
 */
export function releaseDirectoryEntry(
  candidate: DirectoryCandidate,
  reader: DirectoryReader,
): Released<DirectoryEntry> | undefined {
  const body = directoryEntry(candidate, reader)
  return body && new Sealed(reader.audience, DIRECTORY_POLICY, body)
}
