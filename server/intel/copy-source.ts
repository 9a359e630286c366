import { Taxii2Client, type Taxii2ClientOptions, type TaxiiCollection } from 'taxii2-client'
import { BadRequestError } from '../errors.ts'

/** How to sign in to another server. */
export type CopyCredentials =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string }

/** A collection of another TAXII 2.1 server. */
export interface CopySource {
  /** Of a collection, or of an API root. */
  readonly url: string
  /** Id, alias or title of the collection, when `url` is that of an API root. */
  readonly collection?: string | undefined
  readonly credentials?: CopyCredentials | undefined
  /** Plain HTTP to any address, not to this machine only. */
  readonly allowHttp?: boolean | undefined
  readonly tls?: Taxii2ClientOptions['tls']
}

/** A collection that can be read, and the client to be closed afterwards. */
export interface OpenSource extends Disposable {
  readonly feed: TaxiiCollection
  /** The collection's own address: the same for every spelling of `url` that was given. */
  readonly address: string
}

const COLLECTION_PATH = /^(.*\/)collections\/([^/]{1,300})\/?(?:objects\/?)?$/

/**
 * Opens a collection of another server.
 * @throws {BadRequestError} when the URL names no collection
 * @throws {TaxiiClientError} when the list of collections has to be read and cannot be
 */
export async function openSource(source: CopySource): Promise<OpenSource> {
  const url = URL.parse(source.url)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new BadRequestError('bad_url', `${JSON.stringify(source.url.slice(0, 200))} is no https URL`)
  }
  if (url.username || url.password) {
    throw new BadRequestError('credentials_in_url', 'leave the credentials out of the URL: give --user or --token-file')
  }
  const found = COLLECTION_PATH.exec(url.pathname)
  const rootUrl = new URL(found?.[1] ?? (url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`), url.origin)
    .href
  const client = new Taxii2Client({
    url: rootUrl,
    authentication: source.credentials,
    allowHttp: source.allowHttp === true ? true : 'loopback',
    ...(source.tls === undefined ? {} : { tls: source.tls }),
  })
  try {
    const root = client.apiRoot(rootUrl)
    const id = found?.[2] === undefined ? await wantedCollection(root, source.collection) : decodeURIComponent(found[2])
    const feed = root.collection(id)
    return { feed, address: `${rootUrl}collections/${id}/`, [Symbol.dispose]: () => client.close() }
  } catch (error) {
    client.close()
    throw error
  }
}

async function wantedCollection(root: ReturnType<Taxii2Client['apiRoot']>, wanted: string | undefined) {
  const { entries } = await root.collections()
  const readable = entries.filter((entry) => entry.can_read)
  const fitting = readable.filter(
    ({ id, alias, title }) => wanted === undefined || id === wanted || alias === wanted || title === wanted,
  )
  const [only] = fitting
  if (only && fitting.length === 1) return only.id
  const names = readable.slice(0, 20).map(({ id, alias, title }) => `${alias ?? id} (${title.slice(0, 80)})`)
  throw new BadRequestError(
    'which_collection',
    names.length === 0
      ? 'this API root has no collection that you may read: check the URL and the credentials'
      : `name one of its collections: ${names.join(', ')}`,
  )
}
