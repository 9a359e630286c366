import { isCpe } from './cpe.ts'
import { observable } from './definition.ts'
import type { ObjectOf } from './definition.ts'
import { boolean, dictionary, formatted, integer, isText, language, list, object, string, timestamp } from './fields.ts'
import type { ObjectRule } from './fields.ts'
import { ref } from './identifier-fields.ts'
import { notEmpty } from './object-rules.ts'
import { required } from './table.ts'
import type { Field } from './table.ts'
import { enumeration, openVocabulary } from './vocabulary-fields.ts'

/** STIX 2.1 §6.11. */
export const mutex = observable('mutex', ['name'], { name: required(string()) }, {})

function priority(): Field<string> {
  return {
    check(value, report) {
      if (isText(value, report) && !value.endsWith('_CLASS')) {
        report.warning('process-priority', 'should be a priority class that ends in _CLASS: correct it')
      }
    },
  }
}

/** Properties that every observable has, so that they say nothing of this one. */
const COMMON_NAMES: ReadonlySet<string> = new Set([
  'type',
  'id',
  'spec_version',
  'object_marking_refs',
  'granular_markings',
  'defanged',
])

/** At least one property of its own is present, or an extension. */
export const saysSomething: ObjectRule = (object, report) => {
  if (!Object.keys(object).some((name) => !COMMON_NAMES.has(name))) {
    report.problem('one-of', 'must have at least one property of its own: add one')
  }
}

/** STIX 2.1 §6.13. */
export const process = observable(
  'process',
  [],
  {
    is_hidden: boolean(),
    pid: integer(),
    created_time: timestamp(),
    cwd: string(),
    command_line: string(),
    environment_variables: dictionary(string()),
    opened_connection_refs: list(ref('network-traffic')),
    creator_user_ref: ref('user-account'),
    image_ref: ref('file'),
    parent_ref: ref('process'),
    child_refs: list(ref('process')),
  },
  {
    'windows-process-ext': object(
      {
        aslr_enabled: boolean(),
        dep_enabled: boolean(),
        priority: priority(),
        owner_sid: string(),
        window_title: string(),
        startup_info: dictionary(string()),
        integrity_level: enumeration('windows-integrity-level-enum'),
      },
      notEmpty,
    ),
    'windows-service-ext': object(
      {
        service_name: string(),
        descriptions: list(string()),
        display_name: string(),
        group_name: string(),
        start_type: enumeration('windows-service-start-type-enum'),
        service_dll_refs: list(ref('file')),
        service_type: enumeration('windows-service-type-enum'),
        service_status: enumeration('windows-service-status-enum'),
      },
      notEmpty,
    ),
  },
  saysSomething,
)

/** STIX 2.1 §6.14. */
export const software = observable(
  'software',
  ['name', 'cpe', 'swid', 'vendor', 'version'],
  {
    name: required(string()),
    cpe: formatted('cpe', isCpe, 'must be a CPE 2.3 formatted string with a part and ten attributes: correct it'),
    swid: string(),
    languages: list(language()),
    vendor: string(),
    version: string(),
  },
  {},
)

/** STIX 2.1 §6.16. */
export const userAccount = observable(
  'user-account',
  ['account_type', 'user_id', 'account_login'],
  {
    user_id: string(),
    credential: string(),
    account_login: string(),
    account_type: openVocabulary('account-type-ov'),
    display_name: string(),
    is_service_account: boolean(),
    is_privileged: boolean(),
    can_escalate_privs: boolean(),
    is_disabled: boolean(),
    account_created: timestamp(),
    account_expires: timestamp(),
    credential_last_changed: timestamp(),
    account_first_login: timestamp(),
    account_last_login: timestamp(),
  },
  {
    'unix-account-ext': object(
      { gid: integer(), groups: list(string()), home_dir: string(), shell: string() },
      notEmpty,
    ),
  },
  saysSomething,
)

const ABBREVIATIONS = ['HKLM', 'HKCC', 'HKCR', 'HKCU', 'HKU'] as const

const hiveInFull: ObjectRule = (object, report) => {
  const key = object['key']
  if (typeof key !== 'string' || object['defanged'] === true) return
  // longer than any abbreviation and its separator, so that no long key is copied
  const hive = key.slice(0, 5).toUpperCase().split('\\', 1)[0] ?? ''
  if (ABBREVIATIONS.some((abbreviation) => abbreviation === hive)) {
    report.problemAt('key', 'registry-key', 'must have its hive written in full such as HKEY_LOCAL_MACHINE: correct it')
  }
}

/** STIX 2.1 §6.17. */
export const windowsRegistryKey = observable(
  'windows-registry-key',
  ['key', 'values'],
  {
    key: string(),
    values: list(
      object({ name: string(), data: string(), data_type: enumeration('windows-registry-datatype-enum') }, notEmpty),
    ),
    modified_time: timestamp(),
    creator_user_ref: ref('user-account'),
    number_of_subkeys: integer(0),
  },
  {},
  saysSomething,
  hiveInFull,
)

/** A mutual exclusion object (STIX 2.1 §6.11). */
export type Mutex = ObjectOf<typeof mutex>
/** A running program (STIX 2.1 §6.13). */
export type Process = ObjectOf<typeof process>
/** A software product (STIX 2.1 §6.14). */
export type Software = ObjectOf<typeof software>
/** An account of any kind (STIX 2.1 §6.16). */
export type UserAccount = ObjectOf<typeof userAccount>
/** A key of the Windows registry (STIX 2.1 §6.17). */
export type WindowsRegistryKey = ObjectOf<typeof windowsRegistryKey>
