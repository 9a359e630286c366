import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { quote } from '../src/pattern/literals.ts'
import { matchPattern } from '../src/pattern/match.ts'
import { parsePattern } from '../src/pattern/parser.ts'
import { printPattern } from '../src/pattern/print.ts'
import type { Pattern } from '../src/pattern/tree.ts'
import { comparisonsOf, objectPathsOf } from '../src/pattern/walk.ts'

const blank = fc.constantFrom(' ', '  ', '\n', '\t', '\u00a0', ' /* a, ] */ ', ' // [ (\n')
const text = fc.string({ unit: 'binary', maxLength: 8 })
const name = fc.constantFrom(
  'a',
  'name',
  '_x9',
  'T',
  'START_',
  "'SHA-2'",
  "'START'",
  "'a b'",
  "''",
  "'it\\'s'",
  "'\\\\'",
)
const number = fc.oneof(
  fc.integer().map(String),
  fc.nat().map((value) => `+${value}`),
  fc.constantFrom('.5', '-0.25', '007.5', '-0', '0', '12345678901234567890123'),
)
const timestamp = fc.constantFrom("t'2016-02-29T23:59:60Z'", "t'1999-12-31T00:00:00.123456789012Z'")
const ordered = fc.oneof(
  number,
  text.map(quote),
  timestamp,
  fc.constantFrom("h'fFd8'", "h''", "b'AQI='", "b'AQIDBA=='"),
)
const literal = fc.oneof(ordered, fc.constantFrom('true', 'false'))
const index = fc.constantFrom('[*]', '[0]', '[17]', '[-1]', '[+3]', '[ * ]')
const path = fc
  .tuple(
    fc.constantFrom('file', 'x-y', 'ipv4-addr', '_z'),
    name,
    fc.array(
      fc.oneof(
        name.map((key) => `.${key}`),
        index,
      ),
      { maxLength: 3 },
    ),
  )
  .map(([type, first, rest]) => `${type}:${first}${rest.join('')}`)
const not = fc.constantFrom('', ' NOT')

const { comparison } = fc.letrec<{ comparison: string }>((tie) => ({
  comparison: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'comparison' },
    fc
      .tuple(path, not, fc.constantFrom('=', '==', '!=', '<>'), literal)
      .map(([left, no, sign, right]) => `${left}${no} ${sign}${right}`),
    fc
      .tuple(path, not, fc.constantFrom('<', '<=', '>', '>='), ordered)
      .map(([left, no, sign, right]) => `${left}${no}${sign} ${right}`),
    fc
      .tuple(path, not, fc.constantFrom('LIKE', 'MATCHES', 'ISSUBSET', 'ISSUPERSET'), text)
      .map(([left, no, sign, right]) => `${left}${no} ${sign}${quote(right)}`),
    fc
      .tuple(path, not, fc.array(literal, { maxLength: 3 }))
      .map(([left, no, items]) => `${left}${no} IN(${items.join(' ,')})`),
    fc.tuple(fc.constantFrom('', 'NOT '), path).map(([no, right]) => `${no}EXISTS ${right}`),
    fc
      .tuple(tie('comparison'), fc.constantFrom('AND', 'OR'), tie('comparison'), fc.boolean(), blank)
      .map(([left, sign, right, grouped, gap]) =>
        grouped ? `(${left}${gap}${sign} (${right}))` : `${left} ${sign}${gap}${right}`,
      ),
  ),
}))

const qualifier = fc.constantFrom(
  ' WITHIN 5 SECONDS',
  ' WITHIN .5 SECONDS',
  ' REPEATS 3 TIMES',
  " START t'2016-01-01T00:00:00Z' STOP t'2017-01-01T00:00:00.5Z'",
)
const { observation } = fc.letrec<{ observation: string }>((tie) => ({
  observation: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'observation' },
    comparison.map((inner) => `[${inner}]`),
    fc.tuple(comparison, qualifier).map(([inner, after]) => `[ ${inner} ]${after}`),
    fc.tuple(tie('observation'), qualifier, qualifier).map(([inner, one, two]) => `(${inner})${one}${two}`),
    fc
      .tuple(tie('observation'), fc.constantFrom('AND', 'OR', 'FOLLOWEDBY'), tie('observation'), fc.boolean(), blank)
      .map(([left, sign, right, grouped, gap]) =>
        grouped ? `((${left})${gap}${sign} ${right})` : `${left} ${sign}${gap}${right}`,
      ),
  ),
}))

function parsed(pattern: string): Pattern {
  const reading = parsePattern(pattern)
  assert.ok(reading.ok, `${pattern} ${JSON.stringify(reading)}`)
  return reading.pattern
}

function withoutSpans(pattern: Pattern): string {
  return JSON.stringify(pattern, (key, value: unknown) => (key === 'start' || key === 'end' ? undefined : value))
}

function assertNests(node: unknown, start: number, end: number): void {
  if (Array.isArray(node)) {
    for (const item of node) assertNests(item, start, end)
  } else if (typeof node === 'object' && node !== null && 'start' in node && 'end' in node) {
    assert.ok(typeof node.start === 'number' && typeof node.end === 'number')
    assert.ok(start <= node.start && node.start < node.end && node.end <= end, JSON.stringify(node))
    for (const child of Object.values(node)) assertNests(child, node.start, node.end)
  }
}

