import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'
import { after, before, describe, it } from 'node:test'
import { checkedPhoto } from '../../server/members/profile/photo.ts'
import { stripped } from '../../server/members/profile/photo-strip.ts'
import { peopleOf } from '../members/people.ts'
import { pngOf } from '../setup/pictures.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, type TestSite, testSite } from '../support/site.ts'

const SECRET = 'GPS 47.25N 122.44W taken by Ana'

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(data.length, 0)
  ends.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
}

/** A PNG that says where it was made, in every chunk that can. */
function talkativePng(): Buffer {
  const plain = pngOf(8, 8)
  const head = plain.subarray(0, 33)
  const extra = ['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME', 'iCCP', 'prVt'].map((type) =>
    pngChunk(type, Buffer.from(SECRET)),
  )
  return Buffer.concat([head, ...extra, plain.subarray(33), Buffer.from(SECRET)])
}

function segment(marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}

/** An Exif segment in either byte order, with a text and which way up. */
function exif(order: 'II' | 'MM', way: number): Buffer {
  const tiff = Buffer.alloc(38)
  tiff.write(order, 0)
  const word = (at: number, value: number) =>
    order === 'II' ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at)
  const long = (at: number, value: number) =>
    order === 'II' ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at)
  word(2, 42)
  long(4, 8)
  word(8, 2)
  word(10, 0x010e)
  word(12, 2)
  long(14, SECRET.length)
  long(18, 38)
  word(22, 0x0112)
  word(24, 3)
  long(26, 1)
  word(30, way)
  return Buffer.concat([Buffer.from('Exif\0\0'), tiff, Buffer.from(SECRET)])
}

