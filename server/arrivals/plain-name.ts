const MAX_NAME = 30

/**
 * The name of a field or an attestation in the form that such names have here: 1 to 30 lower-case letters and digits that
 * begin with a letter. Names of attestations stand in lists, apart by blanks.
 * @param separator for everything else
 */
export function plainName(text: string, separator: '_' | '-'): string {
  const words = text
    .normalize('NFKD')
    .toLowerCase()
    .match(/[a-z0-9]+/g)
  const name = words?.join(separator) ?? ''
  return (/^[a-z]/.test(name) ? name : `x${separator}${name}`).slice(0, MAX_NAME)
}
