import type { RequestHandler, Response } from 'express'
import { noteRoute } from '../metrics/count-requests.ts'

/** The keys of the group's own addresses: those of its lists, and never those of members, who are nobody's business. */
export interface ListKeys {
  /**
   * The binary key of an address.
   * @param domain in lower case; undefined where the direct way does not say it
   * @param hash of the local part, as mail/openpgp/wkd.ts makes it
   */
  keyOf(domain: string | undefined, hash: string): Promise<Uint8Array | undefined>
}

/** There are no lists yet. */
export const NO_LIST_KEYS: ListKeys = { keyOf: () => Promise.resolve(undefined) }

const BASE = '/.well-known/openpgpkey'
const PLACE = /^\/\.well-known\/openpgpkey(?:\/([a-z0-9.-]{1,253}))?\/(?:(policy)|hu\/([a-z0-9]{32}))$/i

/**
 * The Web Key Directory (draft-koch-openpgp-webkey-service §3.1, §4.5), the advanced and the direct way. Everything that is
 * not there gets the same bytes: who is a member cannot be found out by asking.
 */
export function wkdRouter(keys: ListKeys): RequestHandler {
  return (request, response, next) => {
    if (request.path !== BASE && !request.path.startsWith(`${BASE}/`)) return next()
    noteRoute(response, BASE)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return plain(response.set('Allow', 'GET, HEAD'), 405, 'GET only\n')
    }
    const [, domain, policy, hash] = PLACE.exec(request.path) ?? []
    if (policy !== undefined) return plain(response, 200, '')
    if (hash === undefined) return plain(response, 404, 'not found\n')
    keys.keyOf(domain?.toLowerCase(), hash.toLowerCase()).then((body) => {
      if (body === undefined) plain(response, 404, 'not found\n')
      else answer(response.type('application/octet-stream'), 200, Buffer.from(body))
    }, next)
  }
}

function plain(response: Response, status: number, text: string): void {
  answer(response.type('text/plain'), status, Buffer.from(text))
}

function answer(response: Response, status: number, body: Buffer): void {
  // mail programs that run in a browser ask from their own pages; there is nothing here that is for one reader only
  response.status(status).set({ 'Access-Control-Allow-Origin': '*', 'X-Content-Type-Options': 'nosniff' }).send(body)
}
