import { TrustGroupError } from '../errors.ts'
import { sentence } from './refusal.ts'

/**
 * The refusal of a use case as the mistake of a field.
 * @param fields name of the field by code of the refusal
 * @throws whatever belongs to no field: the router answers that
 */
export function mistakeAt(error: unknown, fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const field = error instanceof TrustGroupError ? fields[error.code] : undefined
  if (field === undefined || !(error instanceof TrustGroupError)) throw error
  return { [field]: sentence(error.message) }
}
