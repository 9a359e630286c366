import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { envelopeOf, indicators } from '../support/indicators.ts'
import { attackedServer, isRefusal } from './attacked-server.ts'

const server = await attackedServer()
const [object = '', neighbour = ''] = indicators(2)
const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
const withProperty = (property: string) => `${object.slice(0, -1)},${property}}`

describe('JSON that is refused as a whole, with 400', () => {
  const cases: readonly (readonly [name: string, code: string, body: string | Uint8Array])[] = [
    ['nesting of 65 levels', 'too_deep', `{"objects":[${neighbour}],"a":${nested(64)}}`],
    ['nesting of 65 lists', 'too_deep', `${'['.repeat(65)}${']'.repeat(65)}`],
    ['nesting of 5 million objects that never close', 'too_deep', '{"a":'.repeat(2_000_000)],
    ['nesting of 5 million lists', 'too_deep', '['.repeat(5_000_000) + ']'.repeat(5_000_000)],
    ['nesting after a quotation mark that never ends', 'not_json', `"${'['.repeat(5_000_000)}`],
    ['the same key twice at the top', 'duplicate_key', `{"objects":[${neighbour}],"objects":[${neighbour}]}`],
    ['the same key twice, once escaped', 'duplicate_key', `{"objects":[${neighbour}],"\\u006fbjects":[]}`],
    ['the same key twice in an object', 'duplicate_key', `{"objects":[${withProperty('"x_a":1,"x_a":1')}]}`],
    ['a key of an object twice, once escaped', 'duplicate_key', `{"objects":[{"a":1,"\\u0061":2}]}`],
    ['the same key twice after a string of 9 MB', 'duplicate_key', `{"x":"${'\\"'.repeat(4_500_000)}","a":1,"a":1}`],
    ['the empty key twice', 'duplicate_key', `{"objects":[{"":1,"":2}]}`],
    ['__proto__ at the top', 'refused_key', `{"objects":[${neighbour}],"__proto__":{"polluted":1}}`],
    ['__proto__ in an object', 'refused_key', `{"objects":[${withProperty('"__proto__":{"polluted":1}')}]}`],
    ['__proto__ escaped', 'refused_key', `{"objects":[${withProperty('"\\u005f_proto__":null')}]}`],
    ['constructor.prototype', 'refused_key', `{"objects":[${withProperty('"constructor":{"prototype":{"x":1}}')}]}`],
    ['bytes that are not UTF-8', 'not_utf8', Buffer.from(`{"objects":["\xff"]}`, 'latin1')],
    ['a surrogate encoded as UTF-8', 'not_utf8', Buffer.from(`{"objects":["\xed\xa0\x80"]}`, 'latin1')],
    ['an overlong slash', 'not_utf8', Buffer.from(`{"objects":["\xc0\xaf"]}`, 'latin1')],
    ['half a character at the end', 'not_utf8', Buffer.from(`{"objects":[]}\xe2\x82`, 'latin1')],
    ['UTF-16', 'not_utf8', Buffer.from(`\ufeff{"objects":[]}`, 'utf16le')],
    ['a byte order mark', 'not_json', `\ufeff{"objects":[${neighbour}]}`],
    ['a NUL byte in a string', 'not_json', `{"objects":[{"a":"\0"}]}`],
    ['a NUL byte after the end', 'not_json', `{"objects":[${neighbour}]}\0`],
    ['nothing', 'not_json', ''],
    ['blanks', 'not_json', ' '.repeat(5_000_000)],
    ['a comma at the end', 'not_json', `{"objects":[${neighbour},]}`],
    ['NaN', 'not_json', '{"objects":[{"a":NaN}]}'],
    ['a number with a leading zero', 'not_json', '{"objects":[{"a":01}]}'],
    ['a comment', 'not_json', `/**/{"objects":[${neighbour}]}`],
    ['two values', 'not_json', `{"objects":[${neighbour}]}{"objects":[${neighbour}]}`],
    ['ten million brackets that close nothing', 'not_json', `{"objects":[${neighbour}]}${']'.repeat(9_000_000)}`],
    ['five million numbers', 'too_many', `{"objects":[${'1,'.repeat(4_900_000)}1]}`],
    ['three million empty objects', 'too_many', `{"objects":[${'{},'.repeat(3_000_000)}{}]}`],
  ]
  for (const [name, code, body] of cases) {
    it(name, async () => {
      isRefusal(await server.post(body), 400, code)
      await server.isHealthy()
    })
  }

  it('thirteen million empty objects that come packed', async () => {
    const packed = gzipSync(`{"objects":[${'{},'.repeat(13_000_000)}{}]}`)
    isRefusal(await server.post(packed, { 'content-encoding': 'gzip' }), 400, 'too_many')
    await server.isHealthy()
  })
})

describe('JSON that is no envelope, with 422', () => {
  const bodies = ['null', '1', '"objects"', '[]', `[${object}]`, object, '{}', '{"objects":null}', '{"objects":{}}']
  const more = ['{"objects":[]}', '{"objects":"[]"}', `{"\\u006fbjects":[${object}]}`, `{"x":{"objects":[${object}]}}`]
  for (const body of [...bodies, ...more, `{"type":"bundle","id":"x","objects":[${object}]}`]) {
    it(body.slice(0, 40), async () => isRefusal(await server.post(body), 422))
  }

  it('more objects than a status can name', async () => {
    isRefusal(await server.post(`{"objects":[${'{},'.repeat(100_000)}{}]}`), 422, 'too_many_objects')
    await server.isHealthy()
  })
})

describe('JSON that is taken', () => {
  it('nesting of 64 levels', async () => {
    const { status, body } = await server.post(`{"objects":[${neighbour}],"x":${nested(63)}}`)
    assert.equal(status, 202, JSON.stringify(body))
  })

  it('nesting of 64 levels in an object, which is refused by itself or comes back as it is', async () => {
    const text = withProperty(`"x_nest":${nested(61)}`)
    const { status, body } = await server.post(`{"objects":[${text}]}`)
    assert.equal(status, 202, JSON.stringify(body))
    const { id } = JSON.parse(object) as { id: string }
    const read = await server.ask(`${server.objects}${id}/`)
    assert.deepEqual(read.body['objects'], [JSON.parse(text)])
  })

  it('a key like constructor without prototype, an own hasOwnProperty, and toString', async () => {
    const [text = ''] = indicators(1, { seed: 3 })
    const property = '"x_map":{"constructor":{"a":1},"hasOwnProperty":1,"toString":"x","valueOf":null}'
    const { status, body } = await server.post(`{"objects":[${text.slice(0, -1)},${property}}]}`)
    assert.equal(status, 202)
    assert.equal(body['success_count'], 1, JSON.stringify(body))
  })
})

it('neighbours in the queue are not refused for the body that breaks the parser', async () => {
  const poison = `{"objects":[${'{},'.repeat(99_000)}{}]}`
  const good = indicators(20, { seed: 5 })
  const [, ...answers] = await Promise.all([
    server.post(poison),
    ...good.map((text) => server.post(envelopeOf([text]))),
  ])
  for (const { status, body } of answers) assert.equal(status, 202, JSON.stringify(body))
})
