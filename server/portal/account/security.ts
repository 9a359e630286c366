import { type Factors, factorsOf, isSecondFactorDemanded } from '../../auth/factors/held-factors.ts'
import { type Passkey, passkeysOf } from '../../storage/passkeys.ts'
import { type Page, page } from '../answer.ts'
import { emptyState } from '../components/empty-state.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { type Html, html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import { setupOffer } from '../setup/offer.ts'
import type { Visit } from '../visit.ts'
import { accountTabs } from './tabs.ts'

/** Everything that somebody signs in with, the strongest first, and what to do next. */
export const securityRoutes: readonly Route[] = [signedIn('see-self').get('/account/security', securityPage)]

async function securityPage(visit: Visit): Promise<Page> {
  const { context, account, nowMicros, access } = visit
  const text = visit.words.account
  const held = await context.database.transaction((trx) => factorsOf(trx, account.accountNo, nowMicros))
  const passkeys = await passkeysOf(context.database, account.accountNo)
  const demanded = isSecondFactorDemanded(access, account)
  return page(
    text.securityTitle,
    html`${accountTabs(visit, 'security')} ${setupOffer(visit)}
      ${pageHeader({ title: text.securityTitle, lead: demanded ? text.demanded : undefined })}
      ${panel(text.advice, advice(visit, held), 'advice')}
      ${panel(text.passkeys, passkeyList(visit, passkeys), 'passkeys')}
      ${panel(
        text.generators,
        html`<p>${text.generatorsWhat}</p>
          <p>
            <a class="button quiet" href="/account/codes">${held.generators > 0 ? text.manageCodes : text.addCodes}</a>
          </p>`,
        'generators',
      )}
      ${panel(
        text.recovery,
        html`<p>${text.recoveryWhat(held.recoveryCodes)}</p>
          <p>
            <a class="button quiet" href="/account/codes#recovery"
              >${held.recoveryCodes > 0 ? text.newRecovery : text.makeRecovery}</a
            >
          </p>`,
        'recovery',
      )}
      ${panel(
        text.password,
        html`<p>${held.password ? text.passwordWhat.yes : text.passwordWhat.no}</p>
          <p>
            <a class="button quiet" href="/account/password"
              >${held.password ? text.changePassword : text.setPassword}</a
            >
          </p>`,
        'password',
      )}
      ${panel(
        text.devices,
        html`<p>${text.devicesWhat(held.devices)}</p>
          <p><a class="button quiet" href="/account/sessions">${text.manageDevices}</a></p>`,
        'devices',
      )}
      <p><a href="/account/recoveries">${visit.words.recoveries.title}</a></p>`,
  )
}

/** One thing at a time: a second factor, another one in reserve, recovery codes. */
function advice({ words }: Visit, held: Factors): Html {
  const text = words.account
  const addPasskey = html`<a class="button" href="/account/passkeys/new">${text.addPasskey}</a>`
  if (held.passkeys + held.generators === 0) {
    return html`<p>${text.adviceFactor}</p>
      <p class="buttons">${addPasskey}</p>
      <p>${text.adviceFactorCodes} <a href="/account/codes">${text.addCodes}</a></p>`
  }
  if (held.recoveryCodes === 0) {
    return html`<p>${text.adviceRecovery}</p>
      <p class="buttons"><a class="button" href="/account/codes#recovery">${text.makeRecovery}</a></p>`
  }
  if (held.passkeys + held.generators === 1) {
    return html`<p>${text.adviceSecond}</p>
      <p class="buttons">${addPasskey}</p>`
  }
  return html`<p>${text.adviceDone}</p>`
}

function passkeyList(visit: Visit, passkeys: readonly Passkey[]): Html {
  const text = visit.words.account
  const add = html`<a class="button quiet" href="/account/passkeys/new">${text.addPasskey}</a>`
  if (passkeys.length === 0) return emptyState({ what: text.noPasskeys, why: text.passkeysWhat, action: add })
  return html`<p>${text.passkeysWhat}</p>
    ${table({
      caption: text.passkeyList,
      columns: [text.passkeyName, text.passkeyKept, text.added, text.lastUsed, text.change].map((label) => ({ label })),
      rows: passkeys.map((passkey) => [
        passkey.name,
        passkey.backedUp ? text.keptBackedUp : text.keptHere,
        time(visit, passkey.createdMicros),
        passkey.lastUsedMicros === undefined ? text.never : time(visit, passkey.lastUsedMicros),
        html`<a href="/account/passkeys/${passkey.key}" aria-label="${text.change}: ${passkey.name}"
          >${text.change}</a
        >`,
      ]),
    })}
    <p class="buttons">${add}</p>`
}
