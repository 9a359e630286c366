import type { Clock } from '../../server/clock.ts'

/**
 * A clock that is set back by `backMicros` after every `every` readings, and otherwise runs a millisecond per reading:
 * over a test it goes nowhere. What a machine does whose time is set again and again.
 */
export function clockThatStepsBack(every = 20, backMicros = 60_000_000): Clock {
  let now = Date.parse('2026-11-21T12:00:00Z') * 1000
  let readings = 0
  return {
    nowMicros() {
      readings += 1
      now += readings % every === 0 ? -backMicros : 1000
      return now
    },
  }
}
