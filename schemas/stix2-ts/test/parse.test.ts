import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MAX_FINDINGS, OBJECT_TYPES, RULES, parseBundle, parseStixObject, propertyOf, versionOf } from '../src/index.ts'
import { BUNDLE, FILE, INDICATOR, LOCATION, MALWARE, RELATIONSHIP } from './samples.ts'

function problemsOf(value: unknown) {
  const result = parseStixObject(value)
  return result.ok ? [] : result.problems
}

describe('parseStixObject', () => {
  it('accepts samples without a warning', () => {
    for (const sample of [INDICATOR, MALWARE, RELATIONSHIP, LOCATION, FILE]) {
      assert.deepEqual(parseStixObject(sample), { ok: true, object: sample, warnings: [] })
    }
  })

  it('gives back the very object, unchanged, with its custom properties', () => {
    const object = { ...INDICATOR, x_acme: { deep: [1, null, { Key: 'é' }] } }
    const before = JSON.stringify(object)
    const result = parseStixObject(object)
    assert.ok(result.ok)
    assert.equal(result.object, object)
    assert.equal(JSON.stringify(object), before)
    assert.deepEqual(propertyOf(result.object, 'x_acme'), object.x_acme)
    assert.deepEqual(
      result.warnings.map(({ pointer, rule }) => [pointer, rule]),
      [['/x_acme', 'custom-property']],
    )
  })

  it('names the field and the fix', () => {
    const [problem] = problemsOf({ ...INDICATOR, external_references: [{ source_name: 'acme', url: 7 }] })
    assert.deepEqual(problem, {
      pointer: '/external_references/0/url',
      rule: 'string',
      message: "'url' must be a string: write it as text.",
    })
  })

  it('writes pointers as RFC 6901 asks', () => {
    const [problem] = problemsOf({ ...INDICATOR, x_acme: { 'a/b~c': ['\u0000'] } })
    assert.equal(problem?.pointer, '/x_acme/a~1b~0c/0')
  })

  it('refuses U+0000 and lone surrogates in values and keys, anywhere', () => {
    for (const bad of ['a\u0000', '\ud800', 'x\udc00y']) {
      for (const object of [
        { ...INDICATOR, name: bad },
        { ...INDICATOR, labels: ['a', bad] },
        { ...INDICATOR, x_acme: [[{ k: bad }]] },
        { ...INDICATOR, x_acme: { [bad]: 1 } },
        { ...INDICATOR, [`abc${bad}`]: 1 },
        { ...FILE, extensions: { 'pdf-ext': { version: bad } } },
      ]) {
        assert.ok(
          problemsOf(object).some(({ rule }) => rule === 'text'),
          JSON.stringify(object),
        )
      }
    }
  })

  it('refuses whole numbers beyond 2^53-1', () => {
    assert.equal(parseStixObject({ ...FILE, size: 2 ** 53 - 1 }).ok, true)
    assert.equal(problemsOf({ ...FILE, size: 2 ** 53 })[0]?.rule, 'integer')
    assert.equal(problemsOf({ ...FILE, size: 1.5 })[0]?.rule, 'integer')
  })

  it('refuses what is no JSON object', () => {
    for (const value of [null, undefined, 1, 'x', true, [], [INDICATOR], () => 1, Symbol('x'), 10n]) {
      assert.equal(parseStixObject(value).ok, false)
    }
  })

  it('does not look at the prototype', () => {
    const polluted: unknown = JSON.parse('{"__proto__": {"type": "malware"}, "constructor": {"prototype": {}}}')
    assert.equal(parseStixObject(polluted).ok, false)
    const own: unknown = JSON.parse(JSON.stringify(FILE).replace('{', '{"__proto__": 1,'))
    assert.equal(problemsOf(own)[0]?.rule, 'property-name')
  })

  it('stops at a depth instead of the end of the call stack', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(200_000)}1${']'.repeat(200_000)}`)
    assert.equal(problemsOf({ ...INDICATOR, x_acme: deep })[0]?.rule, 'depth')
    assert.equal(problemsOf({ ...INDICATOR, name: deep })[0]?.rule, 'string')
    assert.equal(parseStixObject(deep).ok, false)
    assert.equal(parseBundle({ ...BUNDLE, objects: deep }).ok, false)
  })

  it('caps the findings', () => {
    const many = parseStixObject({ ...INDICATOR, labels: Array.from({ length: 5000 }, () => 1) })
    assert.equal(!many.ok && many.problems.length, MAX_FINDINGS)
    const names = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`x_${i}`, i]))
    const warned = parseStixObject({ ...INDICATOR, ...names })
    assert.equal(warned.ok && warned.warnings.length, MAX_FINDINGS)
  })

  it('gives no answer that is longer than a long name many times over', () => {
    const name = `x_${'/'.repeat(100_000)}`
    const result = parseStixObject({ ...INDICATOR, [name]: { [name]: Array.from({ length: 100 }, () => '\u0000') } })
    assert.ok(!result.ok && result.problems.length === MAX_FINDINGS)
    assert.ok(JSON.stringify(result).length < 20_000)
  })

  it('knows 42 object types', () => {
    assert.equal(new Set(OBJECT_TYPES).size, 19 + 18 + 2 + 3)
    for (const type of OBJECT_TYPES) {
      const [problem] = problemsOf({ type, spec_version: '2.1' })
      assert.deepEqual([problem?.rule, problem?.pointer], ['required', '/id'], type)
    }
  })

  it('lets an extension define a type and properties without a warning', () => {
    const extension = { 'extension-definition--04b2d3ef-d061-4912-ab77-6bbe807a5bd5': { extension_type: 'new-sdo' } }
    const id = 'my-sdo--4527e5de-8572-446a-a57a-706f15467461'
    const times = { spec_version: '2.1', created: INDICATOR.created, modified: INDICATOR.modified }
    const custom = parseStixObject({ type: 'my-sdo', id, ...times, extensions: extension, anything: 1 })
    assert.deepEqual(custom.ok && custom.warnings, [])
    assert.equal(problemsOf({ type: 'my-sdo', id, extensions: extension })[0]?.pointer, '/spec_version')
  })

  it('accepts a custom type, and checks the common properties that it has', () => {
    const custom = { type: 'x-acme-thing', id: 'x-acme-thing--4527e5de-8572-446a-a57a-706f15467461', whatever: 1 }
    const result = parseStixObject(custom)
    assert.deepEqual(result.ok && result.warnings.map(({ rule }) => rule), ['custom-object'])
    assert.equal(problemsOf({ ...custom, created: 'yesterday' })[0]?.rule, 'timestamp')
    assert.equal(problemsOf({ ...custom, id: FILE.id })[0]?.rule, 'id-type')
    assert.equal(problemsOf({ ...custom, type: 'X_acme' })[0]?.rule, 'type')
    assert.equal(problemsOf({ type: custom.type })[0]?.rule, 'required')
  })

  it('never throws on JSON, and gives known codes and pointers that resolve', () => {
    const type = fc.constantFrom(...OBJECT_TYPES, 'bundle', 'x-foo')
    const anything = fc.jsonValue({ maxDepth: 4 })
    const name = fc.constantFrom(
      'id',
      'spec_version',
      'created',
      'extensions',
      'granular_markings',
      'hashes',
      'pattern',
      'objects',
    )
    const value = fc
      .tuple(type, fc.dictionary(fc.oneof(name, fc.string()), anything))
      .map(([known, rest]) => ({ ...rest, type: known, spec_version: '2.1' }))
    fc.assert(
      fc.property(fc.oneof(anything, value), (json) => {
        for (const result of [parseStixObject(json), parseBundle(json), parseBundle({ ...BUNDLE, objects: [json] })]) {
          for (const { pointer, rule, message } of result.ok ? result.warnings : result.problems) {
            assert.ok(rule in RULES && message.endsWith('.') && (pointer === '' || pointer.startsWith('/')))
          }
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('refuses what lost a required property or got another kind of value, whatever else is there', () => {
    const samples = [INDICATOR, MALWARE, RELATIONSHIP, LOCATION]
    const broken = fc.constantFrom<unknown>(null, 1n, [], {}, () => 1)
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.constantFrom('id', 'type', 'created', 'modified'),
        broken,
        (sample, name, value) => {
          const { [name]: _removed, ...rest }: Record<string, unknown> = sample
          assert.equal(parseStixObject(rest).ok, false)
          assert.equal(parseStixObject({ ...sample, [name]: value }).ok, false)
        },
      ),
    )
  })
})

describe('parseBundle', () => {
  it('points into the objects', () => {
    const result = parseBundle({ ...BUNDLE, objects: [FILE, { ...FILE, size: 'big' }] })
    assert.deepEqual(result.ok || result.problems.map(({ pointer, rule }) => [pointer, rule]), [
      ['/objects/1/size', 'integer'],
    ])
  })

  it('may be empty only by having no objects', () => {
    assert.equal(parseBundle(BUNDLE).ok, true)
    assert.equal(parseBundle({ ...BUNDLE, objects: [] }).ok, false)
  })

  it('refuses STIX 2.0 one by one', () => {
    const { spec_version: _version, ...old } = MALWARE
    const result = parseBundle({ ...BUNDLE, objects: [old, INDICATOR, old] })
    assert.deepEqual(result.ok || result.problems.map(({ pointer, rule }) => [pointer, rule]), [
      ['/objects/0', 'stix-2.0'],
      ['/objects/2', 'stix-2.0'],
    ])
    const marked = parseBundle({ ...BUNDLE, spec_version: '2.0', objects: [old, INDICATOR] })
    assert.deepEqual(marked.ok || marked.problems.map(({ pointer }) => pointer), ['/objects/0'])
    assert.match(marked.ok ? '' : (marked.problems[0]?.message ?? ''), /vouchsafe import --upgrade/)
  })

  it('is not a STIX object', () => {
    assert.equal(problemsOf(BUNDLE)[0]?.rule, 'bundle')
    const nested = parseBundle({ ...BUNDLE, objects: [BUNDLE] })
    assert.equal(nested.ok || nested.problems[0]?.rule, 'bundle')
  })
})

describe('versionOf', () => {
  it('is the exact text of modified, else of created', () => {
    assert.equal(
      versionOf({ created: '2016-01-01T00:00:00Z', modified: '2016-01-01T00:00:00.100Z' }),
      '2016-01-01T00:00:00.100Z',
    )
    assert.equal(versionOf({ created: '2016-01-01T00:00:00Z' }), '2016-01-01T00:00:00Z')
    assert.equal(versionOf(FILE), undefined)
  })
})
