import { type Html, html, type HtmlValue } from '../html.ts'
import type { OpenVisit } from '../visit.ts'
import { form, type Tone } from './form.ts'

/** Asks once more before something that is hard to undo: what will happen, the button that does it, and the way back. */
export function confirm(
  visit: Pick<OpenVisit, 'session'>,
  shape: {
    readonly question: string
    readonly consequence: HtmlValue
    readonly action: string
    readonly submit: string
    readonly back: { readonly path: string; readonly label: string }
    readonly fields?: HtmlValue
    readonly tone?: Tone
    readonly method?: 'get' | 'post'
    /** Of this question, where a page has several. */
    readonly id?: string
  },
): Html {
  const {
    question,
    consequence,
    action,
    submit,
    back,
    fields,
    tone = 'danger',
    method = 'post',
    id = 'question',
  } = shape
  return html`<div class="dialog" data-tone="${tone}" role="group" aria-labelledby="${id}">
    <h2 id="${id}">${question}</h2>
    <p>${consequence}</p>
    ${form(visit, { action, method, fields, submit, tone, beside: html`<a class="button quiet" href="${back.path}">${back.label}</a>` })}
  </div>`
}
