/** A date and time in UTC: the form of TAXII 2.1 §2, with any number of decimals up to nine. */
const TIMESTAMP = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(?:Z|\+00:00)$/

/**
 * The form in which `added_after` is sent: always with a fraction, because some servers fail on `…:00Z`, and always
 * with Z. Decimals that are there stay as they are, so that a date comes back to its server unchanged.
 * @returns undefined when the text is no UTC timestamp
 */
export function withFraction(text: string): string | undefined {
  const match = TIMESTAMP.exec(text.trim())
  if (!match) return undefined
  return `${match[1]}.${match[2] ?? '000000'}Z`
}

/** Whether the first is later. Both are results of {@link withFraction}. Compared as text: Date would drop microseconds. */
export function isLater(left: string, right: string): boolean {
  return padded(left) > padded(right)
}

function padded(timestamp: string): string {
  return timestamp.slice(0, -1).padEnd(29, '0')
}
