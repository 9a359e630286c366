import type { RequestHandler } from 'express'
import type { Context } from '../context.ts'
import { type Logo, readLogo } from '../site/logo.ts'
import { siteSettings } from '../site/settings.ts'

/** The address of the logo with a tag: another picture has another address, so it may be kept for good. */
export function logoPath(tag: string): string {
  return `/assets/logo?v=${tag}`
}

/**
 * Serves the logo of the site: to everybody, as the sign-in page shows it. It was judged by its bytes when it came, and
 * nosniff keeps browsers from taking it for anything else.
 */
export function logoHandler({ database, freshness }: Pick<Context, 'database' | 'freshness'>): RequestHandler {
  let kept: Logo | undefined
  return async (request, response, next) => {
    const { logoTag } = siteSettings((await freshness.read()).access)
    if (logoTag !== '' && kept?.tag !== logoTag) kept = await readLogo(database)
    if (logoTag === '' || !kept || (request.method !== 'GET' && request.method !== 'HEAD')) {
      next()
      return
    }
    const { mediaType, bytes, tag } = kept
    const immutable = request.query['v'] === tag
    response.setHeader('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    response.setHeader('ETag', `"${tag}"`)
    response.setHeader('X-Content-Type-Options', 'nosniff')
    if (request.headers['if-none-match'] === `"${tag}"`) {
      response.writeHead(304).end()
      return
    }
    response.writeHead(200, { 'Content-Type': mediaType, 'Content-Length': bytes.length })
    response.end(request.method === 'HEAD' ? undefined : bytes)
  }
}
