import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { cutEnvelopes, readEnvelopeFrame } from '../src/index.ts'
import { failsWith } from './support/server.ts'

const objects = fc.array(fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 60, unit: 'grapheme' })), {
  maxLength: 30,
})

describe('envelopes', () => {
  it('K09 every object is sent once and in order, or reported; no envelope reaches the limit', () => {
    fc.assert(
      fc.property(
        objects,
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 6 }),
        (all, maxContentLength, maxObjects) => {
          const accounted: number[] = []
          for (const cut of cutEnvelopes(all, { maxContentLength, maxObjects })) {
            if (cut.kind === 'too-large') {
              accounted.push(cut.index)
              const alone = Buffer.byteLength(JSON.stringify({ objects: [all[cut.index]] }))
              assert.equal(cut.bytes, alone)
              assert(alone >= maxContentLength)
            } else {
              accounted.push(...cut.indexes)
              assert(cut.body.length < maxContentLength)
              assert(cut.indexes.length > 0 && cut.indexes.length <= maxObjects)
              const parsed: unknown = JSON.parse(cut.body.toString())
              assert.deepEqual(parsed, JSON.parse(JSON.stringify({ objects: cut.indexes.map((index) => all[index]) })))
            }
          }
          assert.deepEqual(
            accounted.toSorted((left, right) => left - right),
            all.map((_object, index) => index),
          )
        },
      ),
    )
  })

  it('K09 no two neighbours would have fitted into one envelope', () => {
    const all = Array.from({ length: 50 }, (_value, index) => ({ text: 'x'.repeat((index * 7) % 40) }))
    const cuts = [...cutEnvelopes(all, { maxContentLength: 200 })]
    for (const [index, cut] of cuts.slice(0, -1).entries()) {
      const following = cuts[index + 1]
      assert(cut.kind === 'envelope' && following?.kind === 'envelope')
      const first = JSON.stringify(all[following.indexes[0] ?? 0])
      assert(cut.body.length + 1 + first.length >= 200)
    }
  })

  it('K09 keeps exact bytes', () => {
    const [cut] = cutEnvelopes([Buffer.from('{ "n": 1.0 }'), new Uint8Array(Buffer.from('{"m":1e3}'))], {
      maxContentLength: 100,
    })
    assert(cut?.kind === 'envelope')
    assert.equal(cut.body.toString(), '{"objects":[{ "n": 1.0 },{"m":1e3}]}')
  })

  it('K09 refuses limits that are none', () => {
    for (const maxContentLength of [0, -1, 1.5, Number.NaN]) {
      assert.throws(() => [...cutEnvelopes([{}], { maxContentLength })], failsWith('bad-option'))
    }
  })

  it('the frame of an envelope is what JSON.parse finds', () => {
    const name = fc.oneof(
      fc.constantFrom('more', 'next', 'objects', 'm\\u006fre', 'x'),
      fc.string({ maxLength: 4 }).map(inner),
    )
    const space = fc.constantFrom('', ' ', '\n\t', '\r\n ')
    const escapes = fc.string({ unit: fc.constantFrom('"', '\\', 'a', 'bcdefghijklmnop'), maxLength: 150 })
    const value = fc.oneof(
      fc.json({ maxDepth: 3 }),
      escapes.map((text) => JSON.stringify([text, text])),
      escapes.map((text) => JSON.stringify(text)),
    )
    const member = fc.tuple(name, value, space)
    const list = fc.array(fc.json({ maxDepth: 2 }), { maxLength: 3 })
    fc.assert(
      fc.property(fc.array(member, { maxLength: 6 }), list, space, (members, elements, gap) => {
        const parts = members.map(([key, given, around]) => {
          const text = key === 'objects' ? `[${around}${elements.join(`,${around}`)}]` : given
          return `${around}"${key}"${around}:${around}${text}${around}`
        })
        const text = `${gap}{${parts.join(',')}}${gap}`
        const parsed: unknown = JSON.parse(text)
        const frame = readEnvelopeFrame(Buffer.from(text))
        assert.deepEqual(frame.more, Object(parsed).more)
        assert.deepEqual(frame.next, Object(parsed).next)
        assert.equal(frame.isEmpty, (Object(parsed).objects ?? []).length === 0)
      }),
      { numRuns: 500 },
    )
  })

  it('the frame of what is no envelope is an error', () => {
    const texts = [
      '',
      '[]',
      '{',
      '{"a"',
      '{"a":',
      '{"a":1',
      '{"a":1,',
      '{"a":1,}',
      '{"a" 1}',
      '{} x',
      '{"a":"',
      '{"objects":[{}}',
    ]
    for (const text of texts) {
      assert.throws(() => readEnvelopeFrame(Buffer.from(text)), failsWith('not-json'), text)
    }
    assert.throws(() => readEnvelopeFrame(Buffer.from('{"objects":{}}')), failsWith('bad-resource'))
    assert.throws(() => readEnvelopeFrame(Buffer.from('{"more":truth}')), failsWith('not-json'))
  })

  it('deep nesting costs the frame no stack', () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000)
    assert.equal(readEnvelopeFrame(Buffer.from(`{"objects":${deep},"more":true}`)).more, true)
  })
})

/** A string as it stands between the quotes of JSON. */
function inner(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}
