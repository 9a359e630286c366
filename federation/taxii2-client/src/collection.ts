import { cutEnvelopes } from './envelopes.ts'
import type { EnvelopeLimits, OutgoingObject, TooLarge } from './envelopes.ts'
import { matchParameters } from './filters.ts'
import type { Match } from './filters.ts'
import { parseJson } from './json-shape.ts'
import { readEnvelope, readEnvelopeUnparsed, readManifest, readVersions } from './page-contents.ts'
import type { ManifestPage, ObjectsPage, VersionsPage } from './page-contents.ts'
import { walkPages } from './pages.ts'
import type { Page, PageOptions } from './pages.ts'
import { readCollection, readStatus } from './resources.ts'
import type { Collection, Status } from './resources.ts'
import { endpoint } from './root-url.ts'
import type { Transport } from './transport.ts'

/** What a collection needs of its API root. */
export interface CollectionParts {
  readonly transport: Transport
  readonly root: URL
  readonly maxContentLength: () => Promise<number>
}

/** How objects are cut and sent. */
export interface AddOptions extends Partial<EnvelopeLimits> {
  readonly signal?: AbortSignal | undefined
}

/** An envelope that the server has taken, with the positions of its objects in the input. */
export interface Sent {
  readonly kind: 'sent'
  readonly indexes: readonly number[]
  readonly status: Status
}

/** One collection, known by id or alias. Making it asks nothing. */
export class TaxiiCollection {
  readonly id: string
  readonly #parts: CollectionParts
  readonly #url: URL

  constructor(parts: CollectionParts, id: string) {
    this.id = id
    this.#parts = parts
    this.#url = endpoint(parts.root, 'collections', id)
  }

  /** The collection resource (TAXII 2.1 §5.2). @throws {TaxiiClientError} */
  async read(): Promise<Collection> {
    const { body } = await this.#parts.transport.request({ method: 'GET', url: this.#url })
    return readCollection(parseJson(body))
  }

  /**
   * Pages of objects (TAXII 2.1 §5.4), oldest first. With `parse: false` the pages have only `raw` and what paging
   * needs: for a consumer that parses elsewhere or keeps the exact bytes.
   */
  objectsPages(options: PageOptions & { readonly parse: false }): AsyncGenerator<Page, void, void>
  objectsPages(options?: PageOptions & { readonly parse?: true | undefined }): AsyncGenerator<ObjectsPage, void, void>
  objectsPages(options: PageOptions & { readonly parse?: boolean | undefined } = {}): AsyncGenerator<Page, void, void> {
    if (options.parse === false) return this.#unparsedPages(options)
    return this.#envelopePages(endpoint(this.#url, 'objects'), options)
  }

  /** Pages of manifest records (TAXII 2.1 §5.3). */
  manifestPages(options: PageOptions = {}): AsyncGenerator<ManifestPage, void, void> {
    return walkPages({
      transport: this.#parts.transport,
      url: endpoint(this.#url, 'manifest'),
      options,
      read: readManifest,
      build: (page, { listed }) => ({ ...page, records: listed.entries, problems: listed.problems }),
    })
  }

  /** Pages with the versions of one object (TAXII 2.1 §5.6); only the latest unless `match.versions` says otherwise. */
  objectPages(objectId: string, options: PageOptions = {}): AsyncGenerator<ObjectsPage, void, void> {
    return this.#envelopePages(endpoint(this.#url, 'objects', objectId), options)
  }

  /** One object, in all versions that match, from all pages. @throws {TaxiiClientError} with status 404 when there is none */
  async object(objectId: string, options: PageOptions = {}): Promise<readonly unknown[]> {
    const objects: unknown[] = []
    for await (const page of this.objectPages(objectId, options)) objects.push(...page.objects)
    return objects
  }

  /** Pages with the version numbers of one object (TAXII 2.1 §5.8). */
  versionsPages(objectId: string, options: PageOptions = {}): AsyncGenerator<VersionsPage, void, void> {
    return walkPages({
      transport: this.#parts.transport,
      url: endpoint(this.#url, 'objects', objectId, 'versions'),
      options,
      read: readVersions,
      build: (page, { versions }) => ({ ...page, versions }),
    })
  }

  /**
   * Deletes an object (TAXII 2.1 §5.7). What goes without `match.versions` is for the server to say: some delete all
   * versions, some only the latest. After a network failure a second try may find nothing and answer 404.
   * @throws {TaxiiClientError}
   */
  async deleteObject(objectId: string, match?: Pick<Match, 'versions' | 'specVersions'>): Promise<void> {
    const url = endpoint(this.#url, 'objects', objectId)
    url.search = matchParameters(match).toString()
    await this.#parts.transport.request({ method: 'DELETE', url })
  }

  /** Sends one envelope as it stands (TAXII 2.1 §5.5). @throws {TaxiiClientError} */
  async addEnvelope(body: Buffer, signal?: AbortSignal): Promise<Status> {
    const url = endpoint(this.#url, 'objects')
    const answer = await this.#parts.transport.request({ method: 'POST', url, body, signal })
    return readStatus(parseJson(answer.body))
  }

  /**
   * Sends objects in envelopes below `max_content_length`, which is asked for once unless given. Each envelope is sent
   * when the consumer asks for it, so that a pusher can record one before the next. An object too large for any
   * envelope is reported and left out.
   * @throws {TaxiiClientError} what was sent before stays sent
   */
  async *addObjects(
    objects: Iterable<OutgoingObject>,
    options: AddOptions = {},
  ): AsyncGenerator<Sent | TooLarge, void, void> {
    const maxContentLength = options.maxContentLength ?? (await this.#parts.maxContentLength())
    for (const cut of cutEnvelopes(objects, { maxContentLength, maxObjects: options.maxObjects })) {
      if (cut.kind === 'too-large') yield cut
      else yield { kind: 'sent', indexes: cut.indexes, status: await this.addEnvelope(cut.body, options.signal) }
    }
  }

  #envelopePages(url: URL, options: PageOptions): AsyncGenerator<ObjectsPage, void, void> {
    return walkPages({
      transport: this.#parts.transport,
      url,
      options,
      read: readEnvelope,
      build: (page, { objects }) => ({ ...page, objects }),
    })
  }

  #unparsedPages(options: PageOptions): AsyncGenerator<Page, void, void> {
    return walkPages({
      transport: this.#parts.transport,
      url: endpoint(this.#url, 'objects'),
      options,
      read: readEnvelopeUnparsed,
      build: (page) => page,
    })
  }
}
