/** Days before the end of a key at which its owner is told, each once. */
export const WARNING_DAYS = [60, 30, 14, 7, 1] as const

/** From here on the administrators of the groups that use it are told too. */
export const ADMINISTRATORS_FROM_DAYS = 14

const DAY = 86_400_000_000

/**
 * The warning that is due: the closest one, so that a key that comes late is not warned of five times at once.
 * @returns undefined for a key that ends later, never, or has ended
 */
export function warningDue(expiresMicros: number | null, nowMicros: number): (typeof WARNING_DAYS)[number] | undefined {
  if (expiresMicros === null || expiresMicros <= nowMicros) return undefined
  const left = expiresMicros - nowMicros
  return WARNING_DAYS.findLast((days) => left <= days * DAY)
}
