import { type Html, html } from '../html.ts'

/** How far something is, as a bar and always in words: `1,200 of 4,000 objects, about 2 minutes left`. */
export function progress(shape: {
  readonly label: string
  /** Undefined while nobody can tell how much there is. */
  readonly done?: number | undefined
  readonly total?: number | undefined
  readonly words: string
}): Html {
  const { label, done, total, words } = shape
  const known = done !== undefined && total !== undefined && total > 0
  return html`<div class="progress">
    <p><strong>${label}</strong></p>
    <progress aria-label="${label}" ${known && html` value="${Math.min(done, total)}" max="${total}"`}></progress>
    <p class="note">${words}</p>
  </div>`
}
