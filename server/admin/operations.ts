import type { Static } from 'typebox'
import { backupOperations } from '../backup/operations.ts'
import { arrivalOperations } from './arrival-operations.ts'
import { doctorOperations } from '../doctor/operations.ts'
import { collectionOperations } from './collection-operations.ts'
import { groupOperations } from './group-operations.ts'
import { keyOperations } from './key-operations.ts'
import { memberOperations } from './member-operations.ts'
import { policyOperations } from './policy-operations.ts'
import { intakeOperations } from './intake-operations.ts'
import { participantOperations } from './participant-operations.ts'
import { providerOperations } from './provider-operations.ts'
import { serviceOperations } from './service-operations.ts'
import { siteOperations } from './site-operations.ts'
import { userOperations } from './user-operations.ts'
import { vouchOperations } from './vouch-operations.ts'
import { wayInOperations } from './way-in-operations.ts'

/**
 * Everything that can be asked of a server over its socket. The command line calls the same functions itself when no
 * server has the database open.
 */
export const OPERATIONS = {
  ...siteOperations,
  ...collectionOperations,
  ...userOperations,
  ...groupOperations,
  ...serviceOperations,
  ...memberOperations,
  ...policyOperations,
  ...arrivalOperations,
  ...vouchOperations,
  ...keyOperations,
  ...wayInOperations,
  ...participantOperations,
  ...providerOperations,
  ...intakeOperations,
  ...backupOperations,
  ...doctorOperations,
} as const

/** The name of an operation, for example `collection.add`. */
export type OperationName = keyof typeof OPERATIONS

/** The arguments of an operation; what is undefined counts as not given. */
export type ArgsOf<Name extends OperationName> = OrUndefined<Static<(typeof OPERATIONS)[Name]['args']>>

/** The result of an operation. */
export type ResultOf<Name extends OperationName> = Awaited<ReturnType<(typeof OPERATIONS)[Name]['run']>>

type OrUndefined<T> = { [Key in keyof T]: object extends Pick<T, Key> ? T[Key] | undefined : T[Key] }
