import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { isTimestamp, normalVersion } from 'stix2-ts'
import { timestampOf } from '../../server/clock.ts'
import { digitsOf, normalOfMicros, versionText } from '../../server/storage/version-text.ts'

const seconds = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(-24, -5))
const timestamps = fc
  .tuple(seconds, fc.oneof(fc.constant(''), fc.stringMatching(/^[0-9]{1,12}$/), fc.stringMatching(/^[01]{1,9}0*$/)))
  .map(([second, fraction]) => (fraction === '' ? `${second}Z` : `${second}.${fraction}Z`))

it('a version comes back as it was posted', () => {
  fc.assert(
    fc.property(timestamps, (text) => {
      assert.ok(isTimestamp(text), text)
      assert.equal(versionText(normalVersion(text), digitsOf(text)), text)
    }),
    { numRuns: 1000 },
  )
})

it('the version of a moment is the normal form of its timestamp', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.integer({ min: 0, max: 4_102_444_800_000_000 }),
        fc.nat().map((n) => n * 1_000_000),
      ),
      (micros) => {
        assert.equal(normalOfMicros(micros), normalVersion(timestampOf(micros)))
        assert.equal(versionText(normalOfMicros(micros), 6), timestampOf(micros))
      },
    ),
  )
})
