/**
 * A view is cut into whole segments of 1,000 releases. A segment's bytes are sealed once and served to everybody; a
 * superseded or withdrawn release voids its own segment only.
 */
export const SEGMENT_RELEASES = 1000

/** The open end of a view: what came after the last whole segment. */
export interface OpenEnd {
  readonly first: number | undefined
  readonly count: number
  /** Of these, latest versions. */
  readonly objects: number
}

/** A segment that an append completed. */
export interface ClosedSegment {
  readonly first: number
  readonly last: number
  readonly objects: number
}

/**
 * Where an append cuts segments.
 * @param dates of the appended releases, rising
 * @param latest whether each of them is the latest version of its object
 */
export function cutSegments(
  open: OpenEnd,
  dates: readonly number[],
  latest: readonly boolean[],
): { readonly open: OpenEnd; readonly closed: readonly ClosedSegment[] } {
  let { first, count, objects } = open
  const closed: ClosedSegment[] = []
  for (const [index, date] of dates.entries()) {
    first ??= date
    count += 1
    if (latest[index]) objects += 1
    if (count === SEGMENT_RELEASES) {
      closed.push({ first, last: date, objects })
      first = undefined
      count = 0
      objects = 0
    }
  }
  return { open: { first, count, objects }, closed }
}
