import { can, type Subject } from '../../policies/can.ts'
import type { TrustGroup } from '../storage/access.ts'
import { type Html, html } from './html.ts'
import { GROUP_PLACES, type Place, SITE_PLACES } from './places.ts'
import type { Visit } from './visit.ts'

/** What of the navigation stands in the bar: the trust groups of whoever has signed in. */
export function groupSwitcher(visit: Visit): Html {
  const { access, account, words } = visit
  const groups = access.groupsOf(account.accountNo)
  const current = presentGroup(visit)
  return html`<details class="menu" name="bar">
    <summary>
      <span class="unseen">${words.shell.switchGroup}: </span><span>${current?.title ?? words.shell.chooseGroup}</span>
    </summary>
    <ul>
      ${groups.map((group) => html`<li><a href="/groups/${group.name}" ${group === current && html` aria-current="true"`}>${group.title}</a></li>`)}
      ${groups.length === 0 && html`<li class="note">${words.shell.noGroups}</li>`}
      <li class="apart"><a href="/">${words.shell.allGroups}</a></li>
    </ul>
  </details>`
}

/**
 * The places of the present group, or where there is none the groups; and the places of the site. On a wide screen they
 * stand beside the page; on a narrow one they are a popover, which browsers open and close without a script.
 */
export function places(visit: Visit): Html {
  const { access, account, request } = visit
  const { shell } = visit.words
  const group = presentGroup(visit)
  const inGroup = group ? GROUP_PLACES.filter((place) => mayEnter(visit, place, subjectOf(visit, group))) : []
  const onSite = SITE_PLACES.filter((place) => mayEnter(visit, place, { kind: 'site' }))
  const groups = access.groupsOf(account.accountNo)
  const current = nearest(request.path, [...inGroup, ...onSite], group)
  const list = (title: string, id: string, entries: readonly Place[]) =>
    html`<p id="${id}">${title}</p>
      <ul aria-labelledby="${id}">
        ${entries.map((place) => {
          const path = inPlace(place.path, group)
          const here = path === request.path ? 'page' : 'true'
          return html`<li>
            <a href="${path}" ${place === current && html` aria-current="${here}"`}>${shell[place.label]}</a>
          </li>`
        })}
      </ul>`
  return html`<nav class="places" id="places" popover aria-label="${shell.mainNavigation}">
    ${
      group
        ? inGroup.length > 0 && list(group.title, 'places-group', inGroup)
        : html`<p id="places-groups">${shell.yourGroups}</p>
            <ul aria-labelledby="places-groups">
              <li><a href="/" ${request.path === '/' && html` aria-current="page"`}>${shell.overview}</a></li>
              ${groups.map(({ name, title }) => html`<li><a href="/groups/${name}">${title}</a></li>`)}
            </ul>`
    }
    ${onSite.length > 0 && list(shell.site, 'places-site', onSite)}
  </nav>`
}

/** The group that the address is about, if the visitor may know of it. */
function presentGroup(visit: Visit): TrustGroup | undefined {
  const group = visit.access.group(/^\/groups\/([^/]+)/.exec(visit.request.path)?.[1] ?? '')
  if (!group) return undefined
  const permit = can(visit.actor, 'see-group', subjectOf(visit, group))
  return permit.ok || permit.reason !== 'absent' ? group : undefined
}

function subjectOf({ access, actor, nowMicros }: Visit, { groupNo, secondFactor }: TrustGroup): Subject {
  const membership = access.membership(actor.accountNo, groupNo)
  const brokenGlass = access.hasBrokenGlass(actor.accountNo, groupNo, nowMicros)
  return { kind: 'group', membership, brokenGlass, secondFactor }
}

function mayEnter({ actor, pages }: Visit, { path, action }: Place, subject: Subject): boolean {
  return pages.has(path) && can(actor, action, subject).ok
}

function inPlace(path: string, group: TrustGroup | undefined): string {
  return path.replace(':group', group?.name ?? '')
}

/** The place that a page belongs to: the one with the longest path above it. */
function nearest(path: string, all: readonly Place[], group: TrustGroup | undefined): Place | undefined {
  return all
    .flatMap((place) => [place.path, ...(place.also ?? [])].map((each) => ({ place, stem: inPlace(each, group) })))
    .filter(({ stem }) => path === stem || path.startsWith(`${stem}/`))
    .toSorted((a, b) => b.stem.length - a.stem.length)
    .at(0)?.place
}
