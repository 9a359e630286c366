import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { matchPattern } from '../src/pattern/match.ts'
import { parsePattern } from '../src/pattern/parser.ts'
import type { ObservationExpression } from '../src/pattern/tree.ts'

interface Sighted {
  readonly kinds: string
  readonly first: number
  readonly lasts: number
  readonly count: number
}

function time(second: number): string {
  return new Date(second * 1000).toISOString()
}

/** One bundle; each observation holds an object `o` with a true property for each letter of its kinds. */
function bundleOf(observations: readonly Sighted[]): unknown {
  return {
    type: 'bundle',
    objects: observations.flatMap(({ kinds, first, lasts, count }, at) => [
      {
        type: 'observed-data',
        id: `observed-data--${at}`,
        first_observed: time(first),
        last_observed: time(first + lasts),
        number_observed: count,
        object_refs: [`o--${at}`],
      },
      { type: 'o', id: `o--${at}`, ...Object.fromEntries(kinds.split('').map((kind) => [kind, true])) },
    ]),
  }
}

function matches(pattern: string, ...bundles: readonly unknown[]): boolean {
  const answer = matchPattern(pattern, bundles)
  assert.ok(answer.ok, `${pattern} ${JSON.stringify(answer)}`)
  return answer.matches
}

/** All ways to bind units of observations, written down as the standard reads, without any thrift. */
function bindings(
  node: ObservationExpression,
  units: readonly (Sighted & { readonly unit: number })[],
): readonly number[][] {
  const first = (at: number): number => units[at]?.first ?? NaN
  const last = (at: number): number => first(at) + (units[at]?.lasts ?? NaN)
  const joined = (left: readonly number[][], right: readonly number[][]): number[][] =>
    left.flatMap((a) => right.filter((b) => b.every((unit) => !a.includes(unit))).map((b) => [...a, ...b]))
  if (node.kind === 'observation') {
    const { test } = node
    assert.ok(test.kind === 'comparison' && test.path.steps[0]?.kind === 'key')
    const { name } = test.path.steps[0]
    return units.filter((one) => one.kinds.includes(name)).map((one) => [one.unit])
  }
  if (node.kind === 'observation-join') {
    const operands = node.operands.map((operand) => bindings(operand, units))
    if (node.operator === 'OR') return operands.flat()
    return operands.reduce((left, right) =>
      node.operator === 'AND'
        ? joined(left, right)
        : left.flatMap((a) =>
            joined(
              [a],
              right.filter((b) => Math.max(...a.map(first)) <= Math.min(...b.map(last))),
            ),
          ),
    )
  }
  return node.qualifiers.reduce(
    (found, qualifier) => {
      if (qualifier.kind === 'within') {
        const { value } = qualifier.seconds
        return found.filter((one) => Math.max(...one.map(first)) - Math.min(...one.map(last)) <= value)
      }
      if (qualifier.kind === 'repeats') {
        let repeated = found
        for (let time = 1; time < qualifier.times.value; time++) repeated = joined(repeated, found)
        return repeated
      }
      const start = Date.parse(qualifier.from.text) / 1000
      const stop = Date.parse(qualifier.until.text) / 1000
      return found.filter((one) => one.every((unit) => start < stop && last(unit) >= start && first(unit) < stop))
    },
    bindings(node.expression, units),
  )
}

