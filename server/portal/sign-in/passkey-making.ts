import { addPasskey, MAX_PASSKEY_NAME, MAX_PASSKEYS } from '../../auth/passkeys/add-passkey.ts'
import { newChallenge, takeChallenge } from '../../auth/passkeys/challenge.ts'
import { creationOptions } from '../../auth/passkeys/options.ts'
import { ceremonyPlace } from '../../auth/passkeys/place.ts'
import { userHandle } from '../../auth/passkeys/user-handle.ts'
import { ConflictError } from '../../errors.ts'
import { siteSettings } from '../../site/settings.ts'
import type { Account } from '../../storage/access.ts'
import { passkeysOf } from '../../storage/passkeys.ts'
import { textField } from '../components/field.ts'
import { csrfField } from '../csrf.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import type { OpenVisit } from '../visit.ts'
import { passkeyElsewhere } from './passkey-elsewhere.ts'

/** What was wrong with a new passkey: its name, or the browser's answer. */
export type MakingMistakes = Readonly<Partial<Record<'name' | 'answer', string>>>

/** The form that has the browser make a passkey for an account. Puts a challenge into the session. */
export async function passkeyMaking(
  visit: OpenVisit,
  account: Account,
  shape: { readonly action: string; readonly mistakes: MakingMistakes },
): Promise<Html> {
  const { context, session, nowMicros, access, form, words, request, device } = visit
  const place = ceremonyPlace(context.config, request.headers.host)
  if (place.kind !== 'here') return passkeyElsewhere(visit, place)
  const options = await creationOptions(place, newChallenge(session, 'add', nowMicros), {
    siteName: siteSettings(access).name,
    name: account.name,
    displayName: account.displayName,
    handle: userHandle(context, account.accountNo),
    passkeys: await passkeysOf(context.database, account.accountNo),
  })
  return html`<form
    method="post"
    action="${shape.action}"
    data-passkey="create"
    data-options="${JSON.stringify(options)}"
  >
    ${csrfField(visit)}
    ${textField({
      name: 'name',
      label: words.passkeys.name,
      hint: words.passkeys.nameHint,
      value: line(form, 'name') || device.slice(0, MAX_PASSKEY_NAME),
      maxLength: MAX_PASSKEY_NAME,
      required: true,
      mistake: shape.mistakes.name,
    })}
    <input type="hidden" name="answer" id="answer" />
    <p class="mistake" role="alert" data-failed hidden>${words.passkeys.notMade}</p>
    <p class="mistake" data-unable>${words.passkeys.unableToCreate}</p>
    <p class="buttons"><button class="main" hidden>${words.passkeys.create}</button></p>
  </form>`
}

/** Takes what {@link passkeyMaking} sent: the passkey is added, or the form is shown again with what was wrong. */
export async function takeMadePasskey(
  visit: OpenVisit,
  account: Account,
): Promise<
  | { readonly ok: true; readonly name: string; readonly credentialGeneration: number }
  | { readonly ok: false; readonly mistakes: MakingMistakes }
> {
  const { context, session, nowMicros, request, form, words } = visit
  const challenge = takeChallenge(session, 'add', nowMicros)
  const place = ceremonyPlace(context.config, request.headers.host)
  const name = line(form, 'name')
  if (name === '' || name.length > MAX_PASSKEY_NAME) {
    return { ok: false, mistakes: { name: words.passkeys.nameWrong(MAX_PASSKEY_NAME) } }
  }
  try {
    const made = { account, place, challenge, text: form.get('answer') ?? '', name }
    const credentialGeneration = await addPasskey(context, made)
    if (credentialGeneration !== undefined) return { ok: true, name, credentialGeneration }
    return { ok: false, mistakes: { answer: words.passkeys.notAdded } }
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    return { ok: false, mistakes: { answer: words.passkeys.known(MAX_PASSKEYS) } }
  }
}
