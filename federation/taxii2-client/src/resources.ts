import { TaxiiClientError } from './errors.ts'
import { Shape } from './json-shape.ts'

/** TAXII 2.1 §4.1.1. Roots are absolute URLs here, also where the server gave a relative path. */
export interface Discovery {
  readonly title: string
  readonly description: string | undefined
  readonly contact: string | undefined
  readonly default: string | undefined
  readonly api_roots: readonly string[]
  /** Roots that are no usable URL. They are left out. */
  readonly problems: readonly TaxiiClientError[]
}

/** TAXII 2.1 §4.2.1. */
export interface ApiRoot {
  readonly title: string
  readonly description: string | undefined
  readonly versions: readonly string[]
  /** Bytes of a request body. */
  readonly max_content_length: number
}

/** TAXII 2.1 §5.2.1. */
export interface Collection {
  readonly id: string
  readonly title: string
  readonly description: string | undefined
  readonly alias: string | undefined
  readonly can_read: boolean
  readonly can_write: boolean
  readonly media_types: readonly string[]
}

/** One object in a status (TAXII 2.1 §4.3.1). */
export interface StatusDetail {
  readonly id: string
  readonly version: string | undefined
  readonly message: string | undefined
}

/** TAXII 2.1 §4.3.1. */
export interface Status {
  readonly id: string
  readonly status: 'complete' | 'pending'
  readonly request_timestamp: string | undefined
  readonly total_count: number
  readonly success_count: number
  readonly successes: readonly StatusDetail[]
  readonly failure_count: number
  readonly failures: readonly StatusDetail[]
  readonly pending_count: number
  readonly pendings: readonly StatusDetail[]
}

/** TAXII 2.1 §5.3.1. */
export interface ManifestRecord {
  readonly id: string
  readonly date_added: string
  readonly version: string
  readonly media_type: string | undefined
}

/** Entries of a list that could be read, and why the others could not: one bad entry refuses no neighbour. */
export interface Listed<T> {
  readonly entries: readonly T[]
  readonly problems: readonly TaxiiClientError[]
}

/**
 * @param base the URL that was asked, against which relative roots are resolved
 * @throws {TaxiiClientError} `bad-resource`
 */
export function readDiscovery(value: unknown, base: URL): Discovery {
  const shape = new Shape(value, '')
  const fallback = shape.optionalText('default')
  const defaults = readList(fallback === undefined ? [] : [fallback], '/default', (root) =>
    absolute(root, base, '/default'),
  )
  const roots = readList(shape.list('api_roots'), '/api_roots', (root, pointer) => absolute(root, base, pointer))
  return {
    title: shape.text('title'),
    description: shape.optionalText('description'),
    contact: shape.optionalText('contact'),
    default: defaults.entries[0],
    api_roots: roots.entries,
    problems: [...defaults.problems, ...roots.problems],
  }
}

/** @throws {TaxiiClientError} `bad-resource` */
export function readApiRoot(value: unknown): ApiRoot {
  const shape = new Shape(value, '')
  return {
    title: shape.text('title'),
    description: shape.optionalText('description'),
    versions: shape.texts('versions'),
    max_content_length: shape.integer('max_content_length', 1),
  }
}

/** @throws {TaxiiClientError} `bad-resource` when there is no list; single bad entries are problems */
export function readCollections(value: unknown): Listed<Collection> {
  return readList(new Shape(value, '').list('collections'), '/collections', readCollection)
}

/** @throws {TaxiiClientError} `bad-resource` */
export function readCollection(value: unknown, pointer = ''): Collection {
  const shape = new Shape(value, pointer)
  return {
    id: shape.text('id'),
    title: shape.text('title'),
    description: shape.optionalText('description'),
    alias: shape.optionalText('alias'),
    can_read: shape.flag('can_read'),
    can_write: shape.flag('can_write'),
    media_types: shape.texts('media_types'),
  }
}

/** @throws {TaxiiClientError} `bad-resource` */
export function readStatus(value: unknown): Status {
  const shape = new Shape(value, '')
  const status = shape.text('status')
  if (status !== 'complete' && status !== 'pending') {
    throw new TaxiiClientError('bad-resource', '/status is neither complete nor pending', { pointer: '/status' })
  }
  return {
    id: shape.text('id'),
    status,
    request_timestamp: shape.optionalText('request_timestamp'),
    total_count: shape.integer('total_count', 0),
    success_count: shape.integer('success_count', 0),
    successes: readDetails(shape, 'successes'),
    failure_count: shape.integer('failure_count', 0),
    failures: readDetails(shape, 'failures'),
    pending_count: shape.integer('pending_count', 0),
    pendings: readDetails(shape, 'pendings'),
  }
}

/** @throws {TaxiiClientError} `bad-resource` */
export function readManifestRecord(value: unknown, pointer: string): ManifestRecord {
  const shape = new Shape(value, pointer)
  return {
    id: shape.text('id'),
    date_added: shape.text('date_added'),
    version: shape.text('version'),
    media_type: shape.optionalText('media_type'),
  }
}

/** Reads each entry on its own. */
export function readList<T>(
  values: readonly unknown[],
  pointer: string,
  read: (value: unknown, pointer: string) => T,
): Listed<T> {
  const entries: T[] = []
  const problems: TaxiiClientError[] = []
  for (const [index, value] of values.entries()) {
    try {
      entries.push(read(value, `${pointer}/${index}`))
    } catch (error) {
      if (!(error instanceof TaxiiClientError)) throw error
      problems.push(error)
    }
  }
  return { entries, problems }
}

function readDetails(status: Shape, name: string): readonly StatusDetail[] {
  return status.list(name).map((value, index) => {
    const shape = new Shape(value, `/${name}/${index}`)
    return { id: shape.text('id'), version: shape.optionalText('version'), message: shape.optionalText('message') }
  })
}

/** TAXII 2.1 §4.1.1: an https URL or a path that begins with one slash. `//host/` would be another server in disguise. */
function absolute(root: unknown, base: URL, pointer: string): string {
  const url = typeof root !== 'string' || root.startsWith('//') ? null : URL.parse(root, base.href)
  if (url === null || !url.protocol.startsWith('http') || url.username || url.password) {
    throw new TaxiiClientError('bad-resource', `${pointer} is no URL of an API root`, { pointer })
  }
  url.search = ''
  url.hash = ''
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url.href
}
