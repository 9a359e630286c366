import { newChallenge } from '../../auth/passkeys/challenge.ts'
import { ceremonyPlace } from '../../auth/passkeys/place.ts'
import { requestOptions } from '../../auth/passkeys/options.ts'
import { passkeysOf } from '../../storage/passkeys.ts'
import { csrfField } from '../csrf.ts'
import { type Html, html } from '../html.ts'
import type { OpenVisit } from '../visit.ts'
import { passkeyElsewhere } from './passkey-elsewhere.ts'

/** The script of every page with {@link passkeyButton}: goes into `scripts` of the page. */
export const PASSKEY_SCRIPT = 'passkey.js'

/** A link for the sign-in page: the page behind it asks for the passkey by itself. */
export function passkeyLink({ words }: OpenVisit, next: string): Html {
  return html`<a class="button quiet" href="/sign-in/passkey?next=${encodeURIComponent(next)}"
    >${words.passkeys.signIn}</a
  >`
}

/**
 * The button that asks for a passkey, as a form of its own; hidden until the script has found that the browser can do it.
 * Puts a challenge into the session: at most one of these on a page.
 * @param shape.purpose what the answer is good for; the handler of `action` takes it for nothing else
 * @param shape.accountNo whose passkeys are asked for; without it the browser offers all that it has for this site
 * @returns undefined when the account has no passkey
 */
export async function passkeyButton(
  visit: OpenVisit,
  shape: {
    readonly action: '/sign-in/passkey' | '/sign-in/second/passkey' | '/account/prove/passkey'
    readonly purpose: 'sign-in' | 'second' | 'prove'
    readonly next: string
    readonly accountNo?: number
    /** Asks as soon as the page is there, without a click. */
    readonly atOnce?: boolean
  },
): Promise<Html | undefined> {
  const { context, session, words, nowMicros } = visit
  const { action, purpose, next, accountNo, atOnce } = shape
  const passkeys = accountNo === undefined ? [] : await passkeysOf(context.database, accountNo)
  if (accountNo !== undefined && passkeys.length === 0) return undefined
  const place = ceremonyPlace(context.config, visit.request.headers.host)
  if (place.kind !== 'here') return passkeyElsewhere(visit, place)
  const options = await requestOptions(place, newChallenge(session, purpose, nowMicros), passkeys)
  return html`<form
    method="post"
    action="${action}"
    data-passkey="get"
    ${atOnce && html` data-at-once`}
    data-options="${JSON.stringify(options)}"
  >
    ${csrfField(visit)}
    <input type="hidden" name="next" value="${next}" />
    <input type="hidden" name="answer" />
    <p class="mistake" role="alert" data-failed hidden>${words.passkeys.notDone}</p>
    <p class="mistake" data-unable>${words.passkeys.unable}</p>
    <p class="buttons"><button class="main" hidden>${words.passkeys.use}</button></p>
  </form>`
}
