import type { CeremonyPlace } from '../../auth/passkeys/place.ts'
import { type Html, html } from '../html.ts'
import type { OpenVisit } from '../visit.ts'

/** Instead of a passkey's button: why it cannot work at this address, and where it can. */
export function passkeyElsewhere({ words, request }: OpenVisit, place: Exclude<CeremonyPlace, { kind: 'here' }>): Html {
  if (place.kind === 'nowhere') return html`<p class="hint">${words.passkeys.nowhere}</p>`
  const path = request.method === 'GET' ? request.originalUrl : '/'
  return html`<p class="hint">${words.passkeys.elsewhere} <a href="${place.url}${path}">${place.url}</a></p>`
}
