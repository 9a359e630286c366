import type { Capabilities } from '../../policies/member-state.ts'
import { timestampOf } from '../clock.ts'
import type { Explanation } from './explain.ts'
import type { HistoryStep } from './history.ts'
import type { Eyes } from './list-members.ts'

/** An explanation as programs read it: times as timestamps, null for what there is not. */
export function explanationJson(explained: Explanation, eyes: Eyes) {
  const { account, displayName, state, sinceMicros, awaySinceMicros, requirements, history } = explained
  const { login, see, send, receive }: Capabilities = explained.lets
  return {
    account,
    display_name: displayName,
    state,
    since: timestampOf(sinceMicros),
    away_since: timeOrNull(awaySinceMicros),
    lets: { login, see, send, receive },
    rules: requirements.map(({ rule, met, have, need, byMicros, fixedBy }) => ({
      rule,
      met,
      have: have ?? null,
      need: need ?? null,
      by: timeOrNull(byMicros),
      fixed_by: fixedBy,
    })),
    history: history.map((step) => stepJson(step, eyes)),
  }
}

/** A step of a history; who did it is for administrators. */
export function stepJson({ atMicros, event, from, to, actor, because }: HistoryStep, eyes: Eyes) {
  return {
    at: timestampOf(atMicros),
    event,
    from: from ?? null,
    to: to ?? null,
    actor: eyes === 'member' ? null : actor,
    because: [...because],
  }
}

function timeOrNull(micros: number | undefined): string | null {
  return micros === undefined ? null : timestampOf(micros)
}
