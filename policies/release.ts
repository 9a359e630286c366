import type { Audience, AudienceId } from './audience.ts'
import { rankOf, type Tlp } from './tlp.ts'

/** Not exported: no other module can write this property, so no other module can make a Released. */
declare const released: unique symbol

/** Something that one audience may have. Whatever leaves the server leaves as one of these. */
export interface Released<T> {
  readonly [released]: true
  readonly audience: AudienceId
  /** SHA-256 in hex of the policy under which it was released. */
  readonly policyHash: string
  readonly body: T
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
  return { ok: true, released: brand(candidate.body, audience.id, audience.policyHash) }
}

/**
 * Gives stored bytes of a view their brand back. Only `server/storage/releases.ts` may import this: it reads rows of the
 * `release` table, and nothing but Released values is ever written there.
 */
export function reopen<T>(body: T, audience: Audience): Released<T> {
  return brand(body, audience.id, audience.policyHash)
}

/**
 * What is made only of a released thing is released to the same audience: a page of its objects, its manifest record.
 * @param make must use nothing but its argument
 */
export function within<T, U>(whole: Released<T>, make: (body: T) => U): Released<U> {
  return brand(make(whole.body), whole.audience, whole.policyHash)
}

function brand<T>(body: T, audience: AudienceId, policyHash: string): Released<T> {
  // eslint-disable-next-line typescript/no-unsafe-type-assertion -- the brand exists only for the type checker
  return { audience, policyHash, body } as Released<T>
}
