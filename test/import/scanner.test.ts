import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { BrokenInputError, type Found } from '../../server/intel/import-found.ts'
import { MAX_OBJECT_BYTES, ObjectScanner } from '../../server/intel/import-scanner.ts'

/** Pointer and text of each object, the rule in place of the text where it is unfit. */
function scan(...chunks: readonly (string | Buffer)[]): readonly (readonly [string, string])[] {
  const scanner = new ObjectScanner()
  const found: Found[] = []
  for (const chunk of chunks) scanner.push(Buffer.from(chunk), found)
  scanner.end()
  return found.map((item, index) => {
    assert.equal(item.sequence, index)
    return [item.place.pointer, item.kind === 'object' ? item.bytes.toString() : item.rule]
  })
}

function problemOf(...chunks: readonly (string | Buffer)[]): BrokenInputError {
  try {
    scan(...chunks)
  } catch (error) {
    if (error instanceof BrokenInputError) return error
    throw error
  }
  throw new Error('nothing was wrong')
}

describe('objects are found by structure', () => {
  it('in a bundle, with the exact bytes of each', () => {
    const a = '{ "id" :\t"a\\"]}{", "n": [1.0e1, {"x":[]}] }'
    const b = '{"b":"\\\\"}'
    assert.deepEqual(scan(`{"type":"bundle","x":{"objects":[1]},"objects" : [ ${a} ,\r\n${b}\n] , "y":[{}]}`), [
      ['/objects/0', a],
      ['/objects/1', b],
    ])
  })

  it('in an envelope, a list, and an empty one of each', () => {
    assert.deepEqual(scan('{"more":true,"next":"n","objects":[{"a":1}]}'), [['/objects/0', '{"a":1}']])
    assert.deepEqual(scan('[{"a":1},{"b":2}]'), [
      ['/0', '{"a":1}'],
      ['/1', '{"b":2}'],
    ])
    for (const empty of ['{"objects":[]}', '[]', '{}', '{"more":false}', '{"type":"bundle","id":"x"}', '[ ] ']) {
      assert.deepEqual(scan(empty), [])
    }
  })

  it('one a line, mixed with bundles and envelopes', () => {
    const lines = ['{"type":"x","a":1}', '{"type":"bundle","objects":[{"b":1},{"c":1}]}', '', '{"objects":[{"d":1}]}']
    assert.deepEqual(scan(`${lines.join('\n')}\r\n`), [
      ['', '{"type":"x","a":1}'],
      ['/objects/0', '{"b":1}'],
      ['/objects/1', '{"c":1}'],
      ['/objects/0', '{"d":1}'],
    ])
  })

  it('an object of STIX 2.0 with objects of its own is one object', () => {
    const observed = '{"type":"observed-data","objects":{"0":{"type":"file"}}}'
    const odd = '{"type":"x-odd","objects":[1,2]}'
    assert.deepEqual(scan(`${observed}\n${odd}`), [
      ['', observed],
      ['', odd],
    ])
  })

  it('the key may be written with escapes, and a byte order mark may stand in front', () => {
    assert.deepEqual(scan('\ufeff{"obj\\u0065cts":[{"a":1}]}'), [['/objects/0', '{"a":1}']])
  })

  it('what is no object is found as well, to be refused', () => {
    assert.deepEqual(
      scan('{"objects":[1,"x]",null,-2.5e3,[{}]]}').map(([, text]) => text),
      ['1', '"x]"', 'null', '-2.5e3', '[{}]'],
    )
  })
})

