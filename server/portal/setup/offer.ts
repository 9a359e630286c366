import { can } from '../../../policies/can.ts'
import { actionButton } from '../components/form.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'
import { openStep, pathOf } from './steps.ts'

/** The way back into a set-up that was begun and not finished, for those who may go on with it. */
export function setupOffer(visit: Visit): Html | undefined {
  const step = openStep(visit)
  if (step === undefined || step === 'administrator' || !can(visit.actor, 'set-site', { kind: 'site' }).ok) {
    return undefined
  }
  const { setup } = visit.words
  return html`<section class="panel setup-offer">
    <h2>${setup.offerTitle}</h2>
    <p>${setup.offer(setup.steps[step])}</p>
    <div class="buttons">
      <a class="button main" href="${pathOf(step)}">${setup.offerGo}</a>
      ${actionButton(visit, { action: pathOf('done'), label: setup.offerEnd })}
    </div>
  </section>`
}
