import { setSettings, siteSettings } from '../../site/settings.ts'
import { type Answer, page, type Page, seeOther } from '../answer.ts'
import { wizardSteps } from '../components/wizard-steps.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import { isSignedIn, type OpenVisit, type Visit } from '../visit.ts'

/** The steps of the first run, in order; each but the first has the address `/setup/<step>`. */
export const STEPS = ['administrator', 'second-factor', 'site', 'mail', 'machine', 'done'] as const
export type Step = (typeof STEPS)[number]

/** A page of the first run: how far it is, its heading and what it asks. */
export function stepPage(visit: OpenVisit, step: Step, body: HtmlValue, status = 200): Page {
  const { words } = visit
  const here = STEPS.indexOf(step)
  const title = words.setup.steps[step]
  const steps = STEPS.map((each, i) => ({
    label: words.setup.steps[each],
    state: i < here ? ('done' as const) : i === here ? ('current' as const) : ('ahead' as const),
    // the first cannot be done again, and the others need its administrator
    path: isSignedIn(visit) && i > 0 && i !== here ? pathOf(each) : undefined,
  }))
  return page(
    `${title} · ${words.setup.title}`,
    html`${wizardSteps({
        label: words.setup.progress,
        words: words.setup.stepOf(here + 1, STEPS.length),
        done: words.setup.done,
        steps,
      })}
      <h1>${title}</h1>
      ${body}`,
    { status },
  )
}

/** The address of a step. */
export function pathOf(step: Step): string {
  return `/setup/${step}`
}

/** The step to go on with; undefined when the set-up was finished, or never begun here. */
export function openStep({ access }: Pick<OpenVisit, 'access'>): Step | undefined {
  const { setupStep } = siteSettings(access)
  return setupStep === 0 ? undefined : STEPS[setupStep - 1]
}

/** On to the step after this one; how far it has come is kept for whoever comes back later. */
export async function goOn(visit: Visit, from: Step): Promise<Answer> {
  const next = STEPS[STEPS.indexOf(from) + 1] ?? 'done'
  const { setupStep } = siteSettings(visit.access)
  if (setupStep > 0 && setupStep <= STEPS.indexOf(from) + 1) {
    const settings = { setupStep: STEPS.indexOf(next) + 1 }
    await setSettings(visit.context, { actor: visit.account.name, settings })
  }
  return seeOther(pathOf(next))
}

/** The way to the step before this one. */
export function backLink(visit: OpenVisit, step: Step): Html | undefined {
  const before = STEPS[STEPS.indexOf(step) - 1]
  if (before === undefined || before === 'administrator') return undefined
  return html`<a class="button quiet" href="${pathOf(before)}">${visit.words.setup.back}</a>`
}
