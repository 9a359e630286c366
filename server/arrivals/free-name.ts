const MAX_NAME = 64

/**
 * A name for a new account that nobody has: the wanted one, else with a number behind it.
 * @param taken names in lower case
 */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const letters = wanted.normalize('NFKD').replaceAll(/[^A-Za-z0-9._-]+/g, '')
  const base = letters.replaceAll(/^[._-]+|[._-]+$/g, '').slice(0, MAX_NAME - 8) || 'member'
  if (!taken.has(base.toLowerCase())) return base
  for (let number = 2; ; number += 1) {
    const name = `${base}.${number}`
    if (!taken.has(name.toLowerCase())) return name
  }
}
