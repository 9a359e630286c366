import type { OwnKey } from '../../keys/list-keys.ts'
import { badge } from '../components/badge.ts'
import { time } from '../components/time.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'

/** A whole fingerprint in groups of four, which break over lines. Never a part of one: parts can be made to match. */
export function fingerprint(hex: string): Html {
  return html`<code>${hex.replaceAll(/.{4}(?=.)/g, '$& ')}</code>`
}

/** How a key is, in words. */
export function keyBadges({ words }: Visit, { problems, provenMicros, canDecrypt }: OwnKey): Html {
  const { keys } = words
  return html`${problems.map((problem) => badge(keys.problem(problem), canDecrypt ? 'warn' : 'bad'))}
  ${problems.length === 0 && badge(keys.good, 'good')}
  ${provenMicros === undefined ? badge(keys.notProven, 'warn') : badge(keys.proven, 'good')}`
}

/** When a key ends. */
export function keyEnd(visit: Visit, expiresMicros: number | undefined): Html | string {
  return expiresMicros === undefined ? visit.words.keys.never : time(visit, expiresMicros)
}
