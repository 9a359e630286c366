import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** How long a browser counts as known. */
export const KNOWN_BROWSER_MICROS = 180 * 86_400_000_000

/**
 * What a browser is given when somebody has signed in with it: wrong tries that come with it are counted by themselves, so
 * that nobody's flood stops whoever has it. It signs nobody in and replaces no factor.
 * @param key of session cookies
 */
export function knownBrowserMark(key: Uint8Array, name: string, nowMicros: number): string {
  const body = `${Math.floor((nowMicros + KNOWN_BROWSER_MICROS) / 1_000_000)}.${randomBytes(12).toString('base64url')}`
  return `${body}.${signature(key, name, body)}`
}

/**
 * The part of a browser's mark that names it.
 * @returns undefined unless it was made for an account of that name and is not over
 */
export function knownBrowser(
  key: Uint8Array,
  name: string,
  mark: string | undefined,
  nowMicros: number,
): string | undefined {
  const [seconds = '', nonce = '', given = '', ...more] = (mark ?? '').split('.')
  const body = `${seconds}.${nonce}`
  const right = Buffer.from(signature(key, name, body))
  const bytes = Buffer.from(given)
  if (more.length > 0 || bytes.length !== right.length || !timingSafeEqual(bytes, right)) return undefined
  return Number(seconds) * 1_000_000 > nowMicros ? nonce : undefined
}

function signature(key: Uint8Array, name: string, body: string): string {
  return createHmac('sha256', key)
    .update(JSON.stringify(['known browser', name, body]))
    .digest('base64url')
}
