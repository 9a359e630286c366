import { type Html, html } from '../html.ts'

/** The pages above this one, from the outermost. The page itself is not in it: its heading follows. */
export function breadcrumb(label: string, above: readonly { readonly path: string; readonly label: string }[]): Html {
  return html`<nav class="crumbs" aria-label="${label}">
    <ol>
      ${above.map((each) => html`<li><a href="${each.path}">${each.label}</a></li>`)}
    </ol>
  </nav>`
}
