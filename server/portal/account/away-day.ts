const DAY = /^(\d{4})-(\d\d)-(\d\d)$/
const DAY_MS = 86_400_000

/**
 * The first moment of a day in a time zone, in microseconds since 1970; where clocks skip midnight, the first after it.
 * @param day as `2026-11-22`
 * @returns undefined for a day that there is not
 */
export function midnightIn(timeZone: string, day: string): number | undefined {
  const [, year, month, date] = DAY.exec(day) ?? []
  const utc = Date.UTC(Number(year), Number(month) - 1, Number(date))
  if (year === undefined || Number.isNaN(utc) || new Date(utc).toISOString().slice(0, 10) !== day) return undefined
  // no zone is further than a day from UTC: the border lies between, at a whole minute
  let [before, after] = [utc - DAY_MS, utc + DAY_MS]
  while (after - before > 60_000) {
    const middle = before + Math.floor((after - before) / 120_000) * 60_000
    if (todayIn(timeZone, middle * 1000) < day) before = middle
    else after = middle
  }
  return after * 1000
}

/** The day that it is in a time zone, as `2026-11-22`. */
export function todayIn(timeZone: string, micros: number): string {
  return formatOf(timeZone).format(micros / 1000)
}

/** Sweden writes days as ISO 8601 does. A zone that is not known is UTC. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const shape = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
  try {
    return new Intl.DateTimeFormat('sv-SE', { ...shape, timeZone })
  } catch {
    return new Intl.DateTimeFormat('sv-SE', { ...shape, timeZone: 'UTC' })
  }
}
