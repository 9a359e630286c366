import { identitiesOf, type LinkedIdentity, unlinkIdentity } from '../../auth/providers/identities.ts'
import { activeProviders } from '../../auth/providers/providers.ts'
import { ConflictError, NotFoundError } from '../../errors.ts'
import { type Answer, ownPath, type Page, page, seeOther } from '../answer.ts'
import { badge } from '../components/badge.ts'
import { emptyState } from '../components/empty-state.ts'
import { actionButton, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import { renewSession } from '../sign-in/begin-session.ts'
import { leaveFor, providerOf } from '../sign-in/oidc-leave.ts'
import type { Visit } from '../visit.ts'
import { linkRoutes } from './identities-link.ts'
import { accountTabs } from './tabs.ts'

/** Identities at directories and providers that open one's own account. */
export const identityRoutes: readonly Route[] = [
  signedIn('see-self').get('/account/identities', async (visit) => await identitiesPage(visit, {})),
  signedIn('set-credentials').post('/account/identities/unlink', unlink),
  ...linkRoutes,
  // proving oneself again is for everybody who is signed in: nothing is changed but when it was last done
  signedIn('see-self').get('/account/prove/oidc/:provider', async (visit) => {
    const next = ownPath(visit.query.get('next'))
    const { accountNo, secondFactor } = visit.account
    // the provider's word is a first factor: whoever has a second one here proves it with that
    if (secondFactor) return seeOther(`/account/prove?next=${encodeURIComponent(next)}`)
    return await leaveFor(visit, await providerOf(visit), { purpose: 'prove', accountNo, next })
  }),
]

async function unlink(visit: Visit): Promise<Answer> {
  const { context, account, form, words } = visit
  const identities = await identitiesOf(context.database, account.accountNo)
  const identity = identities.find((each) => nameOf(each) === line(form, 'identity'))
  if (!identity) throw new NotFoundError('this identity')
  try {
    const { credentialGeneration } = await unlinkIdentity(context, account, identity)
    await renewSession(visit, credentialGeneration)
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    return await identitiesPage(visit, { [idOf(identity)]: words.identities.lastWayIn(identity.title) })
  }
  visit.session.toast = words.identities.unlinked(identity.title)
  return seeOther('/account/identities')
}

async function identitiesPage(visit: Visit, mistakes: Readonly<Record<string, string>>): Promise<Page> {
  const { context, account, words } = visit
  const text = words.identities
  const identities = await identitiesOf(context.database, account.accountNo)
  const others = await linkable(visit)
  const list =
    identities.length === 0
      ? emptyState({ what: text.none, why: others.length === 0 ? text.noProviders : text.whyNone })
      : identityTable(visit, identities)
  return page(
    text.title,
    html`${accountTabs(visit, 'identities')} ${pageHeader({ title: text.title, lead: text.lead })}
    ${mistakeSummary(visit, mistakes)} ${panel(text.list, list, 'linked')}
    ${
      others.length > 0 &&
      panel(
        text.add,
        html`<p>${text.addLead}</p>
          ${linkButtons(visit, others)}`,
        'link',
      )
    }`,
    Object.keys(mistakes).length > 0 ? { status: 422 } : {},
  )
}

function identityTable(visit: Visit, identities: readonly LinkedIdentity[]): Html {
  const text = visit.words.identities
  return table({
    caption: text.caption,
    columns: [{ label: text.provider }, { label: text.since }, { label: text.lastUse }, { label: text.actions }],
    rows: identities.map((identity) => [
      html`<span id="${idOf(identity)}">${identity.title}</span> ${!identity.active && badge(text.paused, 'warn')}`,
      time(visit, identity.createdMicros),
      identity.lastUsedMicros === undefined ? text.never : time(visit, identity.lastUsedMicros),
      actionButton(visit, {
        action: '/account/identities/unlink',
        label: text.unlink,
        about: identity.title,
        tone: 'danger',
        fields: { identity: nameOf(identity) },
      }),
    ]),
  })
}

/** Every provider: somebody may have two identities at one. */
async function linkable({ context }: Visit) {
  return await activeProviders(context.database)
}

function linkButtons(visit: Visit, providers: Awaited<ReturnType<typeof linkable>>): Html {
  return html`<div class="buttons">
    ${providers.map(({ name, title }) =>
      actionButton(visit, { action: `/account/identities/link/${name}`, label: visit.words.identities.link(title) }),
    )}
  </div>`
}

/** Names an identity in a form of its owner. */
function nameOf({ issuer, subject }: LinkedIdentity): string {
  return JSON.stringify([issuer, subject])
}

function idOf(identity: LinkedIdentity): string {
  return `identity-${Buffer.from(nameOf(identity)).toString('hex').slice(-24)}`
}