describe('observation expressions', () => {
  const qualifier = fc.constantFrom(
    ' WITHIN 1 SECONDS',
    ' WITHIN 3 SECONDS',
    ' REPEATS 2 TIMES',
    ` START t'${time(1)}' STOP t'${time(4)}'`,
    ` START t'${time(0)}' STOP t'${time(6)}'`,
  )
  const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
    pattern: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom('a', 'b', 'c').map((kind) => `[o:${kind} = true]`),
      fc.tuple(tie('pattern'), qualifier).map(([inner, after]) => `(${inner})${after}`),
      fc
        .tuple(tie('pattern'), fc.constantFrom('AND', 'OR', 'FOLLOWEDBY'), tie('pattern'))
        .map(([left, sign, right]) => `(${left} ${sign} ${right})`),
    ),
  }))
  const observation = fc.record({
    kinds: fc.constantFrom('a', 'b', 'ab', 'ac', 'abc', ''),
    first: fc.nat(6),
    lasts: fc.constantFrom(0, 0, 1, 3),
    count: fc.constantFrom(1, 1, 2),
  })

  it('match exactly when some binding of distinct observations meets them', () => {
    let positive = 0
    let total = 0
    fc.assert(
      fc.property(pattern, fc.array(observation, { maxLength: 4 }), (source, observations) => {
        const reading = parsePattern(source)
        assert.ok(reading.ok)
        // More units than these make the list of bindings too long.
        fc.pre((source.match(/REPEATS/g)?.length ?? 0) < 3)
        const expanded = observations.flatMap((one) => Array<Sighted>(one.count).fill(one))
        const units = expanded.map((one, unit) => ({ ...one, unit }))
        const expected = bindings(reading.pattern.expression, units).length > 0
        total++
        if (expected) positive++
        assert.equal(matches(source, bundleOf(observations)), expected)
      }),
      { numRuns: 4000 },
    )
    assert.ok(positive > total / 20 && positive < (total * 19) / 20, `${positive} of ${total} match`)
  })

  it('do not use one observation twice, however the brackets overlap', () => {
    const seen = [
      { kinds: 'ab', first: 0, lasts: 0, count: 1 },
      { kinds: 'a', first: 5, lasts: 0, count: 1 },
    ]
    assert.ok(matches('[o:a = true] AND [o:b = true]', bundleOf(seen)))
    assert.ok(!matches('[o:a = true] AND [o:b = true] AND [o:a = true]', bundleOf(seen)))
    assert.ok(matches('[o:b = true] FOLLOWEDBY [o:a = true]', bundleOf(seen)))
    assert.ok(!matches('[o:a = true] FOLLOWEDBY [o:b = true]', bundleOf(seen)))
  })

  it('multiply the repeats of a group', () => {
    const pattern = '(([o:a = true] FOLLOWEDBY [o:b = true]) REPEATS 2 TIMES) REPEATS 2 TIMES'
    const pairs = (count: number): unknown =>
      bundleOf([
        { kinds: 'a', first: 0, lasts: 0, count },
        { kinds: 'b', first: 1, lasts: 0, count },
      ])
    assert.ok(matches(pattern, pairs(4)))
    assert.ok(!matches(pattern, pairs(3)))
  })

  it('reckon WITHIN exactly', () => {
    const apart = (from: string, until: string): unknown => ({
      type: 'bundle',
      objects: [from, until].flatMap((at, position) => [
        {
          type: 'observed-data',
          first_observed: at,
          last_observed: at,
          number_observed: 1,
          object_refs: [`o--${position}`],
        },
        { type: 'o', id: `o--${position}`, a: true },
      ]),
    })
    const bundle = apart('2016-01-01T00:00:00.1Z', '2016-01-01T00:00:00.8Z')
    assert.ok(matches('([o:a = true] AND [o:a = true]) WITHIN 0.7 SECONDS', bundle))
    assert.ok(!matches('([o:a = true] AND [o:a = true]) WITHIN 0.699999999 SECONDS', bundle))
    assert.ok(matches('[o:a = true] REPEATS 2 TIMES WITHIN .7 SECONDS', bundle))
  })

  it('match over several bundles together', () => {
    const one = bundleOf([{ kinds: 'a', first: 1, lasts: 0, count: 1 }])
    const two = bundleOf([{ kinds: 'b', first: 2, lasts: 0, count: 1 }])
    assert.ok(matches('[o:a = true] FOLLOWEDBY [o:b = true]', two, one))
  })
})

