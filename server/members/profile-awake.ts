import { TIME_ZONES } from '../site/time-zone.ts'

/** People can be called from seven in the morning until eleven at night, where they are. */
const WAKES = 7
const SLEEPS = 23

const QUARTER_MICROS = 900_000_000
const formats = new Map<string, Intl.DateTimeFormat>()
let latest: { readonly quarter: number; readonly zones: readonly string[] } | undefined

/** Whether it is between 7:00 and 22:59 in a time zone (IANA name). In a zone that is not known nobody is awake. */
export function isAwake(timeZone: string, nowMicros: number): boolean {
  const hour = hourIn(timeZone, nowMicros)
  return hour !== undefined && hour >= WAKES && hour < SLEEPS
}

/**
 * The time zones in which it is between 7:00 and 22:59 now. Offsets are whole quarters of an hour, so one answer does for a
 * quarter.
 */
export function awakeZones(nowMicros: number): readonly string[] {
  const quarter = Math.floor(nowMicros / QUARTER_MICROS)
  if (latest?.quarter !== quarter) {
    latest = { quarter, zones: TIME_ZONES.filter((zone) => isAwake(zone, nowMicros)) }
  }
  return latest.zones
}

function hourIn(timeZone: string, nowMicros: number): number | undefined {
  let format = formats.get(timeZone)
  if (!format) {
    try {
      format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' })
    } catch {
      return undefined
    }
    if (formats.size < 1000) formats.set(timeZone, format)
  }
  return Number(format.format(nowMicros / 1000))
}
