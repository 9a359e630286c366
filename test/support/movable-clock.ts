import type { Clock } from '../../server/clock.ts'

/** A clock that stands still but for one microsecond a reading, until the test moves it. */
export function movableClock(start: string): Clock & { move(micros: number): void } {
  let now = Date.parse(start) * 1000
  return {
    nowMicros: () => ++now,
    move(micros) {
      now += micros
    },
  }
}
