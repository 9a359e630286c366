import { page, seeOther } from './answer.ts'
import { html } from './html.ts'
import { open, type Route } from './route.ts'
import { isSignedIn } from './visit.ts'

/** The start page: the groups of whoever has signed in. */
export const homeRoutes: readonly Route[] = [
  open.get('/', (visit) => {
    if (!isSignedIn(visit)) return seeOther('/sign-in')
    const groups = visit.access.groupsOf(visit.account.accountNo)
    return page(
      visit.words.shell.groups,
      html`<h1>${visit.words.shell.groups}</h1>
        <ul>
          ${groups.map((group) => html`<li><a href="/groups/${group.name}">${group.title}</a></li>`)}
        </ul>`,
    )
  }),
]
