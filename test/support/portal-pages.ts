import { ROUTES } from '../../server/portal/routes.ts'
import type { PortalClient } from './portal-client.ts'
import type { Onlooker, PortalFixture } from './portal-fixture.ts'
import { WAITING_KEY } from './portal-keys.ts'

/** What stands for the named parts of a path on the site of portal-fixture.ts: the first that fits. */
const PARAMS: readonly (readonly [part: string, value: string])[] = [
  ['/ldap/:provider', '/ldap/county'],
  ['/link/:provider', '/link/county'],
  ['/oidc/:provider', '/oidc/health'],
  ['/providers/:provider', '/providers/county'],
  // the page that a link has when it is used up; what it shows before that is in test/members and test/setup
  [':token', 'used-up'],
  [':fingerprint', WAITING_KEY],
  [':notice', '1'],
  ['/site/groups/:name', '/site/groups/harbour-watch'],
  [':service', 'dana.whitehorse.siem'],
  [':version', '1'],
  ['/vouch/:name/decline', '/vouch/~1/decline'],
  [':nomination', '1'],
  [':form', 'yaml'],
  [':group', 'harbour-watch'],
  [':name', 'boris.vance'],
  [':account', 'boris.vance'],
]

/** Pages that have no address on that site, each with the reason and who looks at it instead. */
const NOT_VISITED: Readonly<Record<string, string>> = {
  '/session': 'no page: says whether a session lives',
  '/account/photo/:changed': 'no page: a picture, test/profile',
  '/groups/:group/members/:name/photo': 'no page: a picture, test/profile',
  '/account/passkeys/:passkey': 'wants a passkey: test/passkeys',
  '/groups/:group/vouch/:name/bundle': 'no page: a signed vouch, test/vouching',
}

/** Paths of all pages, with every named part filled in. */
export function visitablePaths(): readonly string[] {
  return ROUTES.filter(({ method, path }) => method === 'GET' && !(path in NOT_VISITED)).map(({ path }) => {
    const filled = PARAMS.reduce((each, [part, value]) => each.replace(part, value), path)
    if (filled.includes('/:'))
      throw new Error(`say in portal-pages.ts what stands in ${path}, or why it is not visited`)
    return filled
  })
}

/** Who looks, with their client and the pages to look at. */
export interface Tour {
  readonly who: Onlooker
  readonly client: PortalClient
  readonly paths: readonly string[]
}

/**
 * Each page that can be shown, once, with the eyes of the least who may see it; the start page, and the answer of a page
 * that is not there, with everybody's.
 */
export async function tours(site: PortalFixture): Promise<readonly Tour[]> {
  const seen = new Set<string>()
  const made: Tour[] = []
  for (const who of ['visitor', 'member', 'administrator'] as const) {
    const client = await site.clientOf(who)
    const paths: string[] = []
    for (const path of visitablePaths()) {
      if (seen.has(path) && path !== '/') continue
      const response = await client.once(path)
      await response.arrayBuffer()
      if (response.status >= 300 && response.status < 400) continue
      if (response.status === 403 || !response.headers.get('content-type')?.startsWith('text/html')) continue
      seen.add(path)
      paths.push(path)
    }
    made.push({ who, client, paths: [...paths, '/site/nothing-here'] })
  }
  return made
}