describe('chunks', () => {
  const whole = Buffer.from(
    '\ufeff{"type":"bundle","spec_version":"2.1","a":[1,{"objects":[2]}],"objects":[{"n":"é\\"\\\\","l":[{}, []]},\n 12 , "q\\\\",{"d":"\\u00e9]}"}], "z":"\\""}\n[{"t":true}]\n{"type":"x","v":1e3}',
  )
  const expected = scan(whole)

  it('cut at every byte, and into single bytes, give the same', () => {
    assert.equal(expected.length, 6)
    for (let at = 0; at <= whole.length; at++) {
      assert.deepEqual(scan(whole.subarray(0, at), whole.subarray(at)), expected)
    }
    assert.deepEqual(scan(...Array.from(whole, (byte) => Buffer.of(byte))), expected)
  })

  it('cut in any way give the same, for any objects', () => {
    const json = fc.array(fc.jsonValue({ maxDepth: 4 }), { maxLength: 6 })
    fc.assert(
      fc.property(json, fc.array(fc.nat(400), { maxLength: 12 }), fc.nat(3), (objects, cuts, indent) => {
        const text = Buffer.from(JSON.stringify({ type: 'bundle', objects }, undefined, indent))
        const borders = [0, ...cuts.map((cut) => Math.min(cut, text.length)).toSorted((a, b) => a - b), text.length]
        const chunks = borders.slice(1).map((border, index) => text.subarray(borders[index], border))
        assert.deepEqual(
          scan(...chunks).map(([, found]) => JSON.parse(found) as unknown),
          JSON.parse(JSON.stringify(objects)),
        )
      }),
    )
  })
})

describe('broken input says where', () => {
  it('by line and byte', () => {
    const problem = problemOf('{"objects":[\n{"a":1}\n{"b":2}]}')
    assert.deepEqual([problem.line, problem.offset], [3, 21])
    assert.match(problem.message, /line 3, byte 21: expected , or \] after the object \/objects\/0/)
  })

  for (const [what, text, message] of [
    ['the end is missing', '{"objects":[{"a":1},{"b":', /ends inside the object \/objects\/1 \(line 1\)/],
    ['the last bracket is missing', '{"objects":[{"a":1}]', /ends before the value .* is complete/],
    [
      'a bracket of the wrong kind',
      '{"objects":[{"a":[}},{}]}',
      /closes nothing that is open in the object \/objects\/0/,
    ],
    ['a comma too many', '[{"a":1},]', /expected a JSON value/],
    ['a key without quotes', '{a:1}', /expected a key/],
    ['no JSON at all', '<xml/>', /expected \{ or \[/],
    ['UTF-16', Buffer.from('\ufeff{}', 'utf16le'), /looks like UTF-16/],
    ['nothing', '', /empty/],
    ['two lists of objects', '{"objects":[],"objects":[]}', /stands twice/],
    ['a string without end', '{"objects":[{"a":"', /ends inside/],
  ] as const) {
    it(what, () => assert.match(problemOf(text).message, message))
  }

  it('and what stood before it was found', () => {
    const found: Found[] = []
    assert.throws(() => new ObjectScanner().push(Buffer.from('[{"a":1} x'), found), BrokenInputError)
    assert.equal(found.length, 1)
  })
})

describe('bounds', () => {
  it('5 million levels cost no memory, and the neighbours are found', () => {
    const scanner = new ObjectScanner()
    const found: Found[] = []
    const before = process.memoryUsage().rss
    scanner.push(Buffer.from('{"objects":[{"a":1},'), found)
    for (let i = 0; i < 50; i++) scanner.push(Buffer.alloc(100_000, '['), found)
    for (let i = 0; i < 50; i++) scanner.push(Buffer.alloc(100_000, ']'), found)
    scanner.push(Buffer.from(',{"b":1}]}'), found)
    scanner.end()
    assert.deepEqual(
      found.map((item) => (item.kind === 'object' ? item.bytes.toString() : item.rule)),
      ['{"a":1}', 'too-deep', '{"b":1}'],
    )
    assert.ok(process.memoryUsage().rss - before < 64 * 1024 ** 2)
  })

  it('62 levels are the most that an object may have', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    assert.deepEqual(
      scan(`[${nested(62)},${nested(63)}]`).map(([, text]) => text),
      [nested(62), 'too-deep'],
    )
    const line = (levels: number) => `{"type":"x","v":${nested(levels)}}`
    assert.deepEqual(
      scan(line(61), line(62)).map(([, text]) => text),
      [line(61), 'too-deep'],
    )
  })

  it('an object above the limit is not kept, and the neighbours are found', () => {
    const large = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`
    const text = `[${large(MAX_OBJECT_BYTES)},${large(MAX_OBJECT_BYTES + 1)},{"b":1}]`
    const chunks = text.match(/.{1,65536}/gs) ?? []
    assert.deepEqual(
      scan(...chunks).map(([, found]) => found.length),
      [MAX_OBJECT_BYTES, 'too-large'.length, 7],
    )
  })
})
