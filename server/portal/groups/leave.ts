import { ConflictError } from '../../errors.ts'
import { leaveGroup } from '../../members/departures.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { confirm } from '../components/confirm.ts'
import { pageHeader } from '../components/page-header.ts'
import { html } from '../html.ts'
import { sentence } from '../refusal.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'

/** Leaving a group. */
export const leaveRoutes: readonly Route[] = [
  inGroup('leave-group').get('/groups/:group/leave', (visit) => leavePage(visit)),
  inGroup('leave-group').post('/groups/:group/leave', leave),
]

async function leave(visit: GroupVisit): Promise<Answer> {
  const { context, group, account, session, words } = visit
  try {
    await leaveGroup(context, { ...byOf(visit), group: group.name, account: account.name })
  } catch (error) {
    if (error instanceof ConflictError) return leavePage(visit, sentence(error.message))
    throw error
  }
  session.toast = words.groups.left(group.title)
  return seeOther('/')
}

function leavePage(visit: GroupVisit, problem?: string): Page {
  const { words, group } = visit
  const text = words.groups
  return page(
    text.leaveQuestion(group.title),
    html`${pageHeader({ title: text.leave, lead: group.title })}
    ${
      problem &&
      html`<div class="mistakes" role="alert">
        <h2>${text.cannot}</h2>
        <p>${problem}</p>
      </div>`
    }
    ${confirm(visit, {
      question: text.leaveQuestion(group.title),
      consequence: text.leaveConsequence,
      action: `/groups/${group.name}/leave`,
      submit: text.leave,
      back: { path: `/groups/${group.name}`, label: text.stay },
    })}`,
    { status: problem === undefined ? 200 : 409 },
  )
}