function seen(object: object, ...others: readonly object[]): unknown {
  const at = '2020-01-01T00:00:00Z'
  const data = {
    type: 'observed-data',
    first_observed: at,
    last_observed: at,
    number_observed: 1,
    object_refs: ['x--1'],
  }
  return { type: 'bundle', objects: [data, { type: 'x', id: 'x--1', ...object }, ...others] }
}

describe('object paths', () => {
  const host = {
    type: 'ipv4-addr',
    id: 'ipv4-addr--1',
    value: '198.51.100.7',
    resolves_to_refs: ['mac-addr--1', 'mac-addr--2'],
  }
  const mac = { type: 'mac-addr', id: 'mac-addr--2', value: 'd2:fb:49:24:37:18' }
  const bundle = seen(
    { src_ref: 'ipv4-addr--1', list: [['a'], ['b', 'c']], dictionary: { 'a.b': { 'c-d': 1 } } },
    host,
    mac,
  )

  it('go through references, lists and quoted keys', () => {
    for (const path of [
      "src_ref.value = '198.51.100.7'",
      "src_ref.resolves_to_refs[*].value = 'd2:fb:49:24:37:18'",
      "src_ref.resolves_to_refs[1].value = 'd2:fb:49:24:37:18'",
      "src_ref.type = 'ipv4-addr'",
      "list[1][0] = 'b'",
      "list[*][*] = 'c'",
      "dictionary.'a.b'.'c-d' = 1",
      "src_ref = 'ipv4-addr--1'",
    ]) {
      assert.ok(matches(`[x:${path}]`, bundle), path)
    }
  })

  it('end where nothing is', () => {
    for (const path of [
      'src_ref.resolves_to_refs[0].value',
      'list[2]',
      'list[-1]',
      'list.length',
      'toString',
      'constructor.name',
      'src_ref.src_ref.value',
    ]) {
      assert.ok(!matches(`[EXISTS x:${path}]`, bundle), path)
    }
  })

  it('begin only at the objects that the observation names', () => {
    assert.ok(!matches("[ipv4-addr:value = '198.51.100.7']", bundle))
  })

  it('take the objects of STIX 2.0 where there are no references', () => {
    const at = '2020-01-01T00:00:00Z'
    const objects = { 0: { type: 'x', near_ref: '1' }, 1: { type: 'y', name: 'n' } }
    const old = { type: 'observed-data', first_observed: at, last_observed: at, number_observed: 1, objects }
    assert.ok(matches("[x:near_ref.name = 'n']", { type: 'bundle', objects: [old] }))
  })
})

