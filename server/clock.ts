/** Where the time comes from. Microseconds since 1970 fit a number until the year 2255. */
export interface Clock {
  /** Strictly rising within the process, also when the machine's clock steps back. */
  nowMicros(): number
}

/** The machine's clock, made strictly monotonic. */
export function systemClock(): Clock {
  let last = 0
  return {
    nowMicros() {
      const now = Math.floor((performance.timeOrigin + performance.now()) * 1000)
      const wall = Date.now() * 1000
      // performance.now() does not follow a clock that was set: take the wall clock when they differ by over a second
      const honest = Math.abs(now - wall) > 1_000_000 ? wall : now
      last = Math.max(honest, last + 1)
      return last
    },
  }
}

/** TAXII 2.1 §2 timestamp with exactly six decimals, from microseconds since 1970. */
export function timestampOf(micros: number): string {
  const millis = Math.floor(micros / 1000)
  return `${new Date(millis).toISOString().slice(0, -1)}${String(micros - millis * 1000).padStart(3, '0')}Z`
}

/**
 * Microseconds since 1970 of a normalised or plain RFC 3339 timestamp in UTC; digits beyond the sixth are cut.
 * @returns undefined when the text is no such timestamp
 */
export function microsOf(timestamp: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?Z$/.exec(timestamp)
  if (!match) return undefined
  const millis = Date.parse(`${match[1]}Z`)
  if (Number.isNaN(millis)) return undefined
  return millis * 1000 + Number((match[2] ?? '').slice(0, 6).padEnd(6, '0'))
}
