import type { ListedRequest } from '../members/invitations/admission-requests-desk.ts'
import { emptyState } from './components/empty-state.ts'
import { facts } from './components/facts.ts'
import { actionButton, type Tone } from './components/form.ts'
import { panel } from './components/panel.ts'
import { time } from './components/time.ts'
import { type Html, html, type HtmlValue } from './html.ts'
import type { Visit } from './visit.ts'

/**
 * Open requests to be invited with what can be done with each, for groups and for the site.
 * @param base address of the list, to which the forms go
 * @param more what else can be done here
 */
export function requestList(
  visit: Visit,
  requests: readonly ListedRequest[],
  base: string,
  more: (request: ListedRequest) => HtmlValue,
): Html {
  const text = visit.words.requests
  if (requests.length === 0) return emptyState({ what: text.none, why: text.whyNone })
  return html`<p>${text.warning}</p>
    ${requests.map((request) =>
      panel(
        request.name,
        html`${facts([
            [text.email, request.email],
            [text.affiliation, request.affiliation || '–'],
            [text.made, time(visit, request.madeMicros)],
          ])}
          ${request.message !== '' && request.message.split(/\n+/).map((paragraph) => html`<p>${paragraph}</p>`)}
          <div class="buttons">
            ${button(visit, request, base, 'invited', text.invite, 'main')} ${more(request)}
            ${button(visit, request, base, 'declined', text.decline)}
          </div>`,
        `request-${request.requestNo}`,
      ),
    )}`
}

function button(
  visit: Visit,
  { requestNo, name }: ListedRequest,
  base: string,
  outcome: string,
  label: string,
  tone: Tone = 'quiet',
): Html {
  return actionButton(visit, { action: `${base}/${requestNo}/${outcome}`, label, about: name, tone })
}
