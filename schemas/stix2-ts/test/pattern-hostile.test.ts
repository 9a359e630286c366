import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { quote } from '../src/pattern/literals.ts'
import { matchPattern } from '../src/pattern/match.ts'
import { MAX_PATTERN_LENGTH, parsePattern } from '../src/pattern/parser.ts'

/** Far above what any of these takes (tens of milliseconds), far below what one that blows up takes. */
const PATIENCE_MILLIS = 3000

function promptly<T>(run: () => T): T {
  const start = performance.now()
  const answer = run()
  const millis = performance.now() - start
  assert.ok(millis < PATIENCE_MILLIS, `took ${millis} ms`)
  return answer
}

function ruleOf(answer: ReturnType<typeof parsePattern> | ReturnType<typeof matchPattern>): string {
  assert.ok(!answer.ok)
  return answer.problems[0]?.rule ?? ''
}

interface Seen {
  readonly count?: number
  readonly second?: number
}

function bundleOf(objects: readonly object[], seen: readonly Seen[] = [{}]): unknown {
  const data = seen.map(({ count = 1, second = 0 }, position) => ({
    type: 'observed-data',
    id: `observed-data--${position}`,
    first_observed: new Date(second * 1000).toISOString(),
    last_observed: new Date(second * 1000).toISOString(),
    number_observed: count,
    object_refs: objects.map((_, at) => `thing--${at}`),
  }))
  return {
    type: 'bundle',
    objects: [...data, ...objects.map((rest, at) => ({ type: 'thing', id: `thing--${at}`, ...rest }))],
  }
}

describe('hostile text', () => {
  const megabyte = 1_000_000
  const repeated = [
    '(',
    '[',
    '[(',
    '[NOT ',
    'NOT ',
    ' OR ',
    '[a:b=1] OR ',
    '/*',
    '//',
    "'",
    "\\'",
    '[a:b',
    '.a',
    '-',
    '\u{1f600}',
    '[a:b IN (',
    "b'",
    "t'",
  ]

  it('of a megabyte is refused for its length', () => {
    for (const piece of repeated) {
      assert.equal(ruleOf(promptly(() => parsePattern(piece.repeat(megabyte / piece.length)))), 'pattern-length', piece)
    }
  })

  it('at the limit of the length is read in time linear in it', () => {
    for (const piece of [
      ...repeated,
      '[a:b=1 AND (',
      "[a:b='\\\\",
      '([a:b=1] AND ',
      '[a:b[*]',
      '/**/',
      "[a:b IN ('x',",
    ]) {
      const text = piece.repeat(MAX_PATTERN_LENGTH / piece.length)
      assert.ok(!promptly(() => parsePattern(text)).ok, piece)
    }
    const chain = `[a:b=1]${' OR [a:b=1]'.repeat(5900)}`
    assert.ok(promptly(() => parsePattern(chain)).ok)
    assert.ok(promptly(() => parsePattern(`[a:b=1${' AND a:b=1'.repeat(6000)}]`)).ok)
  })

  it('that nests too deep is refused for its depth', () => {
    assert.equal(ruleOf(parsePattern('('.repeat(60_000))), 'pattern-depth')
    assert.equal(ruleOf(parsePattern(`[${'('.repeat(60_000)}`)), 'pattern-depth')
    assert.ok(parsePattern(`${'('.repeat(63)}[a:b=1]${')'.repeat(63)}`).ok)
    assert.equal(ruleOf(parsePattern(`${'('.repeat(64)}[a:b=1]${')'.repeat(64)}`)), 'pattern-depth')
  })

  it('of NOT upon NOT is refused at the second', () => {
    assert.equal(ruleOf(parsePattern(`[${'NOT '.repeat(15_000)}a:b=1]`)), 'not')
    assert.equal(ruleOf(parsePattern('[a:b NOT NOT = 1]')), 'operator')
  })
})

describe('hostile regular expressions', () => {
  const long = bundleOf([{ value: `${'a'.repeat(100_000)}!` }])

  it('run in linear time', () => {
    for (const regex of ['(a+)+$', '^(a+)+$', '(a|aa)+$', '(a|ab?)+$', '(.*a){12}$', '(x+x+)+y']) {
      assert.deepEqual(
        promptly(() => matchPattern(`[thing:value MATCHES ${quote(regex)}]`, [long])),
        { ok: true, matches: false },
        regex,
      )
    }
  })

  it('are refused when they are too long, repeat too much, multiply or are none', () => {
    for (const regex of [
      'a'.repeat(513),
      'a{1000}',
      'a{2,101}',
      'a{101,}',
      '(a{30}){30}(b{30}){30}(c{30}){30}',
      '(((a{10}){10}){10}){10}',
      '(',
      'a(?=b)',
      '(a)\\1',
    ]) {
      assert.equal(
        ruleOf(promptly(() => matchPattern(`[thing:value MATCHES ${quote(regex)}]`, [long]))),
        'regex',
        regex,
      )
    }
  })

  it('do not make the pattern invalid, because the standard takes what RE2 does not', () => {
    assert.ok(parsePattern("[thing:value MATCHES 'a(?=b)']").ok)
  })

  it('over much data end with the budget', () => {
    const regex = '(a|b)*a(a|b){90}$'
    const values = Array.from({ length: 20 }, (_, at) => ({ value: 'ab'.repeat(50_000 + at) }))
    assert.equal(
      ruleOf(promptly(() => matchPattern(`[thing:value MATCHES '${regex}']`, [bundleOf(values)]))),
      'match-budget',
    )
  })
})

