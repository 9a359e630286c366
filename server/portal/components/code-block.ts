import { type Html, html } from '../html.ts'

/** A command or a text to take away. One click selects all of it, so that it is copied whole without a script. */
export function codeBlock(text: string, caption?: string): Html {
  const block = html`<pre><code>${text}</code></pre>`
  if (caption === undefined) return block
  return html`<figure class="code">
    <figcaption>${caption}</figcaption>
    ${block}
  </figure>`
}
