import { TIME_ZONES } from '../../site/time-zone.ts'

/** People can be called from seven in the morning until eleven at night, where they are. */
const WAKES_MINUTE = 7 * 60
const SLEEPS_MINUTE = 23 * 60

const MINUTE = 60_000_000
const QUARTER = 15 * MINUTE

/** Offsets of this quarter of an hour: clocks are put forward and back at quarters of an hour of UTC, never between. */
let kept: { readonly quarter: number; readonly offsets: Map<string, number> } = { quarter: 0, offsets: new Map() }

/** The time of day in a zone (IANA name), as `14:05`. One that is not known counts as UTC. */
export function localTime(timeZone: string, nowMicros: number): string {
  const minute = minuteOfDay(timeZone, nowMicros)
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

/** Whether it is between 7:00 and 22:59 in a time zone (IANA name). In a zone that is not known nobody is awake. */
export function isAwake(timeZone: string, nowMicros: number): boolean {
  if (offsetMinutes(timeZone, nowMicros) === undefined) return false
  const minute = minuteOfDay(timeZone, nowMicros)
  return minute >= WAKES_MINUTE && minute < SLEEPS_MINUTE
}

/** The time zones in which it is between 7:00 and 22:59 now. */
export function awakeZones(nowMicros: number): readonly string[] {
  return TIME_ZONES.filter((zone) => isAwake(zone, nowMicros))
}

function minuteOfDay(timeZone: string, nowMicros: number): number {
  const minutes = Math.floor(nowMicros / MINUTE) + (offsetMinutes(timeZone, nowMicros) ?? 0)
  return ((minutes % 1440) + 1440) % 1440
}

function offsetMinutes(timeZone: string, nowMicros: number): number | undefined {
  const quarter = Math.floor(nowMicros / QUARTER)
  if (kept.quarter !== quarter) kept = { quarter, offsets: new Map() }
  const known = kept.offsets.get(timeZone)
  if (known !== undefined) return known
  const offset = readOffset(timeZone, nowMicros)
  // names come from a column: only those that exist are kept, so there are never more than zones
  if (offset !== undefined) kept.offsets.set(timeZone, offset)
  return offset
}

/** Minutes east of Greenwich. */
function readOffset(timeZone: string, nowMicros: number): number | undefined {
  try {
    const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(
      nowMicros / 1000,
    )
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
    const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(name) ?? []
    const offset = Number(hours ?? 0) * 60 + Number(minutes ?? 0)
    return sign === '-' ? -offset : offset
  } catch {
    return undefined
  }
}
