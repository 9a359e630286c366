import { readFile } from 'node:fs/promises'
import type { Tlp } from '../../policies/tlp.ts'
import type { Context } from '../context.ts'
import { ingest } from '../intel/ingest.ts'
import { addAccount } from '../site/accounts.ts'
import { addCollection, addRoot } from '../site/add-collection.ts'
import { DEMO_LOADER, DEMO_ROOT } from './is-demo.ts'

/** The account that reads the demonstration. */
export const DEMO_READER = 'demo'

const BUNDLE = new URL('./region.json', import.meta.url)

const COLLECTIONS: readonly { readonly alias: string; readonly label: Tlp; readonly description: string }[] = [
  { alias: 'public', label: 'TLP:CLEAR', description: 'What the region tells everybody' },
  { alias: 'region', label: 'TLP:GREEN', description: 'What the members of the region share' },
  { alias: 'coordinators', label: 'TLP:RED', description: 'Everything, for the desk' },
]

/** What came of loading the demonstration into one collection. */
export interface LoadedDemo {
  readonly collection: string
  readonly label: Tlp
  readonly released: number
  /** Above the ceiling of the collection. */
  readonly withheld: number
}

/**
 * Makes the demonstration's API root, collections and accounts, and offers the whole set to each collection. What is above
 * a ceiling is refused there: three readers see three different pictures of one story (story.md).
 */
export async function loadDemo(context: Context): Promise<readonly LoadedDemo[]> {
  const actor = 'system'
  await addRoot(context, {
    actor,
    path: DEMO_ROOT,
    title: 'Demonstration: Estuary region',
    description: 'Made-up intelligence. Remove it when you have seen enough.',
  })
  for (const { alias, label, description } of COLLECTIONS) {
    await addCollection(context, { actor, root: DEMO_ROOT, alias, title: `Demo: ${alias}`, label, description })
  }
  const all = COLLECTIONS.map(({ alias }) => `${DEMO_ROOT}/${alias}`)
  await addAccount(context, { actor, name: DEMO_LOADER, write: all })
  await addAccount(context, { actor, name: DEMO_READER, read: all })
  const { access } = await context.freshness.read()
  const account = access.accountNamed(DEMO_LOADER)
  const objects = await readObjects()
  const loaded: LoadedDemo[] = []
  for (const { alias, label } of COLLECTIONS) {
    const collection = access.root(DEMO_ROOT)?.collections.find((each) => each.alias === alias)
    if (!account || !collection) throw new Error('the demonstration was not made')
    // each call moves its buffer away
    const bytes = new TextEncoder().encode(objects)
    const { added, refused } = await ingest(context, { account, collection, bytes })
    loaded.push({ collection: alias, label, released: added, withheld: refused.length })
  }
  return loaded
}

/** The bundle as an envelope (TAXII 2.1 §3.7). */
async function readObjects(): Promise<string> {
  const bundle: unknown = JSON.parse(await readFile(BUNDLE, 'utf8'))
  if (typeof bundle !== 'object' || bundle === null || !('objects' in bundle)) throw new Error('region.json is broken')
  return JSON.stringify({ objects: bundle.objects })
}
