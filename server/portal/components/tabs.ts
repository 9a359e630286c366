import { type Html, html } from '../html.ts'

/** Pages that belong together, as links: they work without script, and each has an address. */
export function tabs(
  label: string,
  entries: readonly { readonly path: string; readonly label: string; readonly current: boolean }[],
): Html {
  return html`<nav class="tabs" aria-label="${label}">
    <ul>
      ${entries.map((entry) => html`<li><a href="${entry.path}" ${entry.current && html` aria-current="page"`}>${entry.label}</a></li>`)}
    </ul>
  </nav>`
}
