import type { Account } from '../storage/access.ts'
import { assetPath } from './assets.ts'
import { type Html, html } from './html.ts'
import { open, type Route } from './route.ts'

/** The script of every page of somebody who has signed in: takes the content away when the session has ended. */
export function presenceScript({ accountNo }: Account): Html {
  return html`<script src="${assetPath('presence.js')}" data-account="${accountNo}" defer></script>`
}

/**
 * What that script asks: 204 while the session of the page's account lives, 401 when it has ended or is somebody else's.
 * Asking does not prolong it, or an open page would keep it for ever.
 */
export const presenceRoutes: readonly Route[] = [
  open.get('/session', ({ request, response, query, account }) => {
    const lives = account !== undefined && query.get('account') === String(account.accountNo)
    // without a session express-session notes no use of it
    Reflect.deleteProperty(request, 'session')
    response.writeHead(lives ? 204 : 401).end()
    return { kind: 'sent' }
  }),
]