/** A JPEG of the right shape: its pixels are noise, with an escaped byte and a restart among them. */
function talkativeJpeg(extra: Buffer): Buffer {
  const jfif = Buffer.concat([Buffer.from('JFIF\0'), Buffer.from([1, 2, 0, 0, 1, 0, 1, 1, 1]), Buffer.from('abc')])
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, jfif),
    extra,
    segment(0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0<x>${SECRET}</x>`)),
    segment(0xed, Buffer.from(`Photoshop 3.0\0${SECRET}`)),
    segment(0xfe, Buffer.from(SECRET)),
    segment(0xdb, Buffer.alloc(65, 1)),
    segment(0xc0, Buffer.from([8, 0, 8, 0, 8, 1, 1, 0x11, 0])),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.from([1, 2, 0xff, 0, 3, 0xff, 0xd0, 4]),
    Buffer.from([0xff, 0xd9]),
    Buffer.from(SECRET),
  ])
}

function riff(...chunks: readonly (readonly [string, Buffer])[]): Buffer {
  const body = Buffer.concat(
    chunks.map(([name, data]) => {
      const head = Buffer.alloc(8)
      head.write(name, 0)
      head.writeUInt32LE(data.length, 4)
      return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
    }),
  )
  const head = Buffer.alloc(12)
  head.write('RIFF', 0)
  head.writeUInt32LE(body.length + 4, 4)
  head.write('WEBP', 8)
  return Buffer.concat([head, body])
}
const VP8L = Buffer.from([0x2f, 7, 0xc0, 1, 0, 9, 9])
const vp8x = (flags: number) => Buffer.from([flags, 0, 0, 0, 7, 0, 0, 7, 0, 0])

describe('a photo without what it says beside its pixels', () => {
  it('PNG', () => {
    const { mediaType, body } = checkedPhoto(talkativePng())
    assert.equal(mediaType, 'image/png')
    assert.deepEqual(body, pngOf(8, 8))
  })

  it('JPEG keeps which way up it is, in either byte order, and nothing else of Exif', () => {
    for (const order of ['II', 'MM'] as const) {
      const { mediaType, body } = checkedPhoto(talkativeJpeg(segment(0xe1, exif(order, 6))))
      assert.equal(mediaType, 'image/jpeg')
      const text = body.toString('latin1')
      for (const secret of ['GPS', 'Ana', 'Photoshop', 'adobe', 'abc']) assert.ok(!text.includes(secret), secret)
      const at = text.indexOf('Exif')
      assert.ok(at > 0)
      assert.equal(body.readUInt16BE(at - 2), 34)
      assert.equal(body.readUInt16BE(at + 6 + 18), 6)
      assert.ok(text.endsWith('\x01\x02\xff\x00\x03\xff\xd0\x04\xff\xd9'))
    }
    assert.ok(!checkedPhoto(talkativeJpeg(segment(0xe1, exif('MM', 1)))).body.includes('Exif'))
    assert.deepEqual(
      checkedPhoto(checkedPhoto(talkativeJpeg(Buffer.alloc(0))).body).body,
      checkedPhoto(talkativeJpeg(Buffer.alloc(0))).body,
    )
  })

  it('WebP, whose flags and size say so', () => {
    const { body } = checkedPhoto(
      riff(
        ['VP8X', vp8x(0x3c)],
        ['ICCP', Buffer.from(SECRET)],
        ['VP8L', VP8L],
        ['EXIF', Buffer.from(SECRET)],
        ['XMP ', Buffer.from(SECRET)],
      ),
    )
    assert.deepEqual(body, riff(['VP8X', vp8x(0x10)], ['VP8L', VP8L]))
  })

  it('what is no still picture, too large, or broken is refused', () => {
    const noise = Buffer.alloc(70_000, 7)
    for (const [what, bytes] of [
      ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')],
      ['GIF', Buffer.from('GIF89a\x01\x00\x01\x00')],
      ['wide', pngOf(1025, 1)],
      [
        'large',
        Buffer.concat([pngOf(8, 8).subarray(0, 33), pngChunk('IDAT', noise), pngChunk('IEND', Buffer.alloc(0))]),
      ],
      ['huge', Buffer.alloc(300_000, 0x89)],
      ['animated', riff(['VP8X', vp8x(2)], ['ANIM', Buffer.alloc(6)], ['ANMF', Buffer.alloc(30)])],
      ['PNG without pixels', Buffer.concat([pngOf(8, 8).subarray(0, 33), pngChunk('IEND', Buffer.alloc(0))])],
    ] as const) {
      assert.throws(() => checkedPhoto(bytes), { code: 'bad_photo' }, what)
    }
  })

  it('no bytes make it read past their end or run for ever', () => {
    for (const [picture, type] of [
      [talkativePng(), 'image/png'],
      [talkativeJpeg(segment(0xe1, exif('II', 6))), 'image/jpeg'],
      [riff(['VP8X', vp8x(0x10)], ['VP8L', VP8L], ['EXIF', Buffer.from(SECRET)]), 'image/webp'],
    ] as const) {
      for (let length = 12; length < picture.length; length += 1) {
        const out = stripped(picture.subarray(0, length), type)
        assert.ok(!out?.includes('GPS'), `${type} ${length}`)
      }
      for (let at = 2; at < picture.length; at += 1) {
        const broken = Buffer.from(picture)
        broken[at] = 0xff
        stripped(broken, type)
      }
    }
  })
})

describe('who sees a photo', () => {
  let site: TestSite
  before(async () => {
    site = await testSite()
    const people = peopleOf(site)
    for (const name of ['ana', 'ben', 'cy']) await site.addUser(name)
    await people.group('harbour', 'ana')
    await people.member('harbour', 'ben')
    await people.group('clinic', 'cy')
  })
  after(() => site.close())
  const client = async (name: string) => {
    const visitor = new PortalClient(site.url)
    await visitor.signIn(name, PASSWORD)
    return visitor
  }

  it('those who may see that somebody is a member', async () => {
    const ana = await client('ana')
    const { text } = await ana.get('/account/photo')
    const form = new FormData()
    form.set('csrf', /name="csrf"\s+value="([^"]+)"/.exec(text)?.[1] ?? '')
    form.set('photo', new Blob([new Uint8Array(talkativePng())]), 'x.svg')
    const posted = await ana.once('/account/photo', {
      method: 'POST',
      body: form,
      headers: { 'sec-fetch-site': 'same-origin' },
    })
    assert.equal(posted.status, 303)
    const own = await ana.once(/\/account\/photo\/\d+/.exec((await ana.get('/account/profile')).text)?.[0] ?? '')
    assert.equal(own.headers.get('content-type'), 'image/png')
    assert.deepEqual(Buffer.from(await own.arrayBuffer()), pngOf(8, 8))
    const path = '/groups/harbour/members/ana/photo'
    const seen = await (await client('ben')).once(path)
    assert.equal(seen.status, 200)
    assert.equal(seen.headers.get('x-content-type-options'), 'nosniff')
    assert.match(seen.headers.get('cache-control') ?? '', /^private, max-age=\d+$/)
    assert.match(seen.headers.get('content-security-policy') ?? '', /default-src 'none'/)
    const again = await (
      await client('ben')
    ).once(path, { headers: { 'if-none-match': seen.headers.get('etag') ?? '' } })
    assert.equal(again.status, 304)
    const cy = await client('cy')
    for (const other of [path, '/groups/clinic/members/ana/photo', '/groups/nowhere/members/ana/photo']) {
      assert.equal((await cy.once(other)).status, 404, other)
    }
    assert.match((await new PortalClient(site.url).once(path)).headers.get('location') ?? '', /^\/sign-in/)
    await ana.get('/account/photo')
    assert.match((await ana.post('/account/photo/remove')).text, /was removed/)
    assert.equal((await (await client('ben')).once(path)).status, 404)
  })
})
