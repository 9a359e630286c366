import { chart } from '../components/chart.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const INDICATORS = [3, 12, 9, 41, 38, 4, 6]
const LAG = [2, 2, 3, 19, 7, 2, 2]

/** Both kinds of charts. */
export function chartSample(visit: Visit, theme: string): Html {
  const points = (values: readonly number[]) => DAYS.map((label, i) => ({ label, value: values[i] ?? 0 }))
  return html`${chart(visit, {
    id: `bars-${theme}`,
    kind: 'bars',
    title: 'Indicators by day',
    summary: 'Between 3 and 12 on most days, about 40 on Thursday and Friday.',
    axis: { label: 'Day', value: 'Indicators' },
    points: points(INDICATORS),
  })}
  ${chart(visit, {
    id: `line-${theme}`,
    kind: 'line',
    title: 'Minutes behind the peer',
    summary: 'About 2 minutes, 19 on Thursday.',
    axis: { label: 'Day', value: 'Minutes' },
    points: points(LAG),
  })}`
}
