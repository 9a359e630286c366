import type { Request, Response } from 'express'
import type { Config } from '../config/schema.ts'
import { isHttps } from './sessions.ts'

/** Cookies beside the session's. */
export const COOKIES = {
  /** 256 random bits: this device needs no second factor for a while. */
  device: 'vouchsafe-device',
  /** Somebody has signed in with this browser: their tries are counted by themselves. */
  knownBrowser: 'vouchsafe-known',
} as const

type Cookie = (typeof COOKIES)[keyof typeof COOKIES]

/** What a browser brought in one of our cookies; the first, when it is there twice. */
export function cookieOf(config: Config, request: Request, cookie: Cookie): string | undefined {
  const start = `${fullName(config, cookie)}=`
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(start))?.slice(start.length)
}

/** Gives a browser a cookie that only this host gets back, and no script reads. */
export function setCookie(config: Config, response: Response, cookie: Cookie, value: string, maxMicros: number): void {
  response.cookie(fullName(config, cookie), value, { ...shape(config), maxAge: Math.floor(maxMicros / 1000) })
}

/** `__Host-` binds it to this host and to HTTPS (RFC 6265bis §4.1.3.2). */
function fullName(config: Config, cookie: Cookie): string {
  return isHttps(config) ? `__Host-${cookie}` : cookie
}

function shape(config: Config) {
  return { httpOnly: true, sameSite: 'lax', secure: isHttps(config), path: '/' } as const
}
