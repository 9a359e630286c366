import { type Html, html, type HtmlValue } from '../html.ts'
import type { OpenVisit } from '../visit.ts'
import { time } from './time.ts'

/** What happened when, the newest first or last as given. */
export function timeline(
  visit: Pick<OpenVisit, 'account' | 'language'>,
  events: readonly {
    readonly atMicros: number
    readonly what: HtmlValue
    readonly detail?: HtmlValue
    readonly tone?: 'good' | 'warn' | 'bad' | 'plain'
  }[],
): Html {
  return html`<ol class="timeline">
    ${events.map(
      ({ atMicros, what, detail, tone = 'plain' }) =>
        html`<li data-tone="${tone}">
          ${time(visit, atMicros)}
          <p>${what}</p>
          ${detail !== undefined && html`<p class="note">${detail}</p>`}
        </li>`,
    )}
  </ol>`
}
