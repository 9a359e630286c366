import { type NewCollection } from '../../server/site/add-collection.ts'
import { grantRights } from '../../server/site/rights.ts'
import { TAXII, testSite, type SiteOptions } from '../support/site.ts'
import { type Answer, ask, type Wanted } from './exchange.ts'

/** Request headers that sign somebody in. */
export type Credentials = Readonly<Record<string, string>>

/**
 * A site with the API root `/region-root/`, its collection `region`, and the account `member`, who may read and write
 * there with a password and with a token.
 */
export async function openRegion(options: SiteOptions = {}) {
  const site = await testSite(options)
  const first = await site.addCollection({ alias: 'region' })
  const basic = await site.addUser('member', { read: ['region'], write: ['region'] })
  const bearer = await site.addToken('member')
  let count = 0
  return {
    site,
    basic,
    bearer,
    /** The id of the collection `region`. */
    id: first.id,
    /** `/region-root/` */
    root: first.api_root,
    /** The first API root, with the server's address. */
    rootUrl: `${site.url}${first.api_root}`,
    /** Sends a request to a path of the server. */
    ask: (path: string, wanted?: Wanted) => ask(`${site.url}${path}`, wanted),
    /** Makes an empty collection that the member may read and write, so that a test has one for itself. */
    empty: async (wanted: Partial<NewCollection> = {}): Promise<At> => {
      const alias = wanted.alias ?? `c${++count}`
      const { id, api_root } = await site.addCollection({ ...wanted, alias })
      await grantRights(site.context, { actor: 'test', name: 'member', read: [id], write: [id] })
      return at(`${site.url}${api_root}collections/${id}/`, { id, alias, basic, bearer })
    },
    close: site.close,
    [Symbol.asyncDispose]: site.close,
  }
}

/** A client at one collection: it reads with a token and writes with a password, unless told otherwise. */
export interface At {
  readonly url: string
  readonly id: string
  readonly alias: string
  get(path: string, credentials?: Credentials): Promise<Answer>
  /** Posts an envelope of these objects: values, or JSON texts that are sent to the letter. */
  post(objects: readonly (object | string)[], credentials?: Credentials): Promise<Answer>
  delete(path: string, credentials?: Credentials): Promise<Answer>
}

interface Known {
  readonly id: string
  readonly alias: string
  readonly basic: Credentials
  readonly bearer: Credentials
}

function at(url: string, { id, alias, basic, bearer }: Known): At {
  return {
    url,
    id,
    alias,
    get: (path, credentials = bearer) => ask(`${url}${path}`, { headers: credentials }),
    post: (objects, credentials = basic) =>
      ask(`${url}objects/`, {
        method: 'POST',
        headers: { 'Content-Type': TAXII, ...credentials },
        body: envelope(objects),
      }),
    delete: (path, credentials = basic) => ask(`${url}${path}`, { method: 'DELETE', headers: credentials }),
  }
}

/** The text of an envelope (TAXII 2.1 §3.7). */
export function envelope(objects: readonly (object | string)[]): string {
  return `{"objects":[${objects.map((object) => (typeof object === 'string' ? object : JSON.stringify(object))).join(',')}]}`
}

/** Reads a list to its end by `next`, repeating the query as §3.5 asks; from the start, or from a page on. */
export async function pagesOf(collection: At, path: string, from?: string): Promise<readonly Answer[]> {
  const pages: Answer[] = []
  let next = from
  do {
    const page = await collection.get(
      next === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}next=${encodeURIComponent(next)}`,
    )
    if (page.status !== 200) throw new Error(`a page was answered with ${page.status}: ${page.text}`)
    pages.push(page)
    next = page.body.more ? page.body.next : undefined
  } while (next !== undefined && pages.length < 1000)
  return pages
}

/** The ids of the objects or records of an answer, in its order. */
export function idsOf(...answers: readonly Answer[]): readonly string[] {
  return answers.flatMap((answer) => (answer.body.objects ?? []).map((object) => object.id))
}

/** The ids with their `modified`, as `id modified`, in the order of the answers. */
export function versionsOf(...answers: readonly Answer[]): readonly string[] {
  return answers.flatMap((answer) => (answer.body.objects ?? []).map(({ id, modified }) => `${id} ${modified}`))
}

/** The header that says when the first or last object of an answer was added. */
export function dateHeader(answer: Answer, which: 'first' | 'last'): string | undefined {
  const value = answer.headers[`x-taxii-date-added-${which}`]
  return Array.isArray(value) ? value.join() : value
}
