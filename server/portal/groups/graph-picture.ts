import type { TrustGraph } from '../../members/vouching/trust-graph.ts'
import { layout, type Point } from '../../members/vouching/trust-graph-layout.ts'
import { type Html, html } from '../html.ts'
import type { GroupVisit } from '../visit.ts'

/** Longer names run into each other; the table has them whole. */
const MAX_NAME = 18
/** How far the thick end of a line reaches from the node, of a picture of side 1000. */
const END = 28
const RADIUS = 7
/** So many nodes need no large picture. */
const FEW = 12

/**
 * The graph drawn on the server. All lines are one path and all thick ends another, so that 150 members with 20 vouches
 * each stay a small page.
 */
export function graphPicture({ words }: GroupVisit, graph: TrustGraph): Html {
  const { graph: text } = words
  const places = layout(graph)
  const lines = graph.edges.flatMap(({ fromNo, toNo }) => {
    const [from, to] = [places.get(fromNo), places.get(toNo)]
    return from && to ? [{ from, to }] : []
  })
  return html`<figure class="chart graph" tabindex="0">
    <figcaption>${text.summary(graph.nodes.length, graph.edges.length)}</figcaption>
    <svg
      ${graph.nodes.length <= FEW && html` class="few"`}
      viewBox="0 0 1000 1000"
      role="img"
      aria-labelledby="graph-title graph-desc"
    >
      <title id="graph-title">${text.picture}</title>
      <desc id="graph-desc">${text.summary(graph.nodes.length, graph.edges.length)}</desc>
      <path class="edges" d="${lines.map(({ from, to }) => segment(from, to)).join('')}" />
      <path class="ends" d="${lines.map(({ from, to }) => segment(near(to, from), near(to, from, RADIUS))).join('')}" />
      ${graph.nodes.map(({ accountNo, displayName }) => {
        const place = places.get(accountNo) ?? { x: 0, y: 0 }
        return html`<circle class="mark" cx="${place.x}" cy="${place.y}" r="${RADIUS}" />
          <text x="${place.x}" y="${place.y - 12}" text-anchor="middle">${shortened(displayName)}</text>`
      })}
    </svg>
  </figure>`
}

function segment(from: Point, to: Point): string {
  return `M${from.x} ${from.y}L${to.x} ${to.y}`
}

/** The point of a line that is so far from one of its ends. */
function near(end: Point, other: Point, distance = END): Point {
  const length = Math.hypot(other.x - end.x, other.y - end.y) || 1
  const part = Math.min(1, distance / length)
  return { x: Math.round(end.x + (other.x - end.x) * part), y: Math.round(end.y + (other.y - end.y) * part) }
}

function shortened(name: string): string {
  const letters = Array.from(name)
  return letters.length <= MAX_NAME ? name : `${letters.slice(0, MAX_NAME - 1).join('')}…`
}
