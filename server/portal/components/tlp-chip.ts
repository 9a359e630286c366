import type { Tlp } from '../../../policies/tlp.ts'
import { type Html, html } from '../html.ts'

/** A TLP label: FIRST's colour on black in every theme, and always its words (TLP 2.0; never translated). */
export function tlpChip(label: Tlp): Html {
  return html`<span class="tlp" data-tlp="${label.slice(4).toLowerCase().replace('+', '-')}">${label}</span>`
}
