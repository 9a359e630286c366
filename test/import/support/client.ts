import { Taxii2Client, type TaxiiCollection } from 'taxii2-client'
import { PASSWORD, type TestSite } from '../../support/site.ts'

/** A collection of a test site, read by taxii2-client as an account with {@link PASSWORD}. */
export function clientOf(
  site: Pick<TestSite, 'url'>,
  { api_root, id }: { readonly api_root: string; readonly id: string },
  username: string,
): { readonly collection: TaxiiCollection } & Disposable {
  const client = new Taxii2Client({
    url: `${site.url}${api_root}`,
    authentication: { kind: 'basic', username, password: PASSWORD },
    allowHttp: 'loopback',
  })
  const collection = client.apiRoot(`${site.url}${api_root}`).collection(id)
  return { collection, [Symbol.dispose]: () => client.close() }
}

/** Everything that a complete poll returns: by default the newest versions, else all. */
export async function pollAll(collection: TaxiiCollection, versions?: 'all'): Promise<readonly StixLike[]> {
  const objects: StixLike[] = []
  for await (const page of collection.objectsPages(versions ? { match: { versions: [versions] } } : {})) {
    objects.push(...(page.objects as StixLike[]))
  }
  return objects
}

/** As much of an object as the tests look at. */
export interface StixLike {
  readonly id: string
  readonly type: string
  readonly created?: string
  readonly modified?: string
}

/** Id and version, as the manifest tells them apart. */
export function versionKey(object: StixLike): string {
  return `${object.id} ${object.modified ?? object.created ?? ''}`
}
