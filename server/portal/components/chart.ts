import { type Html, html } from '../html.ts'
import type { OpenVisit } from '../visit.ts'
import { disclosure } from './disclosure.ts'
import { table } from './table.ts'

const WIDTH = 480
const HEIGHT = 200
const LEFT = 44
const BOTTOM = 24
const TOP = 8
/** More would run into each other on a phone. */
const MAX_LABELS = 7

/** One value of a chart. */
export interface Point {
  readonly label: string
  readonly value: number
}

/**
 * A chart drawn on the server, as bars or as a line, with the same numbers as a table below it.
 * @param shape.id of this chart on its page
 * @param shape.summary what the picture says, for those who do not see it: `Rises from 3 to 40 on Thursday`
 */
export function chart(
  visit: Pick<OpenVisit, 'words' | 'language'>,
  shape: {
    readonly id: string
    readonly kind: 'bars' | 'line'
    readonly title: string
    readonly summary: string
    readonly axis: { readonly label: string; readonly value: string }
    readonly points: readonly Point[]
  },
): Html {
  const { id, kind, title, summary, axis, points } = shape
  const top = ceiling(Math.max(0, ...points.map(({ value }) => value)))
  const number = new Intl.NumberFormat(visit.language)
  const x = (index: number) => LEFT + ((index + 0.5) * (WIDTH - LEFT)) / Math.max(1, points.length)
  const y = (value: number) => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM)
  const grid = [0, top / 2, top].map(
    (value) =>
      html`<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${y(value)}" y2="${y(value)}" />
        <text x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end">${number.format(value)}</text>`,
  )
  const every = Math.ceil(points.length / MAX_LABELS)
  const labels = points.map(
    ({ label }, i) => i % every === 0 && html`<text x="${x(i)}" y="${HEIGHT - 6}" text-anchor="middle">${label}</text>`,
  )
  return html`<figure class="chart">
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-title ${id}-desc">
      <title id="${id}-title">${title}</title>
      <desc id="${id}-desc">${summary}</desc>
      ${grid}${labels}${kind === 'bars' ? bars(points, x, y) : curve(points, x, y)}
    </svg>
    ${disclosure(
      visit.words.shell.asTable,
      table({
        caption: title,
        columns: [{ label: axis.label }, { label: axis.value, numeric: true }],
        rows: points.map(({ label, value }) => [label, number.format(value)]),
      }),
    )}
  </figure>`
}

type Place = (at: number) => number

function bars(points: readonly Point[], x: Place, y: Place): readonly Html[] {
  const width = Math.max(2, ((WIDTH - LEFT) / Math.max(1, points.length)) * 0.7)
  return points.map(
    ({ value }, i) =>
      html`<rect class="mark" x="${x(i) - width / 2}" y="${y(value)}" width="${width}" height="${y(0) - y(value)}" />`,
  )
}

function curve(points: readonly Point[], x: Place, y: Place): Html {
  const line = points.map(({ value }, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
  return html`<polyline class="curve" points="${line}" />
    ${points.map(({ value }, i) => html`<circle class="mark" cx="${x(i)}" cy="${y(value)}" r="3" />`)}`
}

/** The next of 2, 4, 6, 8, 10, 20, 40 … so that half of it is a whole number. */
function ceiling(value: number): number {
  if (value <= 2) return 2
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 4, 6, 8, 10].map((step) => step * power).find((step) => step >= value) ?? value
}
