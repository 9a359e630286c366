import { createHash } from 'node:crypto'
import type { Tlp } from './tlp.ts'

declare const audienceId: unique symbol

/** Names those who read one view. In this edition each collection is the view of one audience, so this is its UUID. */
export type AudienceId = string & { readonly [audienceId]: true }

/** Those who read a view, and what they may be given. */
export interface Audience {
  readonly id: AudienceId
  /** `verbatim`: the whole object or nothing (STIX 2.1 §3.5 forbids changed content under the same id). */
  readonly mode: 'verbatim'
  /** The strictest label that may be released to them. */
  readonly ceiling: Tlp
  /** SHA-256 in hex over the rules that decide for them. */
  readonly policyHash: string
}

/** Makes the audience of a collection from its UUID and its ceiling. */
export function audienceOf(collectionId: string, ceiling: Tlp): Audience {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place where a UUID becomes an AudienceId
  return { id: collectionId as AudienceId, mode: 'verbatim', ceiling, policyHash: policyHashOf(ceiling) }
}

/** The rules of a verbatim audience, in the form that is hashed and kept. */
export function policyTextOf(ceiling: Tlp): string {
  return JSON.stringify({ ceiling, mode: 'verbatim', version: 1 })
}

const hashes = new Map<Tlp, string>()

function policyHashOf(ceiling: Tlp): string {
  let hash = hashes.get(ceiling)
  if (!hash) {
    hash = createHash('sha256').update(policyTextOf(ceiling)).digest('hex')
    hashes.set(ceiling, hash)
  }
  return hash
}
