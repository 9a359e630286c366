import { isJsonObject } from './table.ts'
import type { JsonObject } from './table.ts'

type Renames = Readonly<Record<string, string>>

const FILE_TIMES: Renames = { created: 'ctime', modified: 'mtime', accessed: 'atime' }

/** New names of properties; what STIX 2.1 removed keeps its value under the prefix `x_`. */
const RENAMES: ReadonlyMap<string, Renames> = new Map<string, Renames>([
  ['directory', FILE_TIMES],
  [
    'file',
    {
      ...FILE_TIMES,
      is_encrypted: 'x_is_encrypted',
      encryption_algorithm: 'x_encryption_algorithm',
      decryption_key: 'x_decryption_key',
    },
  ],
  ['process', { created: 'created_time', binary_ref: 'image_ref', name: 'x_name', arguments: 'x_arguments' }],
  ['user-account', { password_last_changed: 'credential_last_changed' }],
  ['windows-registry-key', { modified: 'modified_time' }],
])

const EXTENSION_RENAMES: ReadonlyMap<string, Renames> = new Map<string, Renames>([
  ['archive-ext', { version: 'x_version' }],
  ['raster-image-ext', { image_compression_algorithm: 'x_image_compression_algorithm' }],
  ['socket-ext', { protocol_family: 'x_protocol_family' }],
])

/** Renames the properties of an observable of STIX 2.0; its references still name keys of the container. */
export function upgradeObservable(object: JsonObject): JsonObject {
  const renamed = rename(object, RENAMES.get(String(object['type'])))
  const { extensions, hashes, additional_header_fields: headers } = renamed
  return {
    ...renamed,
    ...(isJsonObject(hashes) ? { hashes: rename(hashes, { ssdeep: 'SSDEEP' }) } : {}),
    ...(isJsonObject(headers) ? { additional_header_fields: inLists(headers) } : {}),
    ...(isJsonObject(extensions) ? { extensions: upgradeExtensions(extensions) } : {}),
  }
}

function upgradeExtensions(extensions: JsonObject): JsonObject {
  return mapValues(extensions, (extension, name) => {
    if (!isJsonObject(extension)) return extension
    const renamed = rename(extension, EXTENSION_RENAMES.get(name))
    const { request_header: headers } = renamed
    return isJsonObject(headers) ? { ...renamed, request_header: inLists(headers) } : renamed
  })
}

/** Header fields became lists, because a header can be repeated. */
function inLists(headers: JsonObject): JsonObject {
  return mapValues(headers, (value) => (Array.isArray(value) ? value : [value]))
}

function rename(object: JsonObject, names: Renames | undefined): JsonObject {
  if (names === undefined) return object
  const renames = new Map(Object.entries(names))
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [renames.get(name) ?? name, value]))
}

function mapValues(object: JsonObject, change: (value: unknown, name: string) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]))
}
