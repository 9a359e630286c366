import { type Page, page } from '../answer.ts'
import { pageHeader } from '../components/page-header.ts'
import { html } from '../html.ts'
import type { OpenVisit } from '../visit.ts'

/** One answer for every link that opens nothing: wrong, used, expired, withdrawn, replaced, of somebody suspended. */
export function deadLink({ words }: OpenVisit, next: 'deadInvitation' | 'deadRecovery' | 'deadWelcome'): Page {
  const text = words.invitations
  return page(
    text.deadTitle,
    html`${pageHeader({ title: text.deadTitle, lead: text.dead })}
      <p>${next === 'deadWelcome' ? words.welcome.dead : text[next]}</p>
      <p><a href="/">${words.shell.toHome}</a></p>`,
    { status: 404 },
  )
}
