import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { RequestHandler } from 'express'
import { accentRule } from './accent.ts'

interface Asset {
  readonly type: string
  readonly bytes: Buffer
  /** By content coding, the smallest first; none for what is packed by itself. */
  readonly packed: ReadonlyMap<string, Buffer>
  /** Of the content: stands in addresses, so that a file may be kept for good. */
  readonly tag: string
}

const require = createRequire(import.meta.url)
const ours = (name: string) => readFileSync(new URL(`./assets/${name}`, import.meta.url))
const plex = (weight: number) =>
  readFileSync(require.resolve(`@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-${weight}-normal.woff2`))

const CSS = 'text/css; charset=utf-8'
const SCRIPT = 'text/javascript; charset=utf-8'
const FONT = 'font/woff2'

const REGULAR = assetOf(FONT, plex(400))
const SEMIBOLD = assetOf(FONT, plex(600))
const SHEET = ours('portal.css')
  .toString()
  .replaceAll(/\/\*.*?\*\//gs, '')
  .replaceAll(/\s+/g, ' ')
  .replaceAll(/ ?([{};,]) ?/g, '$1')
  .replace('plex-400.woff2', `plex-400.woff2?v=${REGULAR.tag}`)
  .replace('plex-600.woff2', `plex-600.woff2?v=${SEMIBOLD.tag}`)

/** Every file that pages refer to; all of them come from this server. */
const FILES: ReadonlyMap<string, Asset> = new Map([
  ['portal.css', assetOf(CSS, Buffer.from(SHEET))],
  ['passkey.js', assetOf(SCRIPT, ours('passkey.js'))],
  ['presence.js', assetOf(SCRIPT, ours('presence.js'))],
  ['icon.svg', assetOf('image/svg+xml', ours('icon.svg'))],
  ['plex-400.woff2', REGULAR],
  ['plex-600.woff2', SEMIBOLD],
])

/** Style sheets in a site's own colour. */
const coloured = new Map<string, Asset>()
const MAX_COLOURED = 16

/** The address of a file, with the tag of its content. */
export function assetPath(name: string): string {
  const file = FILES.get(name)
  return file ? `/assets/${name}?v=${file.tag}` : `/assets/${name}`
}

/**
 * The address of the style sheet.
 * @param colour of the site, `#rrggbb`; empty for our own
 */
export function sheetPath(colour = ''): string {
  return colour === '' ? assetPath('portal.css') : `${assetPath('portal.css')}&accent=${colour.slice(1)}`
}

/** Serves the files of the pages from memory. One that is asked for by its tag is never asked for again. */
export function assets(): RequestHandler {
  return (request, response, next) => {
    const query = new URLSearchParams(request.url.split('?', 2)[1] ?? '')
    const plain = FILES.get(request.path.slice(1))
    if (!plain || (request.method !== 'GET' && request.method !== 'HEAD')) {
      next()
      return
    }
    const file = plain.type === CSS ? inColour(plain, query.get('accent')) : plain
    const kept = query.get('v') === plain.tag ? 'public, max-age=31536000, immutable' : 'public, max-age=3600'
    const tag = `"${file.tag}"`
    response.setHeader('Cache-Control', kept)
    response.setHeader('ETag', tag)
    response.setHeader('Vary', 'Accept-Encoding')
    if (request.headers['if-none-match'] === tag) {
      response.writeHead(304).end()
      return
    }
    const coding = file.packed.size > 0 && request.acceptsEncodings(...file.packed.keys(), 'identity')
    const packed = coding ? file.packed.get(coding) : undefined
    if (coding && packed) response.setHeader('Content-Encoding', coding)
    const bytes = packed ?? file.bytes
    response.writeHead(200, { 'Content-Type': file.type, 'Content-Length': bytes.length })
    response.end(request.method === 'HEAD' ? undefined : bytes)
  }
}

function inColour(sheet: Asset, accent: string | null): Asset {
  if (!accent || !/^[0-9a-f]{6}$/.test(accent)) return sheet
  const known = coloured.get(accent)
  if (known) return known
  const made = assetOf(CSS, Buffer.concat([sheet.bytes, Buffer.from(accentRule(`#${accent}`))]))
  // anybody may ask for any colour: what is kept is bounded
  if (coloured.size >= MAX_COLOURED) coloured.clear()
  coloured.set(accent, made)
  return made
}

function assetOf(type: string, bytes: Buffer): Asset {
  return {
    type,
    bytes,
    packed: new Map(
      type === FONT
        ? []
        : [
            ['br', brotliCompressSync(bytes)],
            ['gzip', gzipSync(bytes, { level: 9 })],
          ],
    ),
    tag: hash('sha256', bytes).slice(0, 16),
  }
}
