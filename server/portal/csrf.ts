import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { WebSession } from '../auth/sessions/web-session.ts'
import { ForbiddenError } from '../errors.ts'
import type { OpenVisit } from './visit.ts'
import { type Html, html, NOTHING } from './html.ts'

const LENGTH = 32

/** 256 random bits for the forms of one session. */
export function newCsrf(): string {
  return randomBytes(LENGTH).toString('base64url')
}

/** What the forms of one answer carry, by the session object of its request. */
const masked = new WeakMap<WebSession, { readonly csrf: string; readonly text: string }>()

/**
 * The session's token under a random pad, new for every answer: pages are compressed, and from the length of many answers
 * one could guess a text that stays the same (BREACH). One mask for all forms of an answer: two would not compress.
 */
function maskedCsrf(session: WebSession, csrf: string): string {
  const known = masked.get(session)
  if (known?.csrf === csrf) return known.text
  const pad = randomBytes(LENGTH)
  const text = Buffer.concat([pad, xor(pad, Buffer.from(csrf, 'base64url'))]).toString('base64url')
  masked.set(session, { csrf, text })
  return text
}

function unmasked(text: string): Buffer {
  const bytes = Buffer.from(text.slice(0, 200), 'base64url')
  return bytes.length === 2 * LENGTH ? xor(bytes.subarray(0, LENGTH), bytes.subarray(LENGTH)) : Buffer.alloc(0)
}

function xor(a: Uint8Array, b: Uint8Array): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)))
}

/** The hidden field that every form of somebody who has signed in carries. */
export function csrfField({ session }: Pick<OpenVisit, 'session'>): Html {
  return session.csrf ? html`<input type="hidden" name="csrf" value="${maskedCsrf(session, session.csrf)}" />` : NOTHING
}

/**
 * Refuses a form that was not made for this session.
 * @throws {ForbiddenError} also when the session has one and the form has none
 */
export function mustCarryCsrf({ session, form }: Pick<OpenVisit, 'session' | 'form'>): void {
  if (!session.csrf) return
  const given = unmasked(form.get('csrf') ?? '')
  const wanted = Buffer.from(session.csrf, 'base64url')
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return
  throw new ForbiddenError('This form is of an earlier sign-in: go back, reload the page and send it again.')
}

/**
 * Refuses a form that another site sends (OWASP CSRF prevention: Fetch Metadata, else Origin). The pages have
 * `Referrer-Policy: no-referrer`, under which browsers send `Origin: null` (Fetch §3.2.5), so what counts first is
 * Sec-Fetch-Site, which no script can set.
 * @throws {ForbiddenError} also when the request says nothing of the kind: every browser does
 */
export function mustBeSameOrigin({ headers }: IncomingMessage): void {
  const site = headers['sec-fetch-site']
  if (site !== undefined) {
    if (site === 'same-origin') return
  } else if (headers.origin !== undefined && headers.host !== undefined && URL.canParse(headers.origin)) {
    if (new URL(headers.origin).host === headers.host) return
  }
  throw new ForbiddenError('The form must be sent from its own page. Open the page in a current browser.')
}
