import type { Request, RequestHandler, Response } from 'express'
import helmet from 'helmet'
import type { Config } from '../config/schema.ts'
import { isHttps } from './sessions.ts'

const HSTS_SECONDS = 31_536_000

/** Security headers of every page: nothing from elsewhere, nothing inline, no frame, nothing kept by caches. */
export function securityHeaders(config: Pick<Config, 'tls' | 'publicUrl'>): RequestHandler {
  const secure = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    // addresses of pages can hold one-time links
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: isHttps(config) && { maxAge: HSTS_SECONDS },
    xFrameOptions: { action: 'deny' },
  })
  return (request: Request, response: Response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    response.setHeader(
      'Permissions-Policy',
      'camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
    )
    secure(request, response, next)
  }
}

/**
 * Security headers of the files that pages refer to. Those of pages that mean nothing for a style sheet or a font are left
 * out: on five files they would weigh as much as the page itself.
 */
export function fileHeaders(config: Pick<Config, 'tls' | 'publicUrl'>): RequestHandler {
  const secure = isHttps(config)
  return (_request, response, next) => {
    response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
    response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
    response.setHeader('Referrer-Policy', 'no-referrer')
    response.setHeader('X-Content-Type-Options', 'nosniff')
    if (secure) response.setHeader('Strict-Transport-Security', `max-age=${HSTS_SECONDS}`)
    next()
  }
}
