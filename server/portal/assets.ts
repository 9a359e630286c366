import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { hash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { RequestHandler } from 'express'

const require = createRequire(import.meta.url)
const ours = (name: string) => readFileSync(new URL(`./assets/${name}`, import.meta.url))
const plex = (weight: number) =>
  readFileSync(require.resolve(`@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-${weight}-normal.woff2`))

const CSS = 'text/css; charset=utf-8'
const SCRIPT = 'text/javascript; charset=utf-8'
const FONT = 'font/woff2'

/** Every file that pages refer to; all of them come from this server. */
const FILES: ReadonlyMap<string, { type: string; bytes: Buffer; tag: string; packed: Buffer | undefined }> = new Map(
  (
    [
      ['portal.css', CSS, ours('portal.css')],
      ['passkey.js', SCRIPT, ours('passkey.js')],
      ['presence.js', SCRIPT, ours('presence.js')],
      ['plex-400.woff2', FONT, plex(400)],
      ['plex-600.woff2', FONT, plex(600)],
    ] as const
  ).map(([name, type, bytes]) => [
    name,
    {
      type,
      bytes,
      tag: `"${hash('sha256', bytes).slice(0, 20)}"`,
      packed: type === FONT ? undefined : gzipSync(bytes),
    },
  ]),
)

/** Serves the files of the pages from memory. They are asked for anew after an hour, and not sent again when unchanged. */
export function assets(): RequestHandler {
  return (request, response, next) => {
    const file = FILES.get(request.path.slice(1))
    if (!file || (request.method !== 'GET' && request.method !== 'HEAD')) {
      next()
      return
    }
    response.setHeader('Cache-Control', 'public, max-age=3600')
    response.setHeader('ETag', file.tag)
    response.setHeader('Vary', 'Accept-Encoding')
    if (request.headers['if-none-match'] === file.tag) {
      response.writeHead(304).end()
      return
    }
    const packed = file.packed && request.acceptsEncodings('gzip') === 'gzip' ? file.packed : undefined
    if (packed) response.setHeader('Content-Encoding', 'gzip')
    const bytes = packed ?? file.bytes
    response.writeHead(200, { 'Content-Type': file.type, 'Content-Length': bytes.length }).end(bytes)
  }
}
