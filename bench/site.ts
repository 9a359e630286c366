import { loadConfig } from '../server/config/load.ts'
import { createLog } from '../server/log.ts'
import { openCore } from '../server/main.ts'
import { addAccount } from '../server/site/accounts.ts'
import { addToken } from '../server/site/tokens.ts'
import { addCollection } from '../server/site/add-collection.ts'
import type { Place } from './place.ts'

/** What a measured database holds besides objects. A clone of the place has the same. */
export interface Site {
  /** Path of the measured collection, without a slash at the end. */
  readonly path: string
  /** Another collection, for warming up and for writes that must not change what is measured. */
  readonly otherPath: string
  /** Authorization of somebody who may write to both. */
  readonly writer: string
  /** Authorization by token, each of another reader. */
  readonly readers: readonly string[]
  /** Authorization by HTTP Basic. */
  readonly basic: string
}

const ACTOR = { actor: 'bench' }
/** Of `poller`. */
export const PASSWORD = 'correct horse battery staple'
const READERS = 8

/** Makes the schema, two collections that take everything up to RED, and those who use them. */
export async function makeSite(place: Place): Promise<Site> {
  const loaded = loadConfig(
    { ...(place.url ? { DATABASE_URL: place.url } : {}), VOUCHSAFE_DATA: place.folder },
    { overrides: { log_level: 'error' } },
  )
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  await using core = await openCore(loaded.config, createLog(loaded.config))
  const { context } = core
  const measured = await addCollection(context, { ...ACTOR, title: 'Measured', alias: 'measured', label: 'TLP:RED' })
  const other = await addCollection(context, { ...ACTOR, title: 'Other', alias: 'other', label: 'TLP:RED' })
  const both = [measured.id, other.id]
  const withToken = async (name: string, write: readonly string[]) => {
    await addAccount(context, { ...ACTOR, name, read: both, write })
    const { token } = await addToken(context, { ...ACTOR, account: name, scopes: ['taxii'] })
    return `Bearer ${token}`
  }
  const writer = await withToken('writer', both)
  const readers: string[] = []
  for (let reader = 1; reader <= READERS; reader += 1) readers.push(await withToken(`reader-${reader}`, []))
  await addAccount(context, { ...ACTOR, name: 'poller', password: PASSWORD, read: both })
  return {
    path: `${measured.api_root}collections/${measured.id}`,
    otherPath: `${other.api_root}collections/${other.id}`,
    writer,
    readers,
    basic: `Basic ${Buffer.from(`poller:${PASSWORD}`).toString('base64')}`,
  }
}
