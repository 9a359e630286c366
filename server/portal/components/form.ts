import { csrfField } from '../csrf.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import type { OpenVisit } from '../visit.ts'

/** `danger` for what cannot be undone or shuts somebody out. */
export type Tone = 'main' | 'quiet' | 'danger'

/** A form with its CSRF field. */
export function form(
  visit: Pick<OpenVisit, 'session'>,
  shape: {
    readonly action: string
    readonly fields: HtmlValue
    readonly submit: string
    readonly tone?: Tone
    readonly method?: 'get' | 'post'
    readonly upload?: boolean
    /** What stands beside the button: another way on. */
    readonly beside?: HtmlValue
  },
): Html {
  const { action, fields, submit, tone = 'main', method = 'post', upload = false, beside } = shape
  return html`<form method="${method}" action="${action}" ${upload && html` enctype="multipart/form-data"`}>
    ${method === 'post' && csrfField(visit)}${fields}
    <p class="buttons"><button class="${tone}">${submit}</button>${beside}</p>
  </form>`
}

/** One button that does one thing. */
export function actionButton(
  visit: Pick<OpenVisit, 'session'>,
  shape: {
    readonly action: string
    readonly label: string
    /** For screen readers, where several buttons have the same label: `Remove alice`. */
    readonly about?: string
    readonly tone?: Tone
    readonly fields?: Readonly<Record<string, string>>
  },
): Html {
  const { action, label, about, tone = 'quiet', fields = {} } = shape
  return html`<form method="post" action="${action}" class="action">
    ${csrfField(visit)}${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <button class="${tone}" ${about && html` aria-label="${label}: ${about}"`}>${label}</button>
  </form>`
}

/** What is wrong with a form, at its head, each with a link to its field. */
export function mistakeSummary(
  visit: Pick<OpenVisit, 'words'>,
  mistakes: Readonly<Record<string, string>>,
): Html | undefined {
  const entries = Object.entries(mistakes)
  if (entries.length === 0) return undefined
  return html`<div class="mistakes" role="alert">
    <h2>${visit.words.shell.mistakes}</h2>
    <ul>
      ${entries.map(([name, text]) => html`<li><a href="#${name}">${text}</a></li>`)}
    </ul>
  </div>`
}
