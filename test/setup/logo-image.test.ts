import assert from 'node:assert/strict'
import { it } from 'node:test'
import { imageOf } from '../../server/site/logo-image.ts'
import { jpegHead, pngOf, webpHead } from './pictures.ts'

it('a picture is known by its bytes, with its size', () => {
  assert.deepEqual(imageOf(pngOf(64, 32)), { mediaType: 'image/png', width: 64, height: 32 })
  assert.deepEqual(imageOf(jpegHead(300, 200)), { mediaType: 'image/jpeg', width: 300, height: 200 })
  for (const form of ['VP8 ', 'VP8L', 'VP8X'] as const) {
    assert.deepEqual(imageOf(webpHead(form, 513, 77)), { mediaType: 'image/webp', width: 513, height: 77 }, form)
  }
})

it('everything else is no picture, whatever it calls itself', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
  const others = [
    Buffer.alloc(0),
    Buffer.from(svg),
    Buffer.from(`<?xml version="1.0"?>${svg}`),
    Buffer.from('GIF89a\x01\x00\x01\x00'),
    Buffer.from('<!doctype html><title>x</title>'),
    Buffer.from('BM000000000000000000000000000000'),
    pngOf(4, 4).subarray(0, 20),
    Buffer.concat([Buffer.from(' '), pngOf(4, 4)]),
    pngOf(0, 4),
    Buffer.from('ffd8', 'hex'),
    Buffer.from('ffd8ffc0', 'hex'),
    Buffer.concat([Buffer.from('ffd8ffda0008', 'hex'), Buffer.alloc(100)]),
    webpHead('VP8X', 10, 10).subarray(0, 29),
  ]
  for (const bytes of others) assert.equal(imageOf(bytes), undefined, bytes.toString('latin1', 0, 30))
})

it('no bytes make it read past their end or run for ever', () => {
  const marks = jpegHead(10, 10)
  for (let length = 0; length < marks.length; length += 1) imageOf(marks.subarray(0, length))
  assert.equal(imageOf(Buffer.concat([Buffer.from('ffd8', 'hex'), Buffer.alloc(200_000, 0xff)])), undefined)
})
