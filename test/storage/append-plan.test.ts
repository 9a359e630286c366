import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Arrival, planAppend, type Standing } from '../../server/storage/append-plan.ts'

/** A release of the naive model: a list in the order of addition, searched from end to end. */
interface Held {
  readonly id: string
  readonly version: string
  readonly sha256: string
  readonly date: number
}

/** A version of an id: its bytes are named by a letter. `version` undefined: an object that has none. */
interface Sent {
  readonly id: string
  readonly version: string | undefined
  readonly bytes: string
}

const VERSIONS = ['2026-01-01T00:00:00', '2026-01-01T00:00:00.001', '2026-01-01T00:00:00.01', '2027-01-01T00:00:00']

const versioned = fc.record({
  id: fc.constantFrom('a', 'b', 'c'),
  version: fc.constantFrom<string | undefined>(...VERSIONS),
  bytes: fc.constantFrom('x', 'y'),
})
const unversioned = fc.record({
  id: fc.constantFrom('d', 'e'),
  version: fc.constant(undefined),
  bytes: fc.constantFrom('x', 'y', 'z'),
})
const batches = fc.array(fc.array(fc.oneof(versioned, unversioned), { maxLength: 8 }), { maxLength: 6 })

describe('planAppend', () => {
  it('does what a plain list would do, batch after batch', () => {
    fc.assert(
      fc.property(batches, (sent) => {
        const naive: Held[] = []
        const planned = new Map<number, Held & { latest: boolean }>()
        let clock = 0
        for (const batch of sent) {
          const arrivals = batch.map(arrivalOf)
          const plan = planAppend(arrivals, standingFor(arrivals, [...planned.values()]))
          assert.equal(plan.steps.length, batch.length)
          for (const date of plan.superseded) {
            const release = planned.get(date)
            assert.ok(release?.latest, 'what is superseded was the latest')
            planned.set(date, { ...release, latest: false })
          }
          for (const [index, step] of plan.steps.entries()) {
            const item = arrivals[index]
            assert.ok(item)
            const expected = naiveStep(naive, item)
            assert.equal(step.kind, expected, JSON.stringify(batch))
            if (step.kind !== 'add') continue
            clock += 1
            const held = {
              id: item.stixId,
              version: item.version ?? dateVersion(clock),
              sha256: item.sha256,
              date: clock,
            }
            naive.push(held)
            planned.set(clock, { ...held, latest: step.latest })
          }
        }
        for (const id of new Set(naive.map((held) => held.id))) {
          const latest = [...planned.values()].filter((held) => held.id === id && held.latest)
          const newest = naive.filter((held) => held.id === id).reduce((a, b) => (b.version > a.version ? b : a))
          assert.deepEqual(
            latest.map((held) => held.date),
            [newest.date],
            `the latest of ${id}`,
          )
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('points a duplicate to the arrival or the version that it repeats', () => {
    fc.assert(
      fc.property(fc.array(versioned), (batch) => {
        const arrivals = batch.map(arrivalOf)
        for (const [index, step] of planAppend(arrivals, []).steps.entries()) {
          if (step.kind !== 'duplicate') continue
          assert.ok(step.of !== undefined && step.of < index)
          assert.deepEqual(arrivals[step.of], arrivals[index])
        }
      }),
    )
  })
})

function arrivalOf({ id, version, bytes }: Sent): Arrival {
  return { stixId: id, version, sha256: `${id} ${version ?? ''} ${bytes}` }
}

function naiveStep(held: readonly Held[], arrival: Arrival): 'add' | 'duplicate' | 'conflict' {
  if (held.some((other) => other.id === arrival.stixId && other.sha256 === arrival.sha256)) return 'duplicate'
  const isTaken = held.some((other) => other.id === arrival.stixId && other.version === arrival.version)
  return isTaken ? 'conflict' : 'add'
}

/** What the database is asked for: the latest of each arriving id, and what has an arriving version or hash. */
function standingFor(arrivals: readonly Arrival[], held: readonly (Held & { latest: boolean })[]): readonly Standing[] {
  return held
    .filter(({ id, version, sha256, latest }) =>
      arrivals.some((item) => item.stixId === id && (latest || item.version === version || item.sha256 === sha256)),
    )
    .map(({ id, version, sha256, latest, date }) => ({
      stixId: id,
      version,
      sha256,
      latest,
      dateAdded: date,
      sourceNo: 1,
      body: sha256,
    }))
}

/** An object without a version has the date of its addition: later than all before. */
function dateVersion(date: number): string {
  return `2026-06-01T00:00:00.${String(date).padStart(6, '0')}1`
}
