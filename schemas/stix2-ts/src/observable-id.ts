import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical.ts'
import type { Identifier } from './identifier.ts'
import { OBSERVABLES } from './observables.ts'
import { isJsonObject } from './table.ts'
import type { JsonObject } from './table.ts'

/** The UUIDv5 namespace of cyber-observables (STIX 2.1 §2.9). */
const NAMESPACE = Buffer.from('00abedb4aa42466c9c01fed23315a9b7', 'hex')

/** Which hash contributes when there are several (STIX 2.1 §2.9). */
const HASH_CHOICE = ['MD5', 'SHA-1', 'SHA-256', 'SHA-512'] as const

const CONTRIBUTING: ReadonlyMap<string, readonly string[]> = new Map(
  Object.values(OBSERVABLES).map(({ type, contributing }) => [type, contributing]),
)

/**
 * The id that follows from the content of a cyber-observable: UUIDv5 over the canonical form of its contributing properties
 * (STIX 2.1 §2.9). `hashes` contributes one hash: MD5, SHA-1, SHA-256, SHA-512 in this order, else the first in key order.
 * @param object the observable, with or without id
 * @param contributing names of the contributing properties; those of the standard types are known
 * @returns undefined when no contributing property is present: such an object has a random id
 * @throws {TypeError} when the content has no canonical form; a parsed object always has one
 */
export function observableId<T extends string>(
  object: { readonly type: T; readonly [property: string]: unknown },
  contributing?: readonly string[],
): Identifier<T> | undefined
export function observableId<T extends string>(
  object: { readonly type: T },
  contributing?: readonly string[],
): Identifier<T> | undefined
export function observableId(
  object: { readonly type: string },
  contributing: readonly string[] = CONTRIBUTING.get(object.type) ?? [],
): Identifier | undefined {
  const name = contribution({ ...object }, contributing)
  return name === undefined ? undefined : `${object.type}--${uuidFromHash('sha1', 5, NAMESPACE, name)}`
}

/** Canonical form of the contributing properties that are present. */
function contribution(object: JsonObject, names: readonly string[]): string | undefined {
  const present: Record<string, unknown> = {}
  let found = false
  for (const name of names) {
    const value = object[name]
    if (value === undefined) continue
    present[name] = name === 'hashes' && isJsonObject(value) ? chosenHash(value) : value
    found = true
  }
  return found ? canonicalJson(present) : undefined
}

function chosenHash(hashes: JsonObject): JsonObject {
  const name = HASH_CHOICE.find((algorithm) => hashes[algorithm] !== undefined) ?? Object.keys(hashes).sort()[0]
  return name === undefined ? {} : { [name]: hashes[name] }
}

/** A UUID made from a hash (RFC 4122 §4.3): the first 16 bytes with version and variant set. */
export function uuidFromHash(
  algorithm: 'sha1' | 'sha256',
  version: 4 | 5,
  namespace: Uint8Array,
  name: string,
): string {
  const hash = createHash(algorithm).update(namespace).update(name, 'utf8').digest()
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | (version << 4), 6)
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = hash.toString('hex', 0, 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
