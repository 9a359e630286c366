import type { CheckStep } from '../../auth/providers/provider-check.ts'
import { badge } from '../components/badge.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'

const TONES = { ok: 'good', failed: 'bad', skipped: 'plain' } as const

/** What a test of a provider found, step by step, with cause and remedy where one failed. */
export function checkPanel(visit: Visit, steps: readonly CheckStep[]): Html {
  const words = visit.words.providers
  const works = steps.every((each) => each.outcome !== 'failed')
  return panel(
    words.testTitle,
    html`<p role="status">${works ? words.testWell : words.testFailed}</p>
      ${table({
        caption: words.testTitle,
        columns: [{ label: words.step }, { label: words.result }],
        rows: steps.map((each) => [words.steps[each.step], resultOf(visit, each)]),
      })}`,
    'test',
  )
}

function resultOf(visit: Visit, { step, outcome, trouble, certificate, found = [] }: CheckStep): Html {
  const words = visit.words.providers
  const advice = trouble && words.troubles[trouble]
  return html`${badge(words.outcomes[outcome], TONES[outcome])}
  ${
    advice &&
    html`<p><strong>${advice.cause}</strong></p>
      <p>${advice.remedy}</p>`
  }
  ${certificate && html`<p>${words.certificate(certificate.names, certificate.issuer)} ${time(visit, certificate.untilMicros)}.</p>`}
  ${
    found.length > 0 &&
    html`<p>${step === 'describe' ? words.describes : words.groupsFound}</p>
      <ul>
        ${found.map((each) => html`<li><code>${each}</code></li>`)}
      </ul>`
  }`
}
