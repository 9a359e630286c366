import { isDeepStrictEqual } from 'node:util'
import { upgradeObject } from 'stix2-ts'
import { readJson } from '../read-json.ts'
import type { Found } from './import-found.ts'

/** What became of one object on the way to STIX 2.1. */
export interface Upgraded {
  /** Bytes of the objects that it became; its own where it was STIX 2.1 already. */
  readonly objects: readonly Uint8Array[]
  readonly isChanged: boolean
  /** Why some of it could not be converted. */
  readonly problem: { readonly id: string; readonly rule: string; readonly message: string } | undefined
}

const SHOWN = 3

/** Converts an object of STIX 2.0 to STIX 2.1. What is no JSON goes through as it is: it is refused where it is stored. */
export function upgradeFound({ bytes, specVersion }: Found & { kind: 'object' }): Upgraded {
  const same = { objects: [bytes], isChanged: false, problem: undefined }
  const json = readJson(bytes, 'objects')
  if (!json.ok) return same
  const { value } = json.read
  // within a bundle of STIX 2.0 objects of custom types are STIX 2.0 too; alone they do not show it
  const { objects, problems } = upgradeObject(
    specVersion === '2.0' ? { type: 'bundle', spec_version: '2.0', objects: [value] } : value,
  )
  if (objects.length === 1 && problems.length === 0 && isDeepStrictEqual(objects[0], value)) return same
  const [first] = problems
  return {
    objects: objects.map((object) => Buffer.from(JSON.stringify(object))),
    isChanged: objects.length > 0,
    problem: first && {
      id: idOf(value),
      rule: first.rule,
      message: `cannot be converted to STIX 2.1: ${problems
        .slice(0, SHOWN)
        .map((problem) => `${problem.pointer || '/'}: ${problem.message} [${problem.rule}]`)
        .join('; ')}`,
    },
  }
}

function idOf(value: unknown): string {
  const id: unknown = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined
  return typeof id === 'string' && id.length <= 300 && id.isWellFormed() ? id : 'unknown'
}
