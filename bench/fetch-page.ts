import { TAXII } from '../schemas/taxii/media-type.ts'

/** A page as a client sees it, for checks. */
export interface FetchedPage {
  /** Unpacked body. */
  readonly bytes: Buffer
  /** Content-Length: bytes on the way. */
  readonly length: number
  readonly next: string | undefined
  /** @throws {Error} unless the page's objects are these texts, byte for byte, and nothing else */
  mustHold(texts: readonly string[]): void
}

/**
 * Fetches one page of objects.
 * @throws {Error} when it is not answered with 200
 */
export async function fetchPage(
  port: number,
  path: string,
  authorization: string,
  encoding: 'gzip' | 'identity' = 'gzip',
): Promise<FetchedPage> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { accept: TAXII, 'accept-encoding': encoding, authorization },
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${bytes.toString('utf8', 0, 300)}`)
  // the end is written after the objects and holds no quoted text but the token
  const tail = bytes.toString('utf8', Math.max(0, bytes.length - 300))
  const next = /\],"more":true,"next":"([\w-]+)"\}$/.exec(tail)?.[1]
  return {
    bytes,
    length: Number(response.headers.get('content-length')),
    next,
    mustHold(texts) {
      const end = next === undefined ? ']}' : `],"more":true,"next":"${next}"}`
      const wanted = Buffer.from(`{"objects":[${texts.join(',')}${end}`)
      if (!bytes.equals(wanted)) throw new Error(`${path}: the page is not what was put in`)
    },
  }
}

/** How many entries a page's list has, by parsing it; 0 when there is no such list. */
export function countEntries(bytes: Buffer, key: 'objects' | 'versions'): number {
  const page: unknown = JSON.parse(bytes.toString())
  if (typeof page !== 'object' || page === null || !(key in page)) return 0
  const list: unknown = (page as Record<string, unknown>)[key] // the key is there
  return Array.isArray(list) ? list.length : 0
}
