import type { Context } from '../context.ts'

/** What a use case of certificates needs. */
export type KeysContext = Pick<Context, 'database' | 'clock' | 'jobs' | 'config'>

/** Whose certificates: a person acts on their own only. */
export interface Owner {
  readonly accountNo: number
  /** Of the account. */
  readonly name: string
}