describe('hostile matches', () => {
  const everything = bundleOf(
    [{ a: 1 }],
    Array.from({ length: 300 }, (_, second) => ({ second })),
  )

  it('of wildcards are bounded', () => {
    const value = 'a'.repeat(100_000)
    const like = `[thing:value LIKE '%${'a'.repeat(3000)}b']`
    assert.ok(!promptly(() => matchPattern(like, [bundleOf([{ value }])])).ok)
  })

  it('along references in a circle stay linear', () => {
    const refs = Array.from({ length: 30 }, (_, at) => `thing--${at}`)
    const bundle = bundleOf(refs.map((_, at) => ({ near_refs: refs, name: `n${at}` })))
    const path = `thing:${Array<string>(40).fill('near_refs[*]').join('.')}.name`
    assert.deepEqual(
      promptly(() => matchPattern(`[${path} = 'none']`, [bundle])),
      { ok: true, matches: false },
    )
  })

  it('of huge repeats are counted, not tried', () => {
    const many = bundleOf([{ a: 1 }], [{ count: 999_999_999 }, { count: 5 }])
    for (const [times, matches] of [
      [1_000_000_004, true],
      [1_000_000_005, false],
      [`9${'0'.repeat(400)}`, false],
    ] as const) {
      assert.deepEqual(
        promptly(() => matchPattern(`[thing:a = 1] REPEATS ${times} TIMES`, [many])),
        { ok: true, matches },
      )
    }
    const both = '([thing:a = 1] AND [thing:a > 0]) REPEATS 500000002 TIMES'
    assert.deepEqual(
      promptly(() => matchPattern(both, [many])),
      { ok: true, matches: true },
    )
    const tooMany = '([thing:a = 1] AND [thing:a > 0]) REPEATS 500000003 TIMES'
    assert.deepEqual(
      promptly(() => matchPattern(tooMany, [many])),
      { ok: true, matches: false },
    )
  })

  it('of long chains end with an answer or with the budget', () => {
    const chain = (sign: string, length: number): string =>
      Array<string>(length).fill('[thing:a = 1]').join(` ${sign} `)
    assert.deepEqual(
      promptly(() => matchPattern(chain('FOLLOWEDBY', 40), [everything])),
      { ok: true, matches: true },
    )
    assert.deepEqual(
      promptly(() => matchPattern(chain('AND', 301), [everything])),
      { ok: true, matches: false },
    )
    assert.equal(ruleOf(promptly(() => matchPattern(chain('FOLLOWEDBY', 600), [everything]))), 'match-budget')
    const hopeless = `(${chain('FOLLOWEDBY', 12)}) REPEATS 20 TIMES`
    const spread = '([thing:a = 1] FOLLOWEDBY [thing:a = 1]) WITHIN 1 SECONDS'
    for (const pattern of [
      `(${hopeless}) WITHIN 3 SECONDS`,
      `((${spread}) REPEATS 100 TIMES) REPEATS 100 TIMES`,
      `((((${spread}) OR [thing:a = 1] REPEATS 2 TIMES) REPEATS 200 TIMES AND [thing:a = 1]) REPEATS 200 TIMES AND [thing:a = 2]) REPEATS 200 TIMES`,
      `${'('.repeat(20)}${spread}${') REPEATS 250 TIMES'.repeat(20)}`,
      `${chain('FOLLOWEDBY', 500)} AND [thing:a = 2]`,
      Array<string>(60).fill(`(${spread} REPEATS 3 TIMES)`).join(' FOLLOWEDBY '),
    ]) {
      const answer = promptly(() => matchPattern(pattern, [everything]))
      assert.ok(answer.ok || answer.problems[0]?.rule === 'match-budget', pattern)
      assert.ok(!answer.ok || !answer.matches, pattern)
    }
  })

  it('take the steps that the caller allows', () => {
    assert.equal(ruleOf(matchPattern('[thing:a = 1]', [everything], { maxSteps: 10 })), 'match-budget')
    assert.ok(matchPattern('[thing:a = 1]', [everything]).ok)
  })
})
