import { type Html, html } from '../html.ts'

/** One step of a wizard; `path` where it can be gone to. */
export interface WizardStep {
  readonly label: string
  readonly state: 'done' | 'current' | 'ahead'
  readonly path?: string | undefined
}

/** How far somebody has come in something that has several pages, in words and as a list. */
export function wizardSteps(shape: {
  readonly label: string
  /** `Step 2 of 6` */
  readonly words: string
  /** What is said beside a step that is done. */
  readonly done: string
  readonly steps: readonly WizardStep[]
}): Html {
  const { label, words, done, steps } = shape
  return html`<nav class="wizard-steps" aria-label="${label}">
    <p class="note">${words}</p>
    <ol>
      ${steps.map(
        ({ label: name, state, path }) =>
          html`<li data-state="${state}" ${state === 'current' && html` aria-current="step"`}>
            ${path === undefined ? name : html`<a href="${path}">${name}</a>`}${state === 'done' && html` <span class="unseen">(${done})</span>`}
          </li>`,
      )}
    </ol>
  </nav>`
}
