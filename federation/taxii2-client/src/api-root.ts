import { TaxiiCollection } from './collection.ts'
import { TaxiiClientError } from './errors.ts'
import { parseJson } from './json-shape.ts'
import { readApiRoot, readCollections, readStatus } from './resources.ts'
import type { ApiRoot, Collection, Listed, Status } from './resources.ts'
import { endpoint } from './root-url.ts'
import { pollStatus } from './status.ts'
import type { StatusPolling } from './status.ts'
import type { Transport } from './transport.ts'

/** One API root. Making it asks nothing. */
export class TaxiiApiRoot {
  readonly url: string
  readonly #transport: Transport
  readonly #root: URL
  #maxContentLength: number | undefined

  constructor(transport: Transport, root: URL) {
    this.url = root.href
    this.#transport = transport
    this.#root = root
  }

  /** The API root resource (TAXII 2.1 §4.2). @throws {TaxiiClientError} */
  async read(): Promise<ApiRoot> {
    const resource = readApiRoot(await this.#get(this.#root))
    this.#maxContentLength = resource.max_content_length
    return resource
  }

  /** The collections (TAXII 2.1 §5.1); entries that could not be read are problems. @throws {TaxiiClientError} */
  async collections(): Promise<Listed<Collection>> {
    return readCollections(await this.#get(endpoint(this.#root, 'collections')))
  }

  /** A collection by id or alias. The server knows both in its URLs (TAXII 2.1 §5.2.1). */
  collection(idOrAlias: string): TaxiiCollection {
    const maxContentLength = async (): Promise<number> =>
      this.#maxContentLength ?? (await this.read()).max_content_length
    return new TaxiiCollection({ transport: this.#transport, root: this.#root, maxContentLength }, idOrAlias)
  }

  /**
   * A collection by id or alias, looked up in the list: for servers that know aliases only there.
   * @throws {TaxiiClientError} `bad-option` when the list has none
   */
  async findCollection(idOrAlias: string): Promise<TaxiiCollection> {
    const { entries } = await this.collections()
    const found = entries.find(({ id }) => id === idOrAlias) ?? entries.find(({ alias }) => alias === idOrAlias)
    if (!found) throw new TaxiiClientError('bad-option', 'The API root has no collection with this id or alias')
    return this.collection(found.id)
  }

  /** The status of an earlier POST (TAXII 2.1 §4.3). @throws {TaxiiClientError} */
  async status(id: string): Promise<Status> {
    return readStatus(await this.#get(endpoint(this.#root, 'status', id)))
  }

  /**
   * Waits until a POST is worked through.
   * @param first what the POST answered, or the id of an earlier one
   * @throws {TaxiiClientError} `status-pending` at the deadline
   */
  async waitForStatus(first: Status | string, polling: StatusPolling = {}): Promise<Status> {
    const id = typeof first === 'string' ? first : first.id
    const source = {
      clock: this.#transport.clock,
      sleep: (seconds: number, signal: AbortSignal | undefined) => this.#transport.sleep(seconds, signal),
      read: () => this.status(id),
    }
    return pollStatus(source, typeof first === 'string' ? await this.status(id) : first, polling)
  }

  async #get(url: URL): Promise<unknown> {
    const { body } = await this.#transport.request({ method: 'GET', url })
    return parseJson(body)
  }
}
