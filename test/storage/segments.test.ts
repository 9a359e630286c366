import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { type ClosedSegment, cutSegments, type OpenEnd, SEGMENT_RELEASES } from '../../server/storage/segments.ts'

const EMPTY: OpenEnd = { first: undefined, count: 0, objects: 0 }

it('cuts the same segments however the releases are divided into appends', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ gap: fc.integer({ min: 1, max: 9 }), latest: fc.boolean() }), { maxLength: 40 }),
      fc.array(fc.nat({ max: 900 }), { maxLength: 8 }),
      (few, cuts) => {
        // a hundred times the same few: several segments without a hundred times the work of shrinking
        const releases = Array.from({ length: 100 }, () => few).flat()
        let date = 0
        const dates = releases.map(({ gap }) => (date += gap))
        const latest = releases.map((release) => release.latest)
        let open = EMPTY
        const closed: ClosedSegment[] = []
        const places = [0, ...cuts.map((cut) => Math.min(cut * 5, releases.length)), releases.length].toSorted(
          (a, b) => a - b,
        )
        for (const [index, from] of places.entries()) {
          const to = places[index + 1] ?? releases.length
          const result = cutSegments(open, dates.slice(from, to), latest.slice(from, to))
          open = result.open
          closed.push(...result.closed)
        }
        const whole = Math.floor(releases.length / SEGMENT_RELEASES)
        const naive = Array.from({ length: whole }, (_, place) => {
          const range = [place * SEGMENT_RELEASES, (place + 1) * SEGMENT_RELEASES] as const
          const held = dates.slice(...range)
          return { first: held[0], last: held.at(-1), objects: latest.slice(...range).filter(Boolean).length }
        })
        assert.deepEqual(closed, naive)
        const rest = whole * SEGMENT_RELEASES
        assert.deepEqual(open, {
          first: dates[rest],
          count: releases.length - rest,
          objects: latest.slice(rest).filter(Boolean).length,
        })
      },
    ),
  )
})
