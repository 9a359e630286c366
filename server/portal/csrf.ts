import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { ForbiddenError } from '../errors.ts'
import type { OpenVisit } from './visit.ts'
import { type Html, html, NOTHING } from './html.ts'

/** 256 random bits for the forms of one session. */
export function newCsrf(): string {
  return randomBytes(32).toString('base64url')
}

/** The hidden field that every form of somebody who has signed in carries. */
export function csrfField({ session }: Pick<OpenVisit, 'session'>): Html {
  return session.csrf ? html`<input type="hidden" name="csrf" value="${session.csrf}" />` : NOTHING
}

/**
 * Refuses a form that was not made for this session.
 * @throws {ForbiddenError} also when the session has one and the form has none
 */
export function mustCarryCsrf({ session, form }: Pick<OpenVisit, 'session' | 'form'>): void {
  if (!session.csrf) return
  const given = Buffer.from(form.get('csrf') ?? '')
  const wanted = Buffer.from(session.csrf)
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
