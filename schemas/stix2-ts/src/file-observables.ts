import { observable } from './definition.ts'
import type { ObjectOf } from './definition.ts'
import { binary, hex, integer, list, string, timestamp } from './fields.ts'
import { FILE_EXTENSIONS } from './file-extensions.ts'
import { hashes } from './hashes.ts'
import { ref, refWhere } from './identifier-fields.ts'
import { excludes, needs, oneOf } from './object-rules.ts'
import { characterSet, mediaType } from './observable-fields.ts'
import { required } from './table.ts'
import { mayBeObserved } from './type-names.ts'
import { enumeration } from './vocabulary-fields.ts'

/** STIX 2.1 §6.1. */
export const artifact = observable(
  'artifact',
  ['hashes', 'payload_bin'],
  {
    mime_type: mediaType(),
    payload_bin: binary(),
    url: string(),
    hashes: hashes(),
    encryption_algorithm: enumeration('encryption-algorithm-enum'),
    decryption_key: string(),
  },
  {},
  oneOf('payload_bin', 'url'),
  excludes('payload_bin', 'url'),
  needs('url', 'hashes'),
  needs('decryption_key', 'encryption_algorithm'),
)

/** STIX 2.1 §6.3. */
export const directory = observable(
  'directory',
  ['path'],
  {
    path: required(string()),
    path_enc: characterSet(),
    ctime: timestamp(),
    mtime: timestamp(),
    atime: timestamp(),
    contains_refs: list(ref('file', 'directory')),
  },
  {},
)

/** STIX 2.1 §6.7. */
export const file = observable(
  'file',
  ['hashes', 'name', 'parent_directory_ref', 'extensions'],
  {
    hashes: hashes(),
    size: integer(0),
    name: string(),
    name_enc: characterSet(),
    magic_number_hex: hex(),
    mime_type: mediaType(),
    ctime: timestamp(),
    mtime: timestamp(),
    atime: timestamp(),
    parent_directory_ref: ref('directory'),
    contains_refs: list(refWhere<string>(mayBeObserved, 'must refer to a cyber-observable: correct it')),
    content_ref: ref('artifact'),
  },
  FILE_EXTENSIONS,
  oneOf('hashes', 'name'),
)

/** A stretch of bytes, or where to get it (STIX 2.1 §6.1). */
export type Artifact = ObjectOf<typeof artifact>
/** A directory (STIX 2.1 §6.3). */
export type Directory = ObjectOf<typeof directory>
/** A file (STIX 2.1 §6.7). */
export type File = ObjectOf<typeof file>
