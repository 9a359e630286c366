import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { envelopeOf, indicators } from '../support/indicators.ts'
import { TAXII } from '../support/site.ts'
import { attackedServer, isBareRefusal, isRefusal } from './attacked-server.ts'

const LIMIT = 1024 ** 2
const server = await attackedServer({ 'taxii.max_content_length': LIMIT, 'taxii.max_unpacked_length': 4 * LIMIT })
const POST = [`Content-Type: ${TAXII}`]
const envelope = envelopeOf(indicators(2))

describe('a body that is too large', () => {
  it('is refused by its declared length, before a byte of it is read', async () => {
    const answer = await server.bare(`POST ${server.objects}`, [...POST, `Content-Length: ${LIMIT + 1}`])
    isBareRefusal(answer, 413, 'too_large')
    await server.isHealthy()
  })

  it('is refused in chunks, also when they never end', async () => {
    const answer = await server.bare(`POST ${server.objects}`, [...POST, 'Transfer-Encoding: chunked'], endlessChunks())
    isBareRefusal(answer, 413, 'too_large')
    await server.isHealthy()
  })

  it('is taken when it has the most bytes that are allowed', async () => {
    const padded = Buffer.alloc(LIMIT, ' ')
    padded.set(envelope)
    assert.equal((await server.post(padded)).status, 202)
    isRefusal(await server.post(Buffer.concat([padded, Buffer.from(' ')])), 413, 'too_large')
  })

  it('is refused when it unpacks to too much, without being unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(400 * LIMIT))
    assert.ok(bomb.length < LIMIT)
    isRefusal(await server.post(bomb, { 'content-encoding': 'gzip' }), 413, 'too_large')
    const many = Buffer.concat(Array.from({ length: 100 }, () => gzipSync(Buffer.alloc(LIMIT))))
    isRefusal(await server.post(many, { 'content-encoding': 'gzip' }), 413, 'too_large')
    await server.isHealthy()
  })
})

describe('a packed body', () => {
  it('is taken once packed, and not JSON when it is packed twice', async () => {
    const once = gzipSync(envelope)
    assert.equal((await server.post(once, { 'content-encoding': 'gzip' })).status, 202)
    isRefusal(await server.post(gzipSync(once), { 'content-encoding': 'gzip' }), 400)
  })

  it('is refused when it is cut, has rubbish after it, or is not packed at all', async () => {
    const packed = gzipSync(envelope)
    const wrong = [packed.subarray(0, -1), packed.subarray(0, 12), Buffer.from(envelope), Buffer.alloc(0)]
    for (const body of wrong) isRefusal(await server.post(body, { 'content-encoding': 'gzip' }), 400, 'not_gzip')
    const damaged = Buffer.from(packed)
    damaged.writeUInt8((damaged[damaged.length - 6] ?? 0) ^ 1, damaged.length - 6) // in the checksum
    isRefusal(await server.post(damaged, { 'content-encoding': 'gzip' }), 400, 'not_gzip')
  })

  it('is refused under any other name of an encoding', async () => {
    for (const encoding of ['br', 'deflate', 'zstd', 'gzip, gzip', 'gzip,identity', 'x'.repeat(5000), '\\']) {
      isRefusal(await server.post(gzipSync(envelope), { 'content-encoding': encoding }), 415)
    }
    await server.isHealthy()
  })
})

it('a body that ends too early is not stored', async () => {
  const [text = ''] = indicators(1, { seed: 7 })
  const body = Buffer.from(envelopeOf([text]))
  const half = [...POST, `Content-Length: ${body.length + 1}`, 'Connection: close']
  void server.bare(`POST ${server.objects}`, half, [body]).catch(() => undefined)
  const { id } = JSON.parse(text) as { id: string }
  assert.equal((await server.ask(`${server.objects}${id}/`)).status, 404)
  await server.isHealthy()
})

function* endlessChunks() {
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
  for (;;) yield chunk
}
