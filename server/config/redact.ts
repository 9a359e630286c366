import { SETTINGS } from './catalogue.ts'
import type { Config } from './schema.ts'

/** What stands in the place of a secret. */
const HIDDEN = '(hidden)'

/** The configuration as YAML keys and values for showing: secrets that are set are replaced by `(hidden)`. */
export function redactedConfig(config: Config): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    SETTINGS.map(({ key, path, secret }) => {
      const value = path.reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), config)
      return [key, secret && value !== undefined ? HIDDEN : value]
    }),
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
