import { siteSettings } from '../site/settings.ts'
import type { TrustGroup } from '../storage/access.ts'
import { page, seeOther } from './answer.ts'
import { badge } from './components/badge.ts'
import { emptyState } from './components/empty-state.ts'
import { panel } from './components/panel.ts'
import { type Html, html } from './html.ts'
import { open, type Route } from './route.ts'
import { setupOffer } from './setup/offer.ts'
import { isSignedIn, type Visit } from './visit.ts'

/** The start page: the groups of whoever has signed in, and for administrators what the site still needs. */
export const homeRoutes: readonly Route[] = [
  open.get('/', (visit) => {
    if (!isSignedIn(visit)) return seeOther('/sign-in')
    const { shell } = visit.words
    const groups = visit.access.groupsOf(visit.account.accountNo)
    return page(
      shell.yourGroups,
      html`<h1>${shell.yourGroups}</h1>
        ${setupOffer(visit)} ${groups.length > 0 ? groupList(visit, groups) : noGroup(visit)}
        ${visit.actor.siteAdministrator && nextSteps(visit)}`,
    )
  }),
]

function groupList(visit: Visit, groups: readonly TrustGroup[]): Html {
  const { access, account, words } = visit
  return html`<ul class="groups">
    ${groups.map((group) => {
      const roles = access.membership(account.accountNo, group.groupNo)?.roles ?? new Set()
      return html`<li>
        <p><a href="/groups/${group.name}">${group.title}</a></p>
        ${group.purpose !== '' && html`<p>${group.purpose}</p>`}
        <p class="note">
          ${words.shell.youAre} ${['member' as const, ...roles].map((role) => html`${badge(words.shell.roles[role])} `)}
        </p>
      </li>`
    })}
  </ul>`
}

function noGroup({ words: { shell }, account }: Visit): Html {
  return emptyState({
    what: shell.emptyHome,
    why: shell.emptyHomeWhy,
    action: html`<p>${shell.emptyHomeName(account.name)}</p>`,
  })
}

/** One thing that a site needs before people can rely on it. */
interface Step {
  readonly what: string
  readonly why: string
  readonly path: string
  readonly done: boolean
}

/** The steps that are still open; nothing when all are done. */
function nextSteps(visit: Visit): Html | undefined {
  const { words, pages } = visit
  const steps = stepsOf(visit).filter(({ path }) => pages.has(path))
  if (steps.every(({ done }) => done)) return undefined
  const { shell } = words
  const entry = ({ what, why, path, done }: Step) =>
    html`<li>
      <span>${done ? badge(shell.done, 'good') : badge(shell.open, 'warn')}</span>
      <div>
        <p>${done ? what : html`<a href="${path}">${what}</a>`}</p>
        ${!done && html`<p class="note">${why}</p>`}
      </div>
    </li>`
  return panel(
    shell.nextSteps,
    html`<ul class="steps">
      ${steps.map(entry)}
    </ul>`,
  )
}

function stepsOf({ words: { shell }, access, account }: Visit): readonly Step[] {
  const { contact, mail } = siteSettings(access)
  return [
    {
      what: shell.stepSecondFactor,
      why: shell.stepSecondFactorWhy,
      path: '/account/security',
      done: account.secondFactor,
    },
    { what: shell.stepName, why: shell.stepNameWhy, path: '/site/settings', done: contact !== '' },
    { what: shell.stepMail, why: shell.stepMailWhy, path: '/site/settings', done: mail.way !== 'capture' },
    { what: shell.stepGroup, why: shell.stepGroupWhy, path: '/site/groups', done: access.groups.length > 0 },
    {
      what: shell.stepSecondAdministrator,
      why: shell.stepSecondAdministratorWhy,
      path: '/site/accounts',
      done: access.administratorCount > 1,
    },
  ]
}
