import type { Result } from './result.ts'

/** A line of the plot. */
interface Line {
  readonly label: string
  readonly points: readonly { readonly objects: number; readonly millis: number }[]
}

const WIDTH = 720
const HEIGHT = 400
const LEFT = 70
const RIGHT = 150
const TOP = 30
const BOTTOM = 50
/** Told apart by people who do not see all colours, on light and on dark ground. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#b06ba0']
const LABELS: Readonly<Record<string, string>> = {
  growth_object_by_id: 'object by id',
  growth_versions: 'versions',
  growth_manifest: 'manifest page',
  growth_page_filtered: 'page of 1,000',
}

/** How the time to answer grows with the collection, as SVG; undefined when nothing of that kind was measured. */
export function plot(results: readonly Result[], machine: string): string | undefined {
  const lines = results.flatMap((result): Line[] =>
    result.growth ? [{ label: LABELS[result.name] ?? result.name, points: result.growth }] : [],
  )
  const points = lines.flatMap((line) => line.points)
  if (points.length === 0) return undefined
  const sizes = [...new Set(points.map((point) => point.objects))].sort((a, b) => a - b)
  const values = points.map((point) => point.millis)
  const low = 10 ** Math.floor(Math.log10(Math.min(...values)))
  const high = 10 ** Math.ceil(Math.log10(Math.max(...values)))
  const x = scale(sizes[0] ?? 1, sizes.at(-1) ?? 1, LEFT, WIDTH - RIGHT)
  const y = scale(low, high, HEIGHT - BOTTOM, TOP)
  const ticks = decades(low, high).map(
    (value) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}"/>` +
      `<text x="${LEFT - 8}" y="${y(value)}" dy="0.35em" text-anchor="end">${value} ms</text>`,
  )
  const steps = sizes.map(
    (size) =>
      `<text x="${x(size)}" y="${HEIGHT - BOTTOM + 22}" text-anchor="middle">${size.toLocaleString('en')}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title desc">
<title id="title">Time to answer against the number of objects</title>
<desc id="desc">${describe(lines)} ${machine}</desc>
<style>
text { font: 13px system-ui, sans-serif; fill: #333 }
.grid { stroke: #8884; stroke-width: 1 }
.line { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } }
</style>
${ticks.join('\n')}
${steps.join('\n')}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">objects in the collection</text>
${lines.map((line, index) => drawLine(line, COLOURS[index % COLOURS.length] ?? '', x, y)).join('\n')}
</svg>
`
}

function drawLine({ label, points }: Line, colour: string, x: (v: number) => number, y: (v: number) => number): string {
  const path = points.map(({ objects, millis }) => `${x(objects)},${y(millis)}`).join(' ')
  const dots = points.map(
    ({ objects, millis }) => `<circle cx="${x(objects)}" cy="${y(millis)}" r="3.5" fill="${colour}"/>`,
  )
  const last = points.at(-1)
  const name = `<text x="${WIDTH - RIGHT + 10}" y="${y(last?.millis ?? 1)}" dy="0.35em">${label}</text>`
  return `<polyline class="line" stroke="${colour}" points="${path}"/>${dots.join('')}${name}`
}

function describe(lines: readonly Line[]): string {
  return lines
    .map(({ label, points }) => {
      const each = points.map(({ objects, millis }) => `${millis.toFixed(2)} ms at ${objects.toLocaleString('en')}`)
      return `${label}: ${each.join(', ')}.`
    })
    .join(' ')
}

/** A logarithmic axis; whole pixels and one decimal. */
function scale(from: number, to: number, start: number, end: number): (value: number) => number {
  const span = Math.log10(to / from) || 1
  return (value) => Number((start + ((end - start) * Math.log10(value / from)) / span).toFixed(1))
}

function decades(low: number, high: number): readonly number[] {
  const values: number[] = []
  for (let value = low; value <= high * 1.001; value *= 10) values.push(Number(value.toPrecision(3)))
  return values
}
