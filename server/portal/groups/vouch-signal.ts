import { NotFoundError } from '../../errors.ts'
import { sendSignal } from '../../members/vouching/signals.ts'
import type { VouchDesk } from '../../members/vouching/vouch-page.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { textArea } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { deskOf, deskPath } from './vouch.ts'
import { paragraphs } from './vouch-fields.ts'

type Kind = 'decline' | 'concern'
const FIELDS = {
  bad_reason: 'reason',
  signal_self: 'reason',
  signal_already: 'reason',
  signal_unread: 'reason',
  vouches_already: 'reason',
}
const ONE = '/groups/:group/vouch/:name'

/** Declining to vouch, and telling of a concern: to the administrators alone. */
export const vouchSignalRoutes: readonly Route[] = (['decline', 'concern'] as const).flatMap((kind) => [
  inGroup('raise-concern').get(`${ONE}/${kind}`, async (visit) =>
    signalPage(visit, await about(visit, kind), kind, {}),
  ),
  inGroup('raise-concern').post(`${ONE}/${kind}`, (visit) => send(visit, kind)),
])

/** Only somebody who is nominated can be declined. */
async function about(visit: GroupVisit, kind: Kind): Promise<VouchDesk> {
  const desk = await deskOf(visit)
  if (kind === 'decline' && desk.subject.nominationNo === undefined) throw new NotFoundError('this page')
  return desk
}

async function send(visit: GroupVisit, kind: Kind): Promise<Answer> {
  const { form: sent, context, group, session, words } = visit
  const desk = await about(visit, kind)
  const reason = paragraphs(sent, 'reason')
  try {
    await sendSignal(context, { ...byOf(visit), group: group.name, about: desk.subject.handle, kind, reason })
  } catch (error) {
    return signalPage(visit, desk, kind, mistakeAt(error, FIELDS))
  }
  session.toast = words.vouching.sent
  return seeOther(deskPath(visit, desk))
}

function signalPage(visit: GroupVisit, desk: VouchDesk, kind: Kind, mistakes: Readonly<Record<string, string>>): Page {
  const { words, form: sent } = visit
  const text = words.vouching
  const { name } = desk.subject
  const path = deskPath(visit, desk)
  const title = kind === 'decline' ? text.declineTitle(name) : text.concernTitle(name)
  return page(
    title,
    html`${pageHeader({ title, lead: kind === 'decline' ? text.declineLead : text.concernLead })}
      ${mistakeSummary(visit, mistakes)}
      ${form(visit, {
        action: `${path}/${kind}`,
        fields: textArea({
          name: 'reason',
          label: text.reason,
          hint: text.reasonHint,
          value: paragraphs(sent, 'reason'),
          maxLength: 2000,
          rows: 6,
          required: true,
          mistake: mistakes['reason'],
        }),
        submit: text.send,
      })}
      <p><a href="${path}">${text.title(name)}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}
