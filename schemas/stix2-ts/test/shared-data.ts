import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../../..')

/** The folder with the conformance data, which is not part of the repository. */
export const SHARED = process.env['VOUCHSAFE_SHARED'] ?? resolve(ROOT, '../shared')

/** For the `skip` option of a test: the reason when the folder is absent. */
export const WITHOUT_SHARED = existsSync(join(SHARED, 'conformance'))
  ? false
  : 'the shared conformance data is not here'

/** The JSON values of a file with one of them on each line. */
export function readLines<T>(name: string): readonly T[] {
  const text = readFileSync(join(SHARED, 'conformance', name), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line): T => JSON.parse(line))
}

/** Every JSON file of the data folder with its content. */
export function readDataFiles(): readonly { readonly name: string; readonly value: unknown }[] {
  const folder = join(SHARED, 'data')
  return globSync('**/*.json', { cwd: folder }).map((name) => ({
    name,
    value: JSON.parse(readFileSync(join(folder, name), 'utf8')),
  }))
}
