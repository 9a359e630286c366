import { type Html, html } from '../html.ts'

/** A word about a state; the colour only repeats it. */
export function badge(text: string, tone: 'good' | 'warn' | 'bad' | 'plain' = 'plain'): Html {
  return html`<span class="badge" data-tone="${tone}">${text}</span>`
}
