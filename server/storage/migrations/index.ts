import { spine } from './0001-spine.ts'
import { people } from './0002-people.ts'
import { trust } from './0003-trust.ts'

/** Every change of the schema in order. One that was released never changes again; each is additive. */
export const MIGRATIONS: readonly { readonly name: string; readonly sql: string }[] = [
  { name: '0001-spine', sql: spine },
  { name: '0002-people', sql: people },
  { name: '0003-trust', sql: trust },
]
