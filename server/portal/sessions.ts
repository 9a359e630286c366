import { randomBytes } from 'node:crypto'
import type { RequestHandler } from 'express'
import session from 'express-session'
import { SessionStore } from '../auth/sessions/session-store.ts'
import { isTls } from '../config/rules.ts'
import type { Config } from '../config/schema.ts'
import type { Context } from '../context.ts'

/** Whether browsers reach the server by HTTPS, by itself or through a proxy. */
export function isHttps(config: Pick<Config, 'tls' | 'publicUrl'>): boolean {
  return isTls(config) || (config.publicUrl?.startsWith('https:') ?? false)
}

/** Name of the session cookie. `__Host-` binds it to this host and to HTTPS (RFC 6265bis §4.1.3.2). */
export function cookieName(config: Pick<Config, 'tls' | 'publicUrl'>): string {
  return isHttps(config) ? '__Host-vouchsafe' : 'vouchsafe'
}

/** Reads and keeps web sessions. Nobody gets one before a sign-in begins. */
export function sessions({ config, database, clock, sessionKey }: Context): RequestHandler {
  return session({
    name: cookieName(config),
    secret: Buffer.from(sessionKey).toString('base64'),
    genid: () => randomBytes(32).toString('base64url'),
    store: new SessionStore(database, clock),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: isHttps(config), path: '/' },
  })
}
