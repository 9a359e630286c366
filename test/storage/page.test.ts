import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { gzipEnd, PageBuilder, seal, unseal } from '../../server/storage/page.ts'

const texts = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
  fc.tuple(fc.string({ maxLength: 40 }), fc.nat({ max: 4000 })).map(([text, times]) => Buffer.from(text.repeat(times))),
)
const ends = fc.oneof(
  fc.constantFrom(']}', '],"more":true,"next":"abc"}', ''),
  fc.nat({ max: 65_535 }).map((length) => 'e'.repeat(length)),
)

describe('a sealed page', () => {
  it('with any end is one gzip member of start and end, for Node', async () => {
    await fc.assert(
      fc.asyncProperty(texts, ends, async (start, end) => {
        const sealed = await seal(start)
        const member = Buffer.concat([sealed.bytes, gzipEnd(sealed, Buffer.from(end))])
        assert.deepEqual(gunzipSync(member), Buffer.concat([start, Buffer.from(end)]))
        assert.deepEqual(unseal(sealed).bytes, start)
      }),
    )
  })

  it('with any end is one gzip member of start and end, for the gzip program', async (test) => {
    if (spawnSync('gzip', ['--version']).status !== 0) return test.skip('there is no gzip program here')
    for (const size of [0, 1, 100, 70_000, 1_000_000]) {
      const start = Buffer.alloc(size, 'Die Größe der Datei schwankt. ')
      const sealed = await seal(start)
      const end = Buffer.from('],"more":true,"next":"abc"}')
      const program = spawnSync('gzip', ['-dc'], {
        input: Buffer.concat([sealed.bytes, gzipEnd(sealed, end)]),
        maxBuffer: 10_000_000,
      })
      assert.equal(program.status, 0, program.stderr.toString())
      assert.deepEqual(program.stdout, Buffer.concat([start, end]))
    }
  })

  it('says nothing of its content by the length of its end', async () => {
    const one = await seal(Buffer.from('secret'.repeat(100)))
    const other = await seal(Buffer.from('q8'.repeat(300)))
    const end = Buffer.from('"next":"secretsecret"')
    assert.equal(gzipEnd(one, end).length, gzipEnd(other, end).length)
  })
})

describe('PageBuilder', () => {
  it('joins the bodies as they are, up to its limit, with their dates', () => {
    const rows = fc.array(fc.tuple(fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n }), fc.jsonValue()), { maxLength: 30 })
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 20 }), fc.nat({ max: 100_000 }), (given, limit, padding) => {
        const builder = new PageBuilder(limit)
        const bodies = given.map(([, value]) => JSON.stringify(value) + ' '.repeat(padding))
        for (const [index, [date]] of given.entries()) {
          const body = Buffer.from(bodies[index] ?? '')
          builder.add({
            int8: () => Number(date),
            length: () => body.length,
            copy: (_column, target, at) => at + body.copy(target, at),
          })
        }
        const page = builder.page()
        const shown = given.slice(0, limit)
        assert.equal(page.start.bytes.toString(), `{"objects":[${bodies.slice(0, limit).join()}`)
        assert.equal(page.count, shown.length)
        assert.equal(page.more, given.length > limit)
        assert.equal(page.first, shown[0] && Number(shown[0][0]))
        const last = shown.at(-1)
        assert.equal(page.last, last && Number(last[0]))
      }),
      { numRuns: 50 },
    )
  })
})
