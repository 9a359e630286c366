import { TaxiiClientError } from './errors.ts'

/** `match[…]` of TAXII 2.1 §3.4. Values of one field are alternatives; fields are joined by "and". */
export interface Match {
  readonly ids?: readonly string[] | undefined
  readonly types?: readonly string[] | undefined
  /** Timestamps, `first`, `last`, or `all` alone. */
  readonly versions?: readonly string[] | undefined
  readonly specVersions?: readonly string[] | undefined
}

/** The match part of a query. @throws {TaxiiClientError} `bad-option` */
export function matchParameters(match: Match | undefined): URLSearchParams {
  const parameters = new URLSearchParams()
  const fields: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['id', match?.ids],
    ['type', match?.types],
    ['version', match?.versions],
    ['spec_version', match?.specVersions],
  ]
  for (const [field, values] of fields) {
    if (values === undefined) continue
    // An empty list would drop the filter and ask for everything: the opposite of what it says.
    if (values.length === 0) throw new TaxiiClientError('bad-option', `match[${field}] has no value`)
    if (values.some((value) => value === '' || value.includes(','))) {
      throw new TaxiiClientError('bad-option', `match[${field}] has a value that is empty or holds a comma`)
    }
    parameters.set(`match[${field}]`, values.join(','))
  }
  return parameters
}
