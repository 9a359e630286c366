import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import Value from 'typebox/value'
import { SETTINGS, type Setting } from './catalogue.ts'
import { convert } from './convert.ts'
import type { Entries, Entry, Problem } from './entry.ts'
import { readEnvironment, readOverrides } from './read-environment.ts'
import { readYaml } from './read-yaml.ts'
import { RULES } from './rules.ts'
import { CONFIG_SCHEMA, type Config } from './schema.ts'

export type { Problem } from './entry.ts'

/** What {@link loadConfig} can be told. */
export interface LoadOptions {
  /** Flags of the command line by YAML key, for example `{ listen_port: 9000 }`. They win over everything else. */
  readonly overrides?: Readonly<Record<string, string | number | boolean | undefined>>
  /** Reads a text file; throws as `fs.readFileSync` does. */
  readonly readFile?: (path: string) => string
}

/** The configuration with the YAML keys that were given, or everything that is wrong with it. */
export type LoadedConfig =
  | { readonly ok: true; readonly config: Config; readonly given: ReadonlySet<string> }
  | { readonly ok: false; readonly problems: readonly Problem[] }

const MAX_SECRET = 65_536 // a secret is a line; this stops a path to something endless

/**
 * Builds the configuration once: command line over environment over YAML file over defaults. Nothing else in the
 * program reads the environment. Reads files, changes nothing, throws nothing for what the operator wrote.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, options: LoadOptions = {}): LoadedConfig {
  const readFile = options.readFile ?? ((path: string) => readFileSync(path, 'utf8'))
  const workingFolder = resolve('.')
  const outside = [readOverrides(options.overrides ?? {}, workingFolder), readEnvironment(env, workingFolder)]
  const file = readConfigFile(outside, workingFolder, readFile)
  const sources = [...outside, file.entries]
  const problems = sources.flatMap((source) => source.problems)

  // the first source that gives a setting wins
  const given = new Map<string, Entry>()
  for (const entry of sources.flatMap((source) => source.entries)) {
    const { key } = entry.slot.setting
    if (!given.has(key)) given.set(key, entry)
  }

  const values = new Map<string, unknown>()
  for (const setting of SETTINGS) {
    const entry = given.get(setting.key)
    const read = entry ? readValue(entry, readFile) : undefined
    if (entry && read && !read.ok) problems.push({ key: setting.key, source: entry.source, message: read.message })
    values.set(setting.key, read?.ok ? read.value : presetOf(setting, workingFolder))
  }
  const wrong = new Set(problems.map((problem) => problem.key))
  if (file.path !== undefined) values.set('config_file', file.path)
  if (values.get('taxii.max_unpacked_length') === undefined) {
    values.set('taxii.max_unpacked_length', 4 * Number(values.get('taxii.max_content_length')))
  }

  const config = nest(values)
  if (!Value.Check(CONFIG_SCHEMA, config)) {
    throw new Error(`the defaults do not fit the schema: ${JSON.stringify(Value.Errors(CONFIG_SCHEMA, config))}`)
  }
  for (const { keys, broken } of RULES) {
    // a file that was not understood may have held any key
    if (wrong.has('config_file') || keys.some((key) => wrong.has(key))) continue
    const message = broken(config)
    const [key] = keys
    if (message !== undefined) problems.push({ key, source: given.get(key)?.source ?? 'default', message })
  }
  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, config: deepFreeze(config), given: new Set(given.keys()) }
}

/** Finds the YAML file from what is known so far, and reads it. A missing file is a problem only when it was named. */
function readConfigFile(
  outside: readonly Entries[],
  workingFolder: string,
  readFile: (path: string) => string,
): { readonly path?: string; readonly entries: Entries } {
  const entries = outside.flatMap((source) => source.entries)
  const pathOf = (key: string) => {
    const entry = entries.find(({ slot }) => slot.setting.key === key)
    const path = entry ? convert(entry) : undefined
    return entry && path?.ok ? { source: entry.source, path: String(path.value) } : undefined
  }
  const named = pathOf('config_file')
  const path = named?.path ?? join(pathOf('data_folder')?.path ?? resolve(workingFolder, 'data'), 'vouchsafe.yaml')
  let text: string
  try {
    text = readFile(path)
  } catch (error) {
    if (!named && codeOf(error) === 'ENOENT') return { entries: { entries: [], problems: [] } }
    const message = `cannot be read: ${path} (${codeOf(error)})`
    return { entries: { entries: [], problems: [{ key: 'config_file', source: named?.source ?? 'default', message }] } }
  }
  const read = readYaml(text, path)
  // a data folder that is named in the file which was found there would leave two data folders
  const moved = named ? undefined : read.entries.find(({ slot }) => slot.setting.key === 'data_folder')
  if (!moved) return { path, entries: read }
  const message = 'cannot be set in a file that was found in the data folder: set VOUCHSAFE_DATA or VOUCHSAFE_CONFIG'
  const problem = { key: 'data_folder', source: moved.source, message }
  return { path, entries: { ...read, problems: [...read.problems, problem] } }
}

function readValue(entry: Entry, readFile: (path: string) => string): ReturnType<typeof convert> {
  if (!entry.slot.inFile) return convert(entry)
  if (typeof entry.value !== 'string') return { ok: false, message: 'must be the path of a file' }
  const path = resolve(entry.folder, entry.value)
  let value: string
  try {
    value = readFile(path)
  } catch (error) {
    return { ok: false, message: `cannot be read from ${path} (${codeOf(error)})` }
  }
  if (value.length > MAX_SECRET) return { ok: false, message: `is too long in ${path}` }
  // editors end a file with a line end that is not part of the secret
  return convert({ ...entry, value: value.replace(/\r?\n$/, ''), isText: true })
}

function presetOf({ kind, preset }: Setting, workingFolder: string): unknown {
  return kind === 'path' && typeof preset === 'string' ? resolve(workingFolder, preset) : structuredClone(preset)
}

function nest(values: ReadonlyMap<string, unknown>): unknown {
  const root: Record<string, unknown> = {}
  const groups: Record<string, Record<string, unknown>> = {}
  for (const { key, path } of SETTINGS) {
    const value = values.get(key)
    const [first = '', second] = path
    if (second === undefined) {
      if (value !== undefined) root[first] = value
      continue
    }
    const group = (groups[first] ??= {})
    if (value !== undefined) group[second] = value
  }
  return { ...root, ...groups }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze)
  return Object.freeze(value)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
}
