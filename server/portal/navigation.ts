import { can } from '../../policies/can.ts'
import type { Action } from '../../policies/roles.ts'
import { type Html, html } from './html.ts'
import type { Visit } from './visit.ts'

/** A place in the navigation. It is shown to those who may go there; pages that do not exist yet are not here. */
interface Place {
  readonly path: string
  readonly label: string
  readonly action: Action
}

/** The navigation of somebody who has signed in: their groups, the places in the present group, the site. */
export function navigation(visit: Visit): Html {
  const { words, access, account, actor } = visit
  const groups = access.groupsOf(account.accountNo)
  const current = access.group(/^\/groups\/([^/?]+)/.exec(visit.request.path)?.[1] ?? '')
  const link = ({ path, label }: Place) =>
    html`<li><a href="${path}" ${isHere(visit, path) && html`aria-current="page"`}>${label}</a></li>`
  const shownGroup = current && groups.includes(current) ? current : undefined
  const inGroup: readonly Place[] = shownGroup
    ? [
        { path: `/groups/${shownGroup.name}`, label: words.shell.overview, action: 'see-group' },
        { path: `/groups/${shownGroup.name}/members`, label: words.shell.members, action: 'see-members' },
      ]
    : []
  const onSite: readonly Place[] = [
    { path: '/site/status', label: words.shell.status, action: 'see-status' as const },
    { path: '/site/accounts', label: words.shell.accounts, action: 'see-accounts' as const },
    { path: '/site/groups', label: words.shell.groups, action: 'manage-groups' as const },
    { path: '/site/providers', label: words.shell.providers, action: 'manage-providers' as const },
    { path: '/site/outbox', label: words.shell.outbox, action: 'see-outbox' as const },
    { path: '/site/audit', label: words.shell.audit, action: 'see-audit' as const },
    { path: '/site/settings', label: words.shell.settings, action: 'set-site' as const },
    { path: '/_style', label: words.shell.style, action: 'see-style' as const },
  ].filter(({ action }) => can(actor, action, { kind: 'site' }).ok)
  return html`<nav aria-label="${words.shell.mainNavigation}">
    <ul>
      ${groups.map((group) => html`<li><a href="/groups/${group.name}">${group.title}</a></li>`)} ${inGroup.map(link)}
      ${onSite.map(link)}
    </ul>
  </nav>`
}

function isHere({ request }: Visit, path: string): boolean {
  return request.path === path
}
