import { type Html, html } from '../html.ts'

/** A line above every page of the site while something is so: `The last backup is 3 days old`. */
export interface Warning {
  readonly tone: 'plain' | 'warn' | 'bad'
  readonly text: string
  /** Where it can be mended. */
  readonly link?: { readonly path: string; readonly label: string } | undefined
}

/** A warning as a banner. */
export function banner({ tone, text, link }: Warning): Html {
  return html`<div class="banner" data-tone="${tone}">
    <p>${text}</p>
    ${link && html`<a href="${link.path}">${link.label}</a>`}
  </div>`
}
