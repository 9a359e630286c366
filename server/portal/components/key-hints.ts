import { type Html, html } from '../html.ts'
import { facts } from './facts.ts'

/** Keys and what they do. */
export function keyHints(hints: readonly (readonly [keys: readonly string[], meaning: string])[]): Html {
  return facts(hints.map(([keys, meaning]) => [meaning, keys.map((key) => html`<kbd>${key}</kbd> `)]))
}
