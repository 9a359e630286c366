import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { acceptsTaxii, isTaxiiBody, parseMediaRanges, STIX, TAXII } from '../../schemas/taxii/media-type.ts'

const token = fc.stringMatching(/^[a-z0-9!#$&^_.+-]{1,12}$/)
/** Names that mean something here are left out, so that what is made says nothing of TAXII. */
const name = token.filter((text) => !['q', 'version'].includes(text))
const type = fc.tuple(token, token).map(([one, other]) => `${one}/${other}`)
const foreign = type.filter((text) => !/^(?:application\/(?:taxii\+json|json|\*)|\*\/\*)$/.test(text))
const weight = fc.integer({ min: 1, max: 1000 }).map((thousandths) => (thousandths / 1000).toFixed(3))
const text = fc.string({ unit: fc.constantFrom('a', ' ', ',', ';', '"', '\\', '=', 'q', '\t', 'Ü'), maxLength: 20 })

describe('parseMediaRanges', () => {
  it('reads types, parameters and weights', () => {
    const [first, second] = parseMediaRanges('Text/HTML;Level="1, \\"2\\"" ; Q=0.3, */*')
    assert.equal(first?.type, 'text/html')
    assert.equal(first?.parameters.get('level'), '1, "2"')
    assert.equal(first?.quality, 0.3)
    assert.deepEqual([second?.type, second?.quality], ['*/*', 1])
  })

  it('gives back what was written, with quoted values of any kind', () => {
    const range = fc.record({
      type,
      parameters: fc.dictionary(name, text, { maxKeys: 4, noNullPrototype: true }),
      weight,
    })
    fc.assert(
      fc.property(
        fc.array(range, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(',', ' , ', ',\t'),
        (ranges, comma) => {
          const header = ranges
            .map((one) => {
              const parameters = Object.entries(one.parameters).map(([key, value]) => `;${key}=${quote(value)}`)
              return `${one.type}${parameters.join(' ')};q=${one.weight}`
            })
            .join(comma)
          fc.pre(header.length <= 2000)
          const read = parseMediaRanges(header)
          assert.deepEqual(
            read.map((one) => [one.type, one.quality]),
            ranges.map((one) => [one.type, Number(one.weight)]),
          )
          for (const [index, one] of ranges.entries()) {
            for (const [key, value] of Object.entries(one.parameters)) {
              assert.equal(read[index]?.parameters.get(key), value)
            }
          }
        },
      ),
    )
  })

  it('takes any text, leaves out what is no media range, and keeps weights between 0 and 1', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), text), (header) => {
        for (const range of parseMediaRanges(header)) {
          assert.match(range.type, /^[^\s/]+\/[^\s/]+$/)
          assert.equal(range.type, range.type.toLowerCase())
          assert.ok(range.quality >= 0 && range.quality <= 1)
        }
      }),
    )
  })

  it('takes no longer for a header that was made to be slow', () => {
    for (const piece of ['a/b;', '"', '\\"', ',', 'a/b;c="', '=']) {
      assert.ok(parseMediaRanges(piece.repeat(5_000_000 / piece.length)).length < 2000)
    }
  })
})

describe('acceptsTaxii', () => {
  it('takes our type with any white space, case and quotes, among any others', () => {
    const ours = fc.constantFrom(
      TAXII,
      'application/taxii+json',
      'APPLICATION/taxii+JSON ; Version="2.1"',
      'application/taxii+json;\tversion=2.1',
    )
    fc.assert(
      fc.property(ours, weight, fc.array(foreign, { maxLength: 5 }), fc.nat(), (mine, q, others, at) => {
        const ranges = others.toSpliced(at % (others.length + 1), 0, `${mine};q=${q}`)
        assert.ok(acceptsTaxii(ranges.join(', ')), ranges.join(', '))
      }),
    )
  })

  it('takes no list of other types', () => {
    fc.assert(fc.property(fc.array(foreign), (others) => assert.equal(acceptsTaxii(others.join(',')), false)))
  })

  it('the most specific range decides, in any order', () => {
    const cases: readonly (readonly [boolean, readonly string[]])[] = [
      [false, ['*/*', `${TAXII};q=0`]],
      [false, ['application/*', '*/*', 'application/taxii+json;q=0']],
      [true, ['*/*;q=0', TAXII]],
      [true, ['application/taxii+json;q=0', `${TAXII};q=0.1`]],
      [false, ['*/*', 'application/*;q=0']],
      [true, ['application/taxii+json;version=2.0', '*/*;q=0.1']],
      [true, ['application/json', 'text/plain', '*/*']],
      [true, [STIX, TAXII]],
    ]
    for (const [expected, ranges] of cases) {
      assert.equal(acceptsTaxii(ranges.join(',')), expected, ranges.join(','))
      assert.equal(acceptsTaxii(ranges.toReversed().join(',')), expected, ranges.toReversed().join(','))
    }
  })

  it('refuses other versions, other types, and nothing at all', () => {
    const bad = ['', ' ', ',', 'application/taxii+json;version=2.0', 'application/taxii+json;version=2.10', STIX]
    const more = ['application/vnd.oasis.taxii+json', 'application/taxii', 'xapplication/taxii+json', 'text/*', '*']
    for (const header of [...bad, ...more]) assert.equal(acceptsTaxii(header), false, header)
  })
})

describe('isTaxiiBody', () => {
  it('takes our type with and without its version', () => {
    const good = [TAXII, 'application/taxii+json', 'Application/TAXII+json; charset=utf-8; version="2.1"']
    for (const header of good) assert.ok(isTaxiiBody(header), header)
  })

  it('refuses everything else, wildcards too', () => {
    const bad = [
      '',
      '*/*',
      'application/*',
      'application/json',
      STIX,
      'application/taxii+json;version=2.0',
      'text/plain',
    ]
    for (const header of bad) assert.equal(isTaxiiBody(header), false, header)
    fc.assert(fc.property(foreign, (other) => assert.equal(isTaxiiBody(other), false)))
  })
})

/** RFC 7230 §3.2.6. */
function quote(value: string): string {
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`
}
