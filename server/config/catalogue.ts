import { Type, type TSchema } from 'typebox'
import { CONFIG_SCHEMA } from './schema.ts'
import { isAnnotated, type Annotated, type Annotation } from './setting.ts'

/** One setting with the names under which it can be given. */
export interface Setting extends Annotation {
  /** The key in YAML and in messages, for example `taxii.page_size`. */
  readonly key: string
  /** The property names in the configuration, for example `['taxii', 'pageSize']`. */
  readonly path: readonly string[]
  readonly environment: string
  readonly schema: Annotated
}

/** Where a value can be written: under the setting's own name, or in a file whose path stands under the second name. */
export interface Slot {
  readonly setting: Setting
  readonly inFile: boolean
}

/** All settings in the order of the schema. */
export const SETTINGS: readonly Setting[] = collect(CONFIG_SCHEMA.properties, [])

/** Slots by YAML key, with the second key that a secret has (`…_file`). */
export const SLOT_OF_KEY: ReadonlyMap<string, Slot> = slots((setting) => setting.key, '_file')

/** Slots by environment name, with the second name that a secret has (`…_FILE`). */
export const SLOT_OF_ENVIRONMENT: ReadonlyMap<string, Slot> = slots((setting) => setting.environment, '_FILE')

function collect(properties: Readonly<Record<string, TSchema>>, parents: readonly string[]): Setting[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = [...parents, name]
    if (Type.IsObject(schema)) return collect(schema.properties, path)
    if (!isAnnotated(schema)) throw new Error(`the setting ${path.join('.')} has no annotation`)
    const key = path.map(toSnakeCase).join('.')
    const environment = schema.setting.environment ?? `VOUCHSAFE_${key.replaceAll('.', '_').toUpperCase()}`
    return [{ ...schema.setting, key, path, environment, schema }]
  })
}

function slots(nameOf: (setting: Setting) => string, fileEnding: string): ReadonlyMap<string, Slot> {
  const found = new Map<string, Slot>()
  for (const setting of SETTINGS) {
    found.set(nameOf(setting), { setting, inFile: false })
    if (setting.secret) found.set(nameOf(setting) + fileEnding, { setting, inFile: true })
  }
  return found
}

/** `pageSize` as `page_size`. */
export function toSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
