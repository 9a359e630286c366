import { page } from '../answer.ts'
import { pageHeader } from '../components/page-header.ts'
import { html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import { SAMPLES } from './samples.ts'

/** The living style page: each component in each state, in both themes, from the code that makes the pages. */
export const styleRoutes: readonly Route[] = [
  signedIn('see-style').get('/_style', (visit) => {
    const { style } = visit.words
    return page(
      style.title,
      html`${pageHeader({ title: style.title, lead: style.lead })}
        <ul class="index">
          ${SAMPLES.map(({ name }) => html`<li><a href="#${name}">${style.names[name]}</a></li>`)}
        </ul>
        ${SAMPLES.map(
          ({ name, show }) =>
            html`<h2 id="${name}">${style.names[name]}</h2>
              <p class="note"><code>${`components/${name}.ts`}</code></p>
              <div class="themes${name === 'table' && ' wide'}">
                ${(['light', 'dark'] as const).map((theme) => html`<div data-theme="${theme}">${show(visit, theme)}</div>`)}
              </div>`,
        )}`,
    )
  }),
]
