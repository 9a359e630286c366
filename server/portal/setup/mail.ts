import { type Answer, type Page, seeOther } from '../answer.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { html } from '../html.ts'
import type { Mistakes } from '../site/settings-fields.ts'
import { keepMail, mailFields, testButton } from '../site/settings-mail.ts'
import type { Visit } from '../visit.ts'
import { backLink, goOn, pathOf, stepPage } from './steps.ts'

/** Where notices go. */
export function showMail(visit: Visit): Page {
  return mailPage(visit, {})
}

/** Keeps the choice; a test stays on the page, so that it can be mended and tried again. */
export async function keepMailStep(visit: Visit): Promise<Answer> {
  const kept = await keepMail(visit)
  if ('mistakes' in kept) return mailPage(visit, kept.mistakes)
  if (!visit.form.has('try')) return await goOn(visit, 'mail')
  visit.session.toast = kept.toast
  return seeOther(pathOf('mail'))
}

function mailPage(visit: Visit, mistakes: Mistakes): Page {
  const { setup } = visit.words
  const body = html`<p>${setup.mailIntro}</p>
    ${mistakeSummary(visit, mistakes)}
    ${form(visit, {
      action: pathOf('mail'),
      fields: mailFields(visit, mistakes),
      submit: setup.saveAndNext,
      beside: html`${backLink(visit, 'mail')} ${testButton(visit)}`,
    })}`
  return stepPage(visit, 'mail', body, Object.keys(mistakes).length > 0 ? 422 : 200)
}
