/** First segments of the portal's addresses: no API root can have one of them as its path. */
export const PORTAL_SEGMENTS: ReadonlySet<string> = new Set([
  '.well-known',
  'account',
  'api',
  'assets',
  'docs',
  'groups',
  'healthz',
  'invitation',
  'welcome',
  'metrics',
  'readyz',
  'recovery',
  'request-invitation',
  'session',
  'setup',
  'sign-in',
  'sign-out',
  'site',
  '_style',
])

/** Whether an address is for people: the start page, or below one of the segments. Every other address is TAXII's. */
export function isPortalPath(path: string): boolean {
  return path === '/' || PORTAL_SEGMENTS.has(path.split('/', 2)[1] ?? '')
}
