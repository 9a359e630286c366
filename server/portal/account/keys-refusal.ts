import { TrustGroupError } from '../../errors.ts'
import { sentence } from '../refusal.ts'

/**
 * What a use case of keys refuses, as the mistake of a field: every one of its refusals says what to do with the field.
 * @throws whatever is no refusal of an input
 */
export function refusalAt(error: unknown, field: string): Readonly<Record<string, string>> {
  const isOfInput = error instanceof TrustGroupError && [400, 404, 409, 503].includes(error.status)
  if (!isOfInput) throw error
  return { [field]: sentence(error.message) }
}
