import { type Html, html } from '../html.ts'
import { codeBlock } from './code-block.ts'

/** Instead of an empty list: what would be here, why nothing is, one thing to do and one command that does it. */
export function emptyState(state: {
  readonly what: string
  readonly why: string
  readonly action?: Html | undefined
  readonly command?: string | undefined
}): Html {
  return html`<div class="empty">
    <p><strong>${state.what}</strong></p>
    <p>${state.why}</p>
    ${state.action}${state.command && codeBlock(state.command)}
  </div>`
}
