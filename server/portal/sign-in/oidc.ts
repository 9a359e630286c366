import { ownPath } from '../answer.ts'
import { fromServers, open, type Route } from '../route.ts'
import { arrive } from './oidc-arrive.ts'
import { leaveFor, providerOf } from './oidc-leave.ts'
import { signedOutPage, takeLogout } from './oidc-logout.ts'
import { mishapPage } from './oidc-mishap.ts'

/**
 * Signing in at an OpenID provider: out by a link, so that no form leads to another origin; back to an address that is the
 * provider's own.
 */
export const oidcSignInRoutes: readonly Route[] = [
  open.get('/sign-in/oidc/:provider', async (visit) => {
    const next = ownPath(visit.query.get('next'))
    return await leaveFor(visit, await providerOf(visit), { purpose: 'sign-in', next })
  }),
  open.get('/sign-in/oidc/:provider/callback', arrive),
  open.get('/sign-in/oidc/:provider/failed', async (visit) => mishapPage(visit, await providerOf(visit))),
  open.get('/sign-in/oidc/:provider/signed-out', signedOutPage),
  fromServers.post('/sign-in/oidc/:provider/backchannel', takeLogout),
]
