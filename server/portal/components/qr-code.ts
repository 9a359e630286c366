import { encode } from 'uqr'
import { type Html, html } from '../html.ts'

/** Light modules around it that a camera wants (ISO/IEC 18004 §9.1). */
const QUIET = 4

/** A QR code as a drawing in the page: black on white in every theme, or cameras do not read it. */
export function qrCode(text: string, label: string): Html {
  const { data, size } = encode(text, { ecc: 'M', border: 0 })
  const dark = data.map((row, y) => rowPath(row, y + QUIET))
  const side = size + 2 * QUIET
  return html`<svg
    class="qr"
    viewBox="0 0 ${side} ${side}"
    width="224"
    height="224"
    role="img"
    aria-label="${label}"
    shape-rendering="crispEdges"
  >
    <rect width="${side}" height="${side}" fill="#fff" />
    <path d="${dark.join('')}" fill="#000" />
  </svg>`
}

/** Dark modules that touch are one piece: a tenth of the bytes, and no seams between them. */
function rowPath(row: readonly boolean[], y: number): string {
  const bits = row.map((isDark) => (isDark ? '1' : '0')).join('')
  return Array.from(
    bits.matchAll(/1+/g),
    ({ 0: run, index }) => `M${index + QUIET} ${y}h${run.length}v1h-${run.length}z`,
  ).join('')
}
