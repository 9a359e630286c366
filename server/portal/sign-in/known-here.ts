import { knownBrowser } from '../../auth/sessions/known-browser.ts'
import { cookieOf, COOKIES } from '../cookies.ts'
import type { OpenVisit } from '../visit.ts'

/** Where a try comes from, as it is counted: the network, and the browser when it has signed in to the account before. */
export function placeOf(
  { context, request, network, nowMicros }: OpenVisit,
  name: string,
): { readonly network: string; readonly knownBrowser: string | undefined } {
  const mark = cookieOf(context.config, request, COOKIES.knownBrowser)
  return { network, knownBrowser: knownBrowser(context.sessionKey, name, mark, nowMicros) }
}
