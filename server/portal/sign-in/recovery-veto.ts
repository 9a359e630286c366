import { isVeto, vetoRecovery } from '../../members/recovery/use-recovery.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { actionButton } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { html } from '../html.ts'
import { open, type Route } from '../route.ts'
import type { OpenVisit } from '../visit.ts'
import { deadLink } from './dead-link.ts'

/** The owner of an account stops a recovery, by the link in the warning: no sign-in is asked for, for lack of one. */
export const vetoRoutes: readonly Route[] = [
  open.get('/recovery/stopped', stoppedPage),
  open.get('/recovery/veto/:token', vetoPage),
  open.post('/recovery/veto/:token', veto),
]

async function vetoPage(visit: OpenVisit): Promise<Page> {
  const { context, params, words } = visit
  const token = params['token'] ?? ''
  if (!(await isVeto(context, token))) return deadLink(visit, 'deadRecovery')
  const text = words.invitations
  return page(
    text.vetoTitle,
    html`${pageHeader({ title: text.vetoTitle, lead: text.vetoLead })}
    ${actionButton(visit, { action: `/recovery/veto/${token}`, label: text.vetoSubmit, tone: 'danger' })}`,
  )
}

async function veto(visit: OpenVisit): Promise<Answer> {
  const { context, params } = visit
  if (!(await vetoRecovery(context, params['token'] ?? ''))) return deadLink(visit, 'deadRecovery')
  return seeOther('/recovery/stopped')
}

function stoppedPage({ words }: OpenVisit): Page {
  const text = words.invitations
  return page(
    text.stoppedTitle,
    html`${pageHeader({ title: text.stoppedTitle, lead: text.stopped })}
      <p><a href="/sign-in">${text.toSignIn}</a></p>`,
  )
}
