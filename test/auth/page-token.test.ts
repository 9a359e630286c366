import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type PageBinding, PageTokens } from '../../server/auth/programs/page-token.ts'

const key = randomBytes(32)
const tokens = new PageTokens(key)
const positions = fc.integer({ min: -62_135_596_800_000_000 / 10, max: Number.MAX_SAFE_INTEGER })
const bindings: fc.Arbitrary<PageBinding> = fc.record({
  accountNo: fc.nat({ max: 3 }),
  collectionNo: fc.nat({ max: 3 }),
  endpoint: fc.oneof(fc.constantFrom('objects', 'manifest'), fc.string({ maxLength: 10 })),
  filters: fc.oneof(fc.constantFrom('', '[]'), fc.string({ maxLength: 10 })),
})

describe('a page token', () => {
  it('opens to its position, also in another process with the same key', () => {
    fc.assert(
      fc.property(positions, bindings, (position, binding) => {
        const token = tokens.seal(position, binding)
        assert.match(token, /^[\w-]{48}$/)
        assert.equal(new PageTokens(key).open(token, { ...binding }), position)
      }),
    )
  })

  it('opens for no other reader, collection, endpoint or filter', () => {
    fc.assert(
      fc.property(positions, bindings, bindings, (position, mine, theirs) => {
        const isSame = JSON.stringify(mine) === JSON.stringify(theirs)
        assert.equal(tokens.open(tokens.seal(position, mine), theirs), isSame ? position : undefined)
      }),
    )
  })

  it('does not open when a bit of it has changed, when it is cut or longer, or with another key', () => {
    fc.assert(
      fc.property(positions, bindings, fc.nat({ max: 36 * 8 - 1 }), (position, binding, bit) => {
        const token = tokens.seal(position, binding)
        const bytes = Buffer.from(token, 'base64url')
        bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        assert.equal(tokens.open(bytes.toString('base64url'), binding), undefined)
        assert.equal(tokens.open(token.slice(0, -1), binding), undefined)
        assert.equal(tokens.open(`${token}A`, binding), undefined)
        assert.equal(new PageTokens(randomBytes(32)).open(token, binding), undefined)
      }),
    )
  })

  it('says nothing of its position: the same one in two processes gives different texts', () => {
    const binding = { accountNo: 1, collectionNo: 1, endpoint: 'objects', filters: '' }
    const key = randomBytes(32)
    const [one, other] = [new PageTokens(key), new PageTokens(key)]
    assert.notEqual(one.seal(1, binding), other.seal(1, binding))
    assert.equal(other.open(one.seal(1, binding), binding), 1)
  })

  it('is made once for a position that many clients reach, and for each of many', () => {
    const binding = { accountNo: 1, collectionNo: 1, endpoint: 'objects', filters: '' }
    assert.equal(tokens.seal(1, binding), tokens.seal(1, binding))
    const made = Array.from({ length: 2000 }, (_, position) => tokens.seal(position, binding))
    assert.equal(new Set(made).size, made.length)
    assert.deepEqual(
      made.map((token) => tokens.open(token, binding)),
      made.map((_, position) => position),
    )
  })

  it('opens to nothing for any other text, without an error', () => {
    const binding = { accountNo: 1, collectionNo: 1, endpoint: 'objects', filters: '' }
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(tokens.open(text, binding), undefined)))
    assert.equal(tokens.open('A'.repeat(1_000_000), binding), undefined)
  })
})
