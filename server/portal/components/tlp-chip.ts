import type { Tlp } from '../../../policies/tlp.ts'
import { type Html, html } from '../html.ts'

/** A TLP label: FIRST's colour on black in every theme, and always its words (TLP 2.0; never translated). */
export function tlpChip(label: Tlp): Html {
  return html`<span class="tlp" data-tlp="${tlpName(label)}" translate="no">${label}</span>`
}

/** `amber-strict` of `TLP:AMBER+STRICT`: as the style sheet calls it. */
export function tlpName(label: Tlp): string {
  return label.slice('TLP:'.length).toLowerCase().replace('+', '-')
}
