import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { matchPattern } from '../src/pattern/match.ts'
import { parsePattern } from '../src/pattern/parser.ts'
import { printPattern } from '../src/pattern/print.ts'

const shared = process.env['VOUCHSAFE_SHARED'] ?? join(import.meta.dirname, '..', '..', '..', '..', 'shared')
const conformance = join(shared, 'conformance')
const skip = existsSync(conformance) ? false : 'the folder of reference verdicts is absent'

interface ParseCase {
  readonly pattern: string
  readonly valid: boolean
}

interface MatchCase {
  readonly pattern: string
  readonly bundles: readonly unknown[]
  readonly matches: boolean | null
  readonly error: string | null
}

function cases<T>(file: string): readonly T[] {
  const lines = readFileSync(join(conformance, file), 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line): T => JSON.parse(line))
}

describe('the verdicts of the reference implementations', { skip }, () => {
  it('parses what the reference validator accepts and nothing else', () => {
    const verdicts = cases<ParseCase>('patterns-v21.jsonl')
    assert.ok(verdicts.length > 300)
    for (const { pattern, valid } of verdicts) assert.equal(parsePattern(pattern).ok, valid, pattern)
  })

  it('prints every accepted pattern so that it is accepted again', () => {
    for (const { pattern, valid } of cases<ParseCase>('patterns-v21.jsonl')) {
      if (!valid) continue
      const reading = parsePattern(pattern)
      assert.ok(reading.ok)
      const again = parsePattern(printPattern(reading.pattern))
      assert.ok(again.ok, pattern)
      assert.equal(printPattern(again.pattern), printPattern(reading.pattern))
    }
  })

  it('matches what the reference matcher matches and refuses what it refuses', () => {
    const verdicts = cases<MatchCase>('pattern-match.jsonl')
    assert.ok(verdicts.length > 200)
    for (const { pattern, bundles, matches, error } of verdicts) {
      const answer = matchPattern(pattern, bundles)
      assert.equal(answer.ok, error === null, pattern)
      if (answer.ok) assert.equal(answer.matches, matches, pattern)
      else assert.ok(answer.problems.length > 0, pattern)
    }
  })
})
