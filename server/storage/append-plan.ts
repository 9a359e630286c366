/**
 * What happens to each object that is about to enter a view, decided without touching the database, so that every case
 * can be tested as a table.
 */

/** An object on its way into a view. */
export interface Arrival {
  readonly stixId: string
  /** Normal form; undefined for an object without a version of its own (a cyber-observable). */
  readonly version: string | undefined
  /** SHA-256 of the bytes, in hex. */
  readonly sha256: string
}

/** A release of the same id that the view already holds. */
export interface Standing {
  readonly stixId: string
  readonly version: string
  readonly sha256: string
  readonly latest: boolean
  readonly dateAdded: number
  /** The account that gave us these bytes. */
  readonly sourceNo: number
  /** Its text, when its bytes differ from those of an arrival with the same version. */
  readonly body: string | undefined
}

/** What has the version that an arrival claims: a release by its text, or an earlier arrival by its index. */
export type Rival = { readonly body: string; readonly sourceNo: number } | { readonly arrival: number }

/** `add`: appended. `duplicate`: these bytes are there. `conflict`: same id and version with other bytes (W03). */
export type Step =
  | { readonly kind: 'add'; readonly latest: boolean }
  /** `version` of the release that has these bytes; undefined when that release is an earlier arrival, `of`. */
  | { readonly kind: 'duplicate'; readonly version?: string; readonly of?: number }
  | { readonly kind: 'conflict'; readonly rival: Rival }

/** The steps in the order of the arrivals, and the dates of releases that are no longer the latest of their object. */
export interface AppendPlan {
  readonly steps: readonly Step[]
  readonly superseded: readonly number[]
}

/**
 * Decides each arrival in order. Objects without a version get the date of their addition as version, which is newer
 * than anything before: their order is that of arrival.
 * @param standing for every arriving id: its latest release, and any release with an arriving version or hash
 */
export function planAppend(arrivals: readonly Arrival[], standing: readonly Standing[]): AppendPlan {
  if (standing.length === 0 && allDifferent(arrivals)) {
    return { steps: arrivals.map(() => ({ kind: 'add', latest: true })), superseded: [] }
  }
  const standingLatest = new Map(
    standing.filter((release) => release.latest).map((release) => [release.stixId, release]),
  )
  const seen = new Seen(standing)
  const newest = new Map<string, number>() // id -> the arrival that is its latest version so far
  const steps: Step[] = []
  const superseded: number[] = []
  for (const [index, arrival] of arrivals.entries()) {
    const known = seen.find(arrival)
    if (known) {
      steps.push(known)
      continue
    }
    seen.remember(arrival, index)
    const rival = newest.get(arrival.stixId)
    const before = rival === undefined ? standingLatest.get(arrival.stixId) : undefined
    const wins = isNewer(arrival.version, rival === undefined ? before?.version : arrivals[rival]?.version)
    steps.push({ kind: 'add', latest: wins })
    if (!wins) continue
    if (rival !== undefined) steps[rival] = { kind: 'add', latest: false }
    if (before) superseded.push(before.dateAdded)
    newest.set(arrival.stixId, index)
  }
  return { steps, superseded }
}

/** No version of its own: newer than all before it. */
function isNewer(version: string | undefined, rival: string | undefined): boolean {
  return version === undefined || rival === undefined || version > rival
}

/** What the view holds or will hold, found by bytes and by version in constant time. */
class Seen {
  readonly #bytes = new Map<string, Step>()
  readonly #versions = new Map<string, Rival>()

  constructor(standing: readonly Standing[]) {
    for (const release of standing) {
      this.#bytes.set(`${release.stixId} ${release.sha256}`, { kind: 'duplicate', version: release.version })
      const version = `${release.stixId} ${release.version}`
      if (release.body !== undefined || !this.#versions.has(version)) {
        this.#versions.set(version, { body: release.body ?? '', sourceNo: release.sourceNo })
      }
    }
  }

  find(arrival: Arrival): Step | undefined {
    const same = this.#bytes.get(`${arrival.stixId} ${arrival.sha256}`)
    if (same) return same
    if (arrival.version === undefined) return undefined
    const rival = this.#versions.get(`${arrival.stixId} ${arrival.version}`)
    return rival && { kind: 'conflict', rival }
  }

  remember(arrival: Arrival, index: number): void {
    this.#bytes.set(`${arrival.stixId} ${arrival.sha256}`, { kind: 'duplicate', of: index })
    if (arrival.version !== undefined) this.#versions.set(`${arrival.stixId} ${arrival.version}`, { arrival: index })
  }
}

function allDifferent(arrivals: readonly Arrival[]): boolean {
  return new Set(arrivals.map((arrival) => arrival.stixId)).size === arrivals.length
}
