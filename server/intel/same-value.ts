import { isDeepStrictEqual } from 'node:util'
import { withPlainKeys } from '../plain-keys.ts'

/**
 * Whether two JSON texts say the same: the order of keys, spacing, escapes and the spelling of numbers do not count.
 * Only for texts that have passed readJson: depth and keys are bounded there.
 */
export function hasSameValue(a: string, b: string): boolean {
  return isDeepStrictEqual(JSON.parse(withPlainKeys(a)), JSON.parse(withPlainKeys(b)))
}
