import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readJson } from '../../server/read-json.ts'
import { MAX_DEPTH, MAX_MARKS, scanJson } from '../../server/scan-json.ts'
import { hasDouble, nodes, plain, write } from './json-text.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const read = (text: string) => readJson(bytesOf(text), 'objects')

describe('readJson, against a simple writer of JSON', () => {
  it('gives back every value', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 6 }).filter(hasPlainKeys),
        fc.constantFrom(undefined, 1, '\t'),
        (value, indent) => {
          const text = JSON.stringify(value, undefined, indent)
          const reading = read(text)
          assert.ok(reading.ok || /__proto__/.test(text), text)
          if (reading.ok) assert.equal(JSON.stringify(reading.read.value), JSON.stringify(value))
        },
      ),
    )
  })

  it('gives the bytes of each element of the list, however it is written', () => {
    fc.assert(
      fc.property(
        fc.array(nodes()),
        fc.array(fc.tuple(fc.constantFrom('a', 'objects ', 'Objects', 'object', 'x'), nodes()), { maxLength: 3 }),
        fc.nat({ max: 3 }),
        fc.infiniteStream(fc.constantFrom('', ' ', '\n', '\t\r\n  ')),
        (list, others, place, blanks) => {
          const blank = () => String(blanks.next().value)
          const elements = list.map((node) => write(node, blank))
          const members = others.map(
            ([key, node]) => `${JSON.stringify(key)}${blank()}:${blank()}${write(node, blank)}`,
          )
          members.splice(
            place,
            0,
            `"objects"${blank()}:${blank()}[${elements.map((text) => blank() + text + blank()).join()}]`,
          )
          const bytes = bytesOf(`${blank()}{${members.map((text) => blank() + text + blank()).join()}}${blank()}`)
          const scan = scanJson(bytes, 'objects')
          assert.ok(typeof scan === 'object')
          const found: string[] = []
          for (let at = 0; at < scan.elements.length; at += 2) {
            found.push(Buffer.from(bytes.subarray(scan.elements[at], scan.elements[at + 1])).toString())
          }
          assert.deepEqual(found, elements)
        },
      ),
    )
  })

  it('refuses a text exactly when one of its objects has a key twice, in any spelling', () => {
    let doubles = 0
    fc.assert(
      fc.property(nodes(), fc.infiniteStream(fc.constantFrom('', ' ')), (node, blanks) => {
        const text = write(node, () => String(blanks.next().value))
        const reading = read(text)
        if (hasDouble(node)) {
          doubles += 1
          assert.ok(!reading.ok && reading.problem.code === 'duplicate_key', text)
          assert.doesNotMatch(reading.problem.message, /unknown/, text)
        } else {
          assert.ok(reading.ok, text)
          assert.deepEqual(reading.read.value, plain(node), text)
        }
      }),
      { numRuns: 500 },
    )
    assert.ok(doubles > 20, `only ${doubles} texts had a key twice: the test shows little`)
  })

  it('never throws, and takes nothing that JSON.parse refuses', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '\\',
      '"objects"',
      '"a"',
      '1',
      'null',
      ' ',
      '\\u',
      'é',
      '\0',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const text = parts.join('')
        if (read(text).ok) assert.doesNotThrow(() => void JSON.parse(text))
      }),
      { numRuns: 2000 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        assert.equal(typeof readJson(bytes, 'objects').ok, 'boolean')
      }),
    )
  })
})

describe('a key that is written with an escape', () => {
  // nodejs/node issue 63785: JSON.parse gives such a key the text of another one that it remembers
  const poison = () => JSON.parse('{"h":[],"\\\\":0}') as unknown

  it('is read as what it says, whatever was parsed before', () => {
    for (const [text, key] of [
      ['{"h":1,"\\u0061":2}', 'a'],
      ['{"h":1,"\\u00e9":2}', 'é'],
      ['{"h":1,"\\/":2}', '/'],
      ['{"h":1,"a\\u0062":2}', 'ab'],
    ] as const) {
      poison()
      const reading = read(text)
      assert.ok(reading.ok)
      assert.deepEqual(reading.read.value, { h: 1, [key]: 2 })
    }
  })

  it('is found to be the twin of another, whatever was parsed before', () => {
    for (const text of [
      '{"a":1,"\\u0061":2}',
      '{"\\"":1,"\\u0022":2}',
      '{"\\\\":1,"\\u005c":2}',
      '{"\\n":1,"\\u000a":2}',
    ]) {
      poison()
      const reading = read(text)
      assert.ok(!reading.ok && reading.problem.code === 'duplicate_key', text)
    }
  })

  it('is refused when it spells a key that reaches for prototypes', () => {
    poison()
    for (const text of ['{"__proto\\u005f_":1}', '{"constructo\\u0072":{"prototyp\\u0065":1}}']) {
      const reading = read(text)
      assert.ok(!reading.ok && reading.problem.code === 'refused_key', text)
    }
  })
})

describe('readJson, at its bounds', () => {
  const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

  it(`takes ${MAX_DEPTH} levels and refuses one more`, () => {
    assert.equal(read(deep(MAX_DEPTH)).ok, true)
    const reading = read(deep(MAX_DEPTH + 1))
    assert.ok(!reading.ok && reading.problem.code === 'too_deep')
  })

  it('does not count brackets in strings', () => {
    assert.equal(read(JSON.stringify('[{'.repeat(100))).ok, true)
    assert.equal(read(JSON.stringify('\\"[{'.repeat(100))).ok, true)
  })

  it(`takes ${MAX_MARKS} values and refuses more`, () => {
    assert.equal(read(`[${'1,'.repeat(MAX_MARKS - 1)}1]`).ok, true)
    const reading = read(`[${'1,'.repeat(MAX_MARKS)}1]`)
    assert.ok(!reading.ok && reading.problem.code === 'too_many')
    const brackets = read(`[${'[]'.repeat(MAX_MARKS)}`)
    assert.ok(!brackets.ok && brackets.problem.code === 'too_many')
  })

  it('names the key that stands twice, also after megabytes of text', () => {
    const reading = read(`{"x":"${'\\\\'.repeat(2_000_000)}","twin" \n : 1,"\\u0074win":2}`)
    assert.ok(!reading.ok && reading.problem.code === 'duplicate_key')
    assert.match(reading.problem.message, /"twin"/)
  })

  it('takes time in proportion to the text', () => {
    const time = (count: number) => {
      const text = bytesOf(`{"a":[${'{"k":"\\u0041","l":[1,2]},'.repeat(count)}1],"b":1,"b":2}`)
      const start = performance.now()
      readJson(text, 'objects')
      return performance.now() - start
    }
    time(10_000)
    const small = Math.min(time(10_000), time(10_000), time(10_000))
    const large = Math.min(time(80_000), time(80_000))
    assert.ok(large < Math.max(small, 5) * 40, `${small} ms for one, ${large} ms for eight times as much`)
  })
})

/** Keys that must be escaped get stand-ins; they have tests of their own. */
function hasPlainKeys(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, inner]) => !/["\\\p{Cc}\p{Cs}]/u.test(key) && hasPlainKeys(inner))
}