describe('comparisons', () => {
  it('decide membership of networks by their bits', () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['198.51.100.7', '198.51.100.0/24', true],
      ['198.51.101.7', '198.51.100.0/24', false],
      ['198.51.100.0/25', '198.51.100.0/24', true],
      ['198.51.100.0/23', '198.51.100.0/24', false],
      ['198.51.100.7', '198.51.100.7', true],
      ['198.51.100.7', '0.0.0.0/0', true],
      ['2001:db8::1', '2001:DB8::/32', true],
      ['2001:db9::1', '2001:db8::/32', false],
      ['::ffff:198.51.100.7', '::ffff:198.51.100.0/120', true],
      ['2001:db8::1', '0.0.0.0/0', false],
      ['198.51.100.7', '::/0', false],
      ['no address', '0.0.0.0/0', false],
      ['198.51.100.07', '198.51.100.0/24', false],
      ['198.51.100', '198.51.100.0/24', false],
      ['1:2:3:4:5:6:7:8:9', '::/0', false],
      ['1::2::3', '::/0', false],
      ['1:2:3:4::5:6:7:8', '::/0', false],
      ['2001:db8::1%eth0', '::/0', false],
    ]
    for (const [inner, outer, expected] of cases) {
      assert.equal(matches(`[x:v ISSUBSET '${outer}']`, seen({ v: inner })), expected, `${inner} in ${outer}`)
      if (expected) assert.ok(matches(`[x:v ISSUPERSET '${inner}']`, seen({ v: outer })), `${outer} over ${inner}`)
    }
    assert.ok(!matches("[x:v ISSUPERSET '198.51.0.0/16']", seen({ v: '198.51.100.0/24' })))
  })

  it('read LIKE as whole values, with percent and underscore as wildcards and nothing else', () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['abc', 'a%', true],
      ['abc', 'b%', false],
      ['abc', '%b%', true],
      ['abc', '___', true],
      ['abc', '__', false],
      ['a\nb', 'a%b', true],
      ['a.c', 'a.c', true],
      ['abc', 'a.c', false],
      ['aXbXbc', 'a%bc', true],
      ['', '%', true],
      ['', '_', false],
      ['\u{1f600}', '_', true],
    ]
    for (const [value, like, expected] of cases) {
      assert.equal(matches(`[x:v LIKE '${like}']`, seen({ v: value })), expected, `${value} like ${like}`)
    }
  })

  it('order strings by code point and other types by value', () => {
    assert.ok(matches("[x:v > '\uff01']", seen({ v: '\u{1f600}' })))
    assert.ok(matches("[x:v > 'Z']", seen({ v: 'a' })))
    assert.ok(matches("[x:v < t'2020-01-01T00:00:00.0000005Z']", seen({ v: '2020-01-01T00:00:00.0000004Z' })))
    assert.ok(matches("[x:v = t'2020-01-01T00:00:00.500Z']", seen({ v: '2020-01-01T00:00:00.5Z' })))
    assert.ok(matches("[x:v_hex >= h'00ff']", seen({ v_hex: '0100' })))
    assert.ok(matches("[x:v_hex = 'not hex']", seen({ v_hex: 'not hex' })))
    assert.ok(matches("[x:v_bin MATCHES '^\\\\x00.b$']", seen({ v_bin: 'AKFi' })))
    for (const sign of ['<', '<=', '>', '>=', '=']) assert.ok(!matches(`[x:v ${sign} 1]`, seen({ v: '1' })))
  })

  it('say what cannot be compared', () => {
    const rule = (pattern: string, object: object): string | undefined => {
      const answer = matchPattern(pattern, [seen(object)])
      return answer.ok ? undefined : answer.problems[0]?.rule
    }
    assert.equal(rule("[x:v IN (1, 'a')]", { v: 1 }), 'mixed-set')
    assert.equal(rule('[x:v IN (1, 2.5)]', { v: 1 }), undefined)
    assert.equal(rule("[x:v ISSUBSET '1234']", { v: 1 }), 'network')
    assert.equal(rule("[x:v = t'2020-01-01T00:00:00Z']", { v: 'yesterday' }), 'data-timestamp')
    assert.equal(rule("[x:v = t'2020-01-01T00:00:00Z']", { v: 5 }), undefined)
    assert.equal(rule('[x:v = 1] WITHIN 0.0 SECONDS', { v: 1 }), 'within')
  })

  it('say which data is no observed-data', () => {
    const at = '2020-01-01T00:00:00Z'
    const later = '2021-01-01T00:00:00Z'
    const good = {
      type: 'observed-data',
      first_observed: at,
      last_observed: later,
      number_observed: 1,
      object_refs: [],
    }
    const rule = (data: unknown): string | undefined => {
      const answer = matchPattern('[x:v = 1]', [data])
      return answer.ok ? undefined : answer.problems[0]?.rule
    }
    assert.equal(rule({ objects: [good] }), undefined)
    assert.equal(rule({}), undefined)
    for (const bad of [
      { number_observed: 0 },
      { number_observed: 1.5 },
      { first_observed: '2022-01-01T00:00:00Z' },
      { last_observed: at.toLowerCase() },
    ]) {
      assert.equal(rule({ objects: [{ ...good, ...bad }] }), 'observed-data')
    }
    for (const bad of [null, [], 'bundle', { objects: {} }]) assert.equal(rule(bad), 'bundle')
  })
})
