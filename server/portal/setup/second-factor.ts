import { form } from '../components/form.ts'
import type { Answer } from '../answer.ts'
import { html } from '../html.ts'
import type { Visit } from '../visit.ts'
import { goOn, pathOf, stepPage } from './steps.ts'

/** Why a second factor, and the way to one. */
export function showSecondFactor(visit: Visit): Answer {
  const { setup } = visit.words
  const action = pathOf('second-factor')
  if (visit.account.secondFactor) {
    const body = html`<p>${setup.secondFactorHas}</p>
      ${form(visit, { action, fields: undefined, submit: setup.next })}`
    return stepPage(visit, 'second-factor', body)
  }
  const body = html`<p>${setup.secondFactorIntro}</p>
    <p>${setup.secondFactorWhy}</p>
    <p class="buttons"><a class="button main" href="/account/security">${setup.secondFactorAdd}</a></p>
    <p class="note">${setup.secondFactorReturn}</p>
    ${form(visit, {
      action,
      fields: html`<p>${setup.secondFactorLaterHint}</p>`,
      submit: setup.secondFactorLater,
      tone: 'quiet',
    })}`
  return stepPage(visit, 'second-factor', body)
}

/** On, with a second factor or without. */
export async function leaveSecondFactor(visit: Visit): Promise<Answer> {
  return await goOn(visit, 'second-factor')
}
