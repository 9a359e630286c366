import { setTimeout as wait } from 'node:timers/promises'
import { linkIdentity } from '../../auth/providers/identities.ts'
import { countedName, proveLdap } from '../../auth/ldap/prove.ts'
import { proposeMemberships } from '../../auth/providers/provider-proposals.ts'
import { findProvider, type LdapProvider, type Provider } from '../../auth/providers/providers.ts'
import { ConflictError, NotFoundError } from '../../errors.ts'
import { giveBack } from '../../storage/attempts.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { line } from '../form.ts'
import { html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import { leaveFor, providerOf } from '../sign-in/oidc-leave.ts'
import type { Visit } from '../visit.ts'
import { accountTabs } from './tabs.ts'

const IDENTITIES = '/account/identities'
/** Between the button and the way out. */
const WANTED_MICROS = 10 * 60_000_000
/** A refusal takes at least this long: a directory checks a password only where there is somebody, and that takes time. */
const LEAST_MILLIS = 300

declare module 'express-session' {
  interface SessionData {
    /** Which provider the owner of the account has just said to link, with a form of ours. */
    linking: { readonly provider: string; readonly untilMicros: number }
  }
}

/**
 * Linking an identity. It begins with a form of ours, because a link on another site could send somebody who is signed in
 * at the provider as the attacker; and the way out is a link, because form-action lets no form lead to another origin.
 */
export const linkRoutes: readonly Route[] = [
  signedIn('set-credentials').post(`${IDENTITIES}/link/:provider`, async ({ context, params, session, nowMicros }) => {
    const { name } = await providerToLink(context, params['provider'])
    session.linking = { provider: name, untilMicros: nowMicros + WANTED_MICROS }
    return seeOther(`${IDENTITIES}/link/${name}`)
  }),
  signedIn('set-credentials').get(`${IDENTITIES}/link/:provider`, async (visit) => {
    const provider = await providerToLink(visit.context, visit.params['provider'])
    if (!isWanted(visit, provider.name)) return seeOther(IDENTITIES)
    return provider.kind === 'ldap' ? directoryPage(visit, provider, {}) : goPage(visit, provider)
  }),
  signedIn('set-credentials').get(`${IDENTITIES}/link/:provider/go`, async (visit) => {
    const provider = await providerOf(visit)
    if (!isWanted(visit, provider.name)) return seeOther(IDENTITIES)
    delete visit.session.linking
    const { accountNo } = visit.account
    return await leaveFor(visit, provider, { purpose: 'link', accountNo, next: IDENTITIES })
  }),
  signedIn('set-credentials').post(`${IDENTITIES}/link/:provider/directory`, linkAtDirectory),
]

/** @throws {NotFoundError} when there is none, or it is paused */
async function providerToLink(context: Visit['context'], name: string | undefined): Promise<Provider> {
  const provider = await findProvider(context, name ?? '')
  if (!provider?.active) throw new NotFoundError('this page')
  return provider
}

function isWanted({ session, nowMicros }: Visit, provider: string): boolean {
  return session.linking?.provider === provider && session.linking.untilMicros > nowMicros
}

function goPage(visit: Visit, { name, title }: Provider): Page {
  const text = visit.words.identities
  return page(
    text.goTitle(title),
    html`${accountTabs(visit, 'identities')} ${pageHeader({ title: text.goTitle(title), lead: text.goLead(title) })}
      <p>${text.goOwn}</p>
      <p class="buttons">
        <a class="button" href="${IDENTITIES}/link/${name}/go">${text.go(title)}</a>
        <a class="button quiet" href="${IDENTITIES}">${text.cancel}</a>
      </p>`,
  )
}

function directoryPage(visit: Visit, { name, title }: LdapProvider, mistakes: Readonly<Record<string, string>>): Page {
  const text = visit.words.identities
  return page(
    text.goTitle(title),
    html`${accountTabs(visit, 'identities')}
    ${pageHeader({ title: text.goTitle(title), lead: text.directoryLead(title) })} ${mistakeSummary(visit, mistakes)}
    ${form(visit, {
      action: `${IDENTITIES}/link/${name}/directory`,
      submit: text.link(title),
      fields: [
        textField({
          name: 'name',
          label: text.name(title),
          value: line(visit.form, 'name'),
          autocomplete: 'off',
          required: true,
          mistake: mistakes['name'],
        }),
        textField({
          name: 'password',
          label: text.password(title),
          type: 'password',
          autocomplete: 'off',
          required: true,
          mistake: mistakes['password'],
        }),
      ],
    })}`,
    Object.keys(mistakes).length > 0 ? { status: 422 } : {},
  )
}

async function linkAtDirectory(visit: Visit): Promise<Answer> {
  const { context, account, words, network } = visit
  const text = words.identities
  const provider = await providerToLink(context, visit.params['provider'])
  if (provider.kind !== 'ldap') throw new NotFoundError('this page')
  const [name, password] = [line(visit.form, 'name'), visit.form.get('password') ?? '']
  const missing = {
    ...(name === '' && { name: text.wantsName }),
    ...(password === '' && { password: text.wantsPassword }),
  }
  if (Object.keys(missing).length > 0) return directoryPage(visit, provider, missing)
  const began = performance.now()
  // counted as at the sign-in page: nobody guesses a password at a directory from here
  const counted = `ldap:${provider.name}:${countedName(name)}`
  const begun = await context.attempts.begin({ what: 'password', name: counted, network })
  const answer = await proveLdap(provider, name, password)
  if (!answer.ok) {
    // nothing was tried at a directory that is away
    if (answer.why === 'unavailable') await giveBack(context.database, [begun.own, ...begun.shared])
    const detail = { provider: provider.name, why: answer.why, purpose: 'link', network, device: visit.device }
    await context.refusals.note({ kind: 'sign_in_refused', actor: account.name, detail })
    await wait(Math.max(0, LEAST_MILLIS - (performance.now() - began)))
    const isAway = answer.why === 'unavailable'
    return directoryPage(visit, provider, {
      name: isAway ? words.ldapSignIn.unavailable(provider.title) : words.ldapSignIn.wrong,
    })
  }
  await context.attempts.succeeded(begun)
  try {
    await linkIdentity(context, account, provider, answer.person)
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    return directoryPage(visit, provider, { name: text.taken(provider.title) })
  }
  await proposeMemberships(context, provider, account.accountNo, answer.person.groups)
  delete visit.session.linking
  visit.session.toast = text.linked(provider.title)
  return seeOther(IDENTITIES)
}