describe('patterns', () => {
  it('read the same after printing, the spans apart', () => {
    fc.assert(
      fc.property(observation, (source) => {
        const pattern = parsed(source)
        assert.equal(withoutSpans(parsed(printPattern(pattern))), withoutSpans(pattern))
      }),
      { numRuns: 1000 },
    )
  })

  it('have spans that lie in the text and nest', () => {
    fc.assert(fc.property(observation, (source) => assertNests(parsed(source), 0, source.length)))
  })

  it('have spans that cut out what they stand for', () => {
    fc.assert(
      fc.property(observation, (source) => {
        const pattern = parsed(source)
        for (const node of comparisonsOf(pattern)) parsed(`[${source.slice(node.start, node.end)}]`)
        for (const { type, start, end } of objectPathsOf(pattern)) {
          assert.ok(source.startsWith(`${type}:`, start))
          parsed(`[EXISTS ${source.slice(start, end)}]`)
        }
      }),
    )
  })

  it('give problems inside the text for any text, and never throw', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom(..."[]()'\\:.,*=!<>-+/ t".split('')),
        fc.constantFrom('AND ', 'NOT ', 'a:b', "='x'", ' WITHIN ', '5'),
        text,
      ),
    )
    const broken = fc.tuple(observation, fc.nat(), fc.nat(), text).map(([source, from, length, insert]) => {
      const at = from % source.length
      return source.slice(0, at) + insert + source.slice(at + (length % 5))
    })
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          pieces.map((parts) => parts.join('')),
          broken,
        ),
        (source) => {
          const reading = parsePattern(source)
          if (reading.ok) return
          assert.ok(reading.problems.length > 0)
          for (const { start, end, rule, message } of reading.problems) {
            assert.ok(0 <= start && start <= end && end <= source.length, JSON.stringify(reading))
            assert.ok(rule !== '' && /^[A-Z].*\.$/.test(message), message)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('match or answer with problems on any JSON, and never throw', () => {
    const bundle = fc.record({
      objects: fc.array(fc.oneof(fc.jsonValue(), fc.constant({ type: 'file', id: 'file--1' }))),
    })
    fc.assert(
      fc.property(observation, fc.array(fc.oneof(bundle, fc.jsonValue()), { maxLength: 3 }), (source, bundles) => {
        const answer = matchPattern(source, bundles)
        assert.ok(answer.ok || answer.problems.length > 0)
      }),
    )
  })
})

function bundleWith(value: unknown): unknown {
  const observed = { first_observed: '2016-01-01T00:00:00Z', last_observed: '2016-01-01T00:00:00Z', number_observed: 1 }
  const data = { type: 'observed-data', id: 'observed-data--1', object_refs: ['thing--1'], ...observed }
  return {
    type: 'bundle',
    id: 'bundle--1',
    objects: [data, { type: 'thing', id: 'thing--1', value, value_hex: value }],
  }
}

describe('NOT', () => {
  it('turns the answer round for every value that is there', () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      text,
      fc.constantFrom('6869', 'aé', '10.0.0.1', '10.0.0.0/8', 5, true, null),
    )
    const operator = fc.oneof(
      fc.tuple(fc.constantFrom('=', '!='), literal),
      fc.tuple(fc.constantFrom('<', '<=', '>', '>='), ordered),
      fc.tuple(fc.constantFrom('LIKE'), text.map(quote)),
      fc.tuple(fc.constantFrom('MATCHES'), fc.constantFrom("'a+'", "'^$'", "'.'")),
      fc.tuple(fc.constantFrom('ISSUBSET', 'ISSUPERSET'), fc.constantFrom("'10.0.0.0/8'", "'10.0.0.1'", "'::/0'")),
      fc.tuple(
        fc.constantFrom('IN'),
        fc.constantFrom('()', "('a', '6869')", '(1, 5.0)', "(h'6869', b'AQI=')", '(true)'),
      ),
    )
    fc.assert(
      fc.property(value, fc.constantFrom('value', 'value_hex'), operator, (present, property, [sign, right]) => {
        const bundles = [bundleWith(present)]
        const plain = matchPattern(`[thing:${property} ${sign} ${right}]`, bundles)
        const negated = matchPattern(`[thing:${property} NOT ${sign} ${right}]`, bundles)
        assert.equal(plain.ok, negated.ok)
        if (plain.ok && negated.ok) assert.equal(plain.matches, !negated.matches)
      }),
      { numRuns: 1000 },
    )
  })

  it('finds no value where there is none', () => {
    for (const no of ['', ' NOT']) {
      assert.deepEqual(matchPattern(`[thing:other${no} = 1]`, [bundleWith(1)]), { ok: true, matches: false })
    }
    assert.deepEqual(matchPattern('[NOT EXISTS thing:other]', [bundleWith(1)]), { ok: true, matches: true })
    assert.deepEqual(matchPattern('[NOT EXISTS thing:value]', [bundleWith(1)]), { ok: true, matches: false })
  })
})
