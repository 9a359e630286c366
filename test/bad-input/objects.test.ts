import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { envelopeOf, indicators, newVersionOf } from '../support/indicators.ts'
import { attackedServer, type Detail } from './attacked-server.ts'

const server = await attackedServer()
let seed = 0
const indicator = () => indicators(1, { seed: (seed += 1) })[0] ?? ''
const withProperty = (property: string) => `${indicator().slice(0, -1)},${property}}`
const withPattern = (pattern: string) =>
  indicator().replace(/"pattern":"[^"]*"/, () => `"pattern":${JSON.stringify(pattern)}`)

describe('an object that is refused by itself, while its neighbour is stored', () => {
  const cases: readonly (readonly [string, () => string])[] = [
    ['U+0000 in a string', () => withProperty('"x_text":"a\\u0000b"')],
    ['U+0000 in a name', () => withProperty('"x_te\\u0000xt":"a"')],
    ['a lone high surrogate', () => withProperty('"x_text":"\\ud800"')],
    ['a lone low surrogate in a list', () => withProperty('"x_text":["a","\\udc00\\ud800"]')],
    ['a lone surrogate in a name below', () => withProperty('"x_map":{"\\udfff":1}')],
    ['1e400', () => withProperty('"x_number":1e400')],
    ['-1e400 below', () => withProperty('"x_map":{"a":[-1e400]}')],
    ['1e200000', () => withProperty('"x_number":1e200000')],
    [
      '12345678901234567890 where the standard has an integer',
      () => indicator().replace(/"confidence":\d+/, '"confidence":12345678901234567890'),
    ],
    [
      '1e2 and a half where the standard has an integer',
      () => indicator().replace(/"confidence":\d+/, '"confidence":50.5'),
    ],
    ['a number of a million digits', () => withProperty(`"x_number":${'9'.repeat(1_000_000)}`)],
    ['second 60', () => newVersionOf(indicator(), '2027-06-30T23:59:60Z')],
    ['30 February', () => newVersionOf(indicator(), '2027-02-30T00:00:00Z')],
    ['hour 24', () => newVersionOf(indicator(), '2027-02-20T24:00:00Z')],
    ['year 10000', () => newVersionOf(indicator(), '10000-01-01T00:00:00Z')],
    ['a time zone', () => newVersionOf(indicator(), '2027-01-01T00:00:00+00:00')],
    ['modified before created', () => newVersionOf(indicator(), '0001-01-01T00:00:00Z')],
    ['101 decimals', () => newVersionOf(indicator(), `2027-01-01T00:00:00.${'1'.repeat(101)}Z`)],
    ['a million decimals', () => newVersionOf(indicator(), `2027-01-01T00:00:00.${'1'.repeat(1_000_000)}Z`)],
    ['a control character in the id', () => indicator().replace(/"id":"indicator--./, '"id":"indicator--\\u0007')],
    ['a line feed after the id', () => indicator().replace(/"id":"([^"]*)"/, '"id":"$1\\n"')],
    ['an id of a megabyte', () => indicator().replace(/"id":"[^"]*"/, `"id":"indicator--${'a'.repeat(1_000_000)}"`)],
    ['an id of another type', () => indicator().replace(/"id":"indicator/, '"id":"malware')],
    ['a list instead of an object', () => '[]'],
    ['null', () => 'null'],
    ['a number', () => '1e400'],
    ['text', () => '"\\u0000"'],
    ['an object without anything', () => '{}'],
    ['a bundle', () => `{"type":"bundle","id":"bundle--7c2f3a0e-1c1e-4d83-a1a7-5d1a9d0d5d01","objects":[]}`],
    ['a name of a megabyte', () => withProperty(`"x_${'y'.repeat(1_000_000)}":1`)],
    ['a pattern that does not end', () => withPattern(`[a:b = '${'x'.repeat(100_000)}`)],
    ['a pattern of 100,000 brackets', () => withPattern('('.repeat(100_000))],
    [
      'a pattern of 50,000 brackets in an observation',
      () => withPattern(`[${'('.repeat(50_000)}a:b = 1${')'.repeat(50_000)}]`),
    ],
    ['a pattern of 30,000 qualifiers', () => withPattern(`[a:b = 1]${' REPEATS 2 TIMES'.repeat(30_000)}`)],
    ['a pattern of a megabyte of backslashes', () => withPattern(`[a:b = '${'\\'.repeat(1_000_001)}']`)],
  ]
  for (const [name, text] of cases) {
    it(name, async () => {
      const start = performance.now()
      const { message = '' } = await server.refusesOne(text())
      assert.ok(message !== '')
      assert.ok(message.length < 2000, 'the reason is longer than anybody reads')
      assert.ok(performance.now() - start < 10_000)
      await server.isHealthy()
    })
  }
})

describe('an object that is odd, and taken', () => {
  const cases: readonly (readonly [string, () => string])[] = [
    ['12345678901234567890 in a property of its own', () => withProperty('"x_number":12345678901234567890')],
    [
      'numbers in every notation',
      () => withProperty('"x_numbers":[1.0,1e2,1E+2,-0,0.1000,5e-324,1e-400,1.7976931348623157e308]'),
    ],
    ['the end of year 9999 with nine decimals', () => newVersionOf(indicator(), '9999-12-31T23:59:59.999999999Z')],
    ['100 decimals', () => newVersionOf(indicator(), `2027-01-01T00:00:00.${'123456789'.repeat(11)}0Z`)],
    [
      '100,000 keys',
      () => withProperty(`"x_map":{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":${i}`).join()}}`),
    ],
    [
      'escapes of all kinds',
      () => withProperty('"x_text":"\\u0041\\/\\b\\f\\n\\r\\t\\"\\\\\\ud83d\\ude00 \\u2028\u2028"'),
    ],
    ['blanks between everything', () => withProperty('"x_list" :\t[ 1 ,\r\n 2 ] ')],
    [
      'a regular expression that backtracks for ever',
      () => withPattern(`[file:name MATCHES '^(a+)+$' OR file:name MATCHES '(x|x)*y']`),
    ],
    [
      'a self reference',
      () =>
        `{"type":"note","spec_version":"2.1","id":"note--0f7a1e7e-0001-4b6e-8f6e-000000000001","created":"2027-01-01T00:00:00Z","modified":"2027-01-01T00:00:00Z","content":"x","object_refs":["note--0f7a1e7e-0001-4b6e-8f6e-000000000001"]}`,
    ],
    [
      'an unknown type',
      () => `{"type":"x-unknown-thing","id":"x-unknown-thing--0f7a1e7e-0001-4b6e-8f6e-000000000002","x_a":{"b":[{}]}}`,
    ],
    [
      'a type of 250 characters',
      () => `{"type":"${'x'.repeat(250)}","id":"${'x'.repeat(250)}--0f7a1e7e-0001-4b6e-8f6e-000000000003","x_a":1}`,
    ],
  ]
  for (const [name, make] of cases) {
    it(name, async () => {
      const text = make()
      const { status, body } = await server.post(`{"objects":[${text}]}`)
      assert.equal(status, 202)
      assert.equal(body['success_count'], 1, JSON.stringify(body))
      const { id } = JSON.parse(text) as { id: string }
      const read = await fetch(`${server.url}${server.objects}${id}/`, { headers: server.headers })
      assert.equal(await read.text(), `{"objects":[${text}]}`, 'the bytes came back changed')
      await server.isHealthy()
    })
  }
})

it('a thousand odd objects in one envelope get a thousand answers', async () => {
  const texts = indicators(1000, { seed: 77 }).map((text, index) => (index % 3 === 0 ? text : `{"id":${text.length}}`))
  const { status, body } = await server.post(`{"objects":[${texts.join()}]}`)
  assert.equal(status, 202)
  assert.equal(body['success_count'], 334)
  assert.equal((body['failures'] as Detail[]).length, 666)
})

it('10,000 objects in one envelope, each stored once', async () => {
  const start = performance.now()
  const texts = indicators(9000, { seed: 78 }).map((text) => text.replace(/"labels":\["[^"]*"\],/, ''))
  const { status, body } = await server.post(envelopeOf([...texts, ...texts.slice(0, 1000)]))
  assert.equal(status, 202)
  assert.equal(body['success_count'], 10_000)
  assert.ok(performance.now() - start < 30_000)
  const { id } = JSON.parse(texts[5] ?? '') as { id: string }
  const versions = await server.ask(`${server.objects}${id}/versions/`)
  assert.equal((versions.body['versions'] as string[]).length, 1)
  await server.isHealthy()
})
