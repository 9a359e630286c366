import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  canonicalJson,
  compareTimestamps,
  isIdentifier,
  isObjectType,
  isTimestamp,
  normalVersion,
  observableId,
  parseSelector,
  parseStixObject,
  resolveSelector,
  typeOfIdentifier,
  uuidVersion,
} from '../src/index.ts'
import { INDICATOR } from './samples.ts'

const fraction = fc.oneof(
  fc.constant(''),
  fc.stringMatching(/^[0-9]{1,12}$/).map((digits) => `.${digits}`),
)
const second = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
})
const timestamp = fc.tuple(second, fraction).map(([date, digits]) => `${date.toISOString().slice(0, 19)}${digits}Z`)

/** The instant in units of 10^-12 s. */
function instant(text: string): bigint {
  const [whole = '', digits = ''] = text.slice(0, -1).split('.')
  return BigInt(Date.parse(`${whole}Z`)) * 10n ** 9n + BigInt(digits.padEnd(12, '0'))
}

describe('timestamps', () => {
  it('are real instants', () => {
    for (const good of ['2016-02-29T00:00:00Z', '2000-02-29T23:59:59.999999999999999Z', '0000-01-01T00:00:00.0Z']) {
      assert.equal(isTimestamp(good), true, good)
    }
    for (const bad of [
      '2017-02-29T00:00:00Z',
      '1900-02-29T00:00:00Z',
      '2016-04-31T00:00:00Z',
      '2016-13-01T00:00:00Z',
      '2016-00-01T00:00:00Z',
      '2016-01-00T00:00:00Z',
      '2016-01-01T24:00:00Z',
      '2016-01-01T00:60:00Z',
      '2016-12-31T23:59:60Z',
      '2016-01-01T00:00:00.Z',
      '2016-01-01T00:00:00',
      '2016-01-01T00:00:00+00:00',
      '2016-01-01t00:00:00z',
      '2016-01-01 00:00:00Z',
      '2016-1-01T00:00:00Z',
      '+016-01-01T00:00:00Z',
      '2016-01-01T00:00:00.1e3Z',
      '2016-01-01T00:00:00.1xZ',
      '٢016-01-01T00:00:00Z',
      '',
    ]) {
      assert.equal(isTimestamp(bad), false, bad)
    }
  })

  it('have normal forms that order instants', () => {
    fc.assert(
      fc.property(timestamp, timestamp, fraction, (a, b, other) => {
        const pairs = [
          [a, b],
          [a, `${a.slice(0, 19)}${other}Z`],
        ] as const
        for (const [left, right] of pairs) {
          assert.ok(isTimestamp(left) && isTimestamp(right))
          const expected = instant(left) < instant(right) ? -1 : instant(left) > instant(right) ? 1 : 0
          assert.equal(Math.sign(compareTimestamps(left, right)), expected)
          const x = normalVersion(left)
          const y = normalVersion(right)
          assert.equal(x < y ? -1 : x > y ? 1 : 0, expected)
        }
      }),
    )
  })

  it('lose Z, trailing zeros and an empty fraction in the normal form', () => {
    assert.equal(normalVersion('2016-01-01T00:00:00Z'), '2016-01-01T00:00:00')
    assert.equal(normalVersion('2016-01-01T00:00:00.000Z'), '2016-01-01T00:00:00')
    assert.equal(normalVersion('2016-01-01T00:00:10.0100Z'), '2016-01-01T00:00:10.01')
    assert.equal(normalVersion('2016-01-01T00:00:00.0Z'), '2016-01-01T00:00:00')
  })
})

describe('identifiers', () => {
  it('are an object type and an RFC 4122 UUID', () => {
    const uuid = '8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f'
    for (const good of [`file--${uuid}`, `x-a1-b--${uuid.toUpperCase()}`, `url--${uuid}`])
      assert.equal(isIdentifier(good), true, good)
    for (const bad of [
      `ab--${uuid}`,
      `File--${uuid}`,
      `-file--${uuid}`,
      `file---${uuid}`,
      `fi--le--${uuid}`,
      `1file--${uuid}`,
      `file-${uuid}`,
      `file--${uuid}0`,
      `file--${uuid.replace('4cbf', '0cbf')}`,
      `file--${uuid.replace('4cbf', '6cbf')}`,
      `file--${uuid.replace('938f', '138f')}`,
      `file--${uuid.replaceAll('-', '')}`,
      `file--{${uuid}}`,
      `file--${uuid.replace('b3cd', 'g3cd')}`,
      `file--${uuid.replace('8e2e', '8é2e')}`,
      ` file--${uuid}`,
      'file--',
      '',
    ]) {
      assert.equal(isIdentifier(bad), false, bad)
    }
    assert.equal(typeOfIdentifier(`x-a1-b--${uuid}`), 'x-a1-b')
    assert.equal(typeOfIdentifier('nothing'), '')
    assert.ok(isIdentifier(`file--${uuid}`) && uuidVersion(`file--${uuid}`) === 4)
    assert.equal(isObjectType('x-acme'), true)
    assert.equal(isObjectType(`a${'b'.repeat(250)}`), false)
  })
})

/** Whether an observable with this value is accepted. */
function accepts(type: string, name: string, value: string, rest: object = {}): boolean {
  return parseStixObject({ type, id: `${type}--ff1e0780-358c-4808-a8c7-d0fca4ef6ef4`, ...rest, [name]: value }).ok
}

describe('forms of text', () => {
  const forms: readonly (readonly [
    type: string,
    name: string,
    good: readonly string[],
    bad: readonly string[],
    rest?: object,
  ])[] = [
    [
      'ipv4-addr',
      'value',
      ['0.0.0.0', '255.255.255.255', '198.51.100.0/24', '1.2.3.4/0', '1.2.3.4/32'],
      ['256.1.1.1', '1.2.3', '1.2.3.4.5', '1.2.3.4/', '1.2.3.4/33', '1.2.3.04', '1.2.3.', '1.2.3.4 ', 'a.b.c.d', ''],
    ],
    [
      'ipv6-addr',
      'value',
      [
        '::',
        '::1',
        '1::',
        '2001:db8::8:800:200c:417a',
        '1:2:3:4:5:6:7:8',
        '::ffff:198.51.100.7',
        '1::2/128',
        'FE80::1',
        '1:2:3:4:5:6:7::',
      ],
      [
        '',
        ':',
        ':::',
        '1',
        '1:2:3:4:5:6:7',
        '1:2:3:4:5:6:7:8:9',
        '1::2::3',
        '12345::',
        'g::',
        '1:2:3:4:5:6:7:8::',
        '::1/129',
        '1.2.3.4::',
        'fe80::1%eth0',
        ':1:2:3:4:5:6:7',
        '1:2:3:4:5:6:7:',
      ],
    ],
    [
      'mac-addr',
      'value',
      ['00:1b:2c:3d:4e:ff'],
      ['00:1B:2c:3d:4e:ff', '00-1b-2c-3d-4e-ff', '00:1b:2c:3d:4e', '0g:1b:2c:3d:4e:ff', ''],
    ],
    [
      'domain-name',
      'value',
      ['example.com', '_dmarc.example.com', 'example.com.', 'münchen.example', 'a'.repeat(63)],
      ['', '.', 'a..b', '.a', 'a b', 'a/b', 'a@b', 'a:1', 'a'.repeat(64), 'a.'.repeat(127) + 'a.a'],
    ],
    [
      'email-addr',
      'value',
      ['a@example.com', 'a.b+c@example.com', '"a b"@example.com', '"a@b"@example.com'],
      ['', '@', 'a@', '@b', 'a b@c', 'a@b@c', 'a@b c', 'A <a@b>'],
    ],
    [
      'url',
      'value',
      ['https://example.com/', 'urn:x', 'a:b'],
      ['', 'example.com/a', '://a', '1a:b', 'https:', 'a b:c'],
    ],
    [
      'software',
      'cpe',
      [
        'cpe:2.3:a:microsoft:word:2000:*:*:*:*:*:*:*',
        'cpe:2.3:o:a\\:b:c-d:-:*:*:en\\-us:*:*:*:*',
        'cpe:2.3:*:*:*:*:*:*:*:*:*:*:*',
        'cpe:2.3:h:a?:*b:c*:*:*:*:*:*:*:*',
      ],
      [
        '',
        'cpe:2.3:x:a:b:c:*:*:*:*:*:*:*',
        'cpe:2.3:a:b:c:*:*:*:*:*:*:*',
        'cpe:2.3:a:b:c:d:*:*:*:*:*:*:*:*',
        'cpe:2.3:a:b c:c:*:*:*:*:*:*:*:*',
        'cpe:2.3:a:b*c:c:*:*:*:*:*:*:*:*',
        'cpe:2.3:a::c:*:*:*:*:*:*:*:*',
        'cpe:2.3:a:b\\a:c:*:*:*:*:*:*:*:*',
        'cpe:2.3:a:b:c:*:*:*:*:*:*:*:\\',
        'cpe:2.3:a:b\\1:c:*:*:*:*:*:*:*:*',
      ],
      { name: 'x' },
    ],
    [
      'artifact',
      'payload_bin',
      ['', 'YQ==', 'YWI=', 'YWJj', 'a+/0'],
      ['a', 'YQ=', 'YQ===', 'Y=Q=', 'YW-j', 'YWJj\n', '===='],
    ],
    ['file', 'magic_number_hex', ['00', 'aF09'], ['', '0', '0g', 'zz', '0x00'], { name: 'x' }],
    [
      'file',
      'name_enc',
      ['UTF-8', 'utf-8', 'ISO-8859-15', 'windows-1252', 'Big5', 'KOI8-R'],
      ['', 'utf', 'UTF-9', 'latin'],
      { name: 'x' },
    ],
    [
      'windows-registry-key',
      'key',
      ['HKEY_LOCAL_MACHINE\\a', 'hkey_users\\b', 'HKLMX\\a'],
      ['HKLM\\a', 'hkcu\\a', 'HKU'],
    ],
  ]

  for (const [type, name, good, bad, rest] of forms) {
    it(`of ${type} ${name}`, () => {
      for (const text of good) assert.ok(accepts(type, name, text, rest), text)
      for (const text of bad) assert.ok(!accepts(type, name, text, rest), text)
    })
  }

  it('are not asked of what is defanged', () => {
    assert.ok(accepts('ipv4-addr', 'value', '198.51.100[.]7', { defanged: true }))
    assert.ok(accepts('url', 'value', 'hxxp example', { defanged: true }))
  })

  it('of hashes', () => {
    const hash = (algorithm: string, value: string) => accepts('file', 'name', 'x', { hashes: { [algorithm]: value } })
    for (const [algorithm, digits] of [
      ['MD5', 32],
      ['SHA-1', 40],
      ['SHA-256', 64],
      ['SHA-512', 128],
      ['SHA3-256', 64],
      ['SHA3-512', 128],
    ] as const) {
      assert.ok(hash(algorithm, 'aF'.repeat(digits / 2)), algorithm)
      assert.ok(!hash(algorithm, 'a'.repeat(digits - 1)) && !hash(algorithm, 'g'.repeat(digits)), algorithm)
    }
    assert.ok(
      hash('SSDEEP', '96:s4Ud1Lj96tHHlZDrwciQmA+4uy1I0G4HYuL8N3TzS8QsO/wqWXLcMSx:sF1LjEtHHlZDrJzrhuyZvHYm8tKp/RWO') &&
        !hash('SSDEEP', 'x:a:b'),
    )
    assert.ok(hash('TLSH', `T1${'A0'.repeat(35)}`) && hash('TLSH', 'A0'.repeat(35)) && !hash('TLSH', 'A0'.repeat(36)))
  })

  it('of languages', () => {
    const language = (lang: string) => parseStixObject({ ...INDICATOR, lang }).ok
    for (const good of ['en', 'de-CH', 'zh-Hant-TW', 'x-private', 'i-klingon', 'en-a-bbb'])
      assert.ok(language(good), good)
    for (const bad of ['', 'e', 'en-', '-en', 'en--us', 'english_us', '12', 'abcdefghi', 'en-a', 'x', 'én'])
      assert.ok(!language(bad), bad)
  })
})

describe('canonicalJson', () => {
  it('writes the example of RFC 8785 §3.2.2', () => {
    const input: unknown = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
        '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    )
    assert.equal(
      canonicalJson(input),
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  it('sorts keys by UTF-16 code units (RFC 8785 §3.2.3)', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6']
    const order = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33']
    assert.equal(
      canonicalJson(Object.fromEntries(keys.map((key) => [key, 0]))),
      `{${order.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`,
    )
  })

  it('is idempotent, keeps the value and ignores the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value)
        assert.equal(canonicalJson(JSON.parse(text)), text)
        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)))
      }),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const turned = Object.fromEntries(Object.entries(object).reverse())
        assert.equal(canonicalJson(turned), canonicalJson(object))
      }),
    )
  })

  it('throws on what I-JSON does not have', () => {
    for (const value of [Number.NaN, Infinity, undefined, '\ud800', { '\ud800': 1 }, 1n]) {
      assert.throws(() => canonicalJson(value), TypeError)
    }
    assert.throws(() => canonicalJson(JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)), TypeError)
  })
})

describe('observableId', () => {
  it('chooses one hash: MD5, SHA-1, SHA-256, SHA-512, else the first in key order', () => {
    const idOf = (hashes: Record<string, string>) => observableId({ type: 'file', hashes })
    assert.equal(idOf({ 'SHA-256': 'b', MD5: 'a' }), idOf({ MD5: 'a' }))
    assert.equal(idOf({ 'SHA-512': 'd', 'SHA-1': 'c' }), idOf({ 'SHA-1': 'c' }))
    assert.equal(idOf({ TLSH: 'f', SSDEEP: 'e' }), idOf({ SSDEEP: 'e' }))
    assert.notEqual(idOf({ MD5: 'a' }), idOf({ MD5: 'b' }))
  })

  it('is undefined when nothing contributes', () => {
    assert.equal(observableId({ type: 'process', pid: 1 }), undefined)
    assert.equal(observableId({ type: 'file', size: 1 }), undefined)
    assert.equal(observableId({ type: 'x-foo', value: 1 }), undefined)
    assert.match(String(observableId({ type: 'x-foo', value: 1 }, ['value'])), /^x-foo--/)
  })
})

describe('selectors', () => {
  const object = {
    labels: ['a', 'b', 'a'],
    hashes: { 'SHA-256': 'ab' },
    count: 0,
    revoked: false,
    name: '',
    list: [{ inner: [[1]] }],
  }

  it('select content, capitals and falsy values included', () => {
    for (const [selector, value] of [
      ['labels', object.labels],
      ['labels.[2]', 'a'],
      ['hashes.SHA-256', 'ab'],
      ['count', 0],
      ['revoked', false],
      ['name', ''],
      ['list.[0].inner.[0].[0]', 1],
    ] as const) {
      assert.deepEqual(resolveSelector(selector, object)?.value, value, selector)
    }
    assert.deepEqual(parseSelector('labels.[10].SHA-256'), ['labels', 10, 'SHA-256'])
  })

  it('select nothing that is not there', () => {
    for (const selector of [
      'description',
      'name.[0]',
      'labels.name',
      'labels.[3]',
      'labels[0]',
      'labels.0',
      '[0]',
      'labels.length',
      'toString',
      '__proto__',
      'labels.[-1]',
      'labels.[]',
      'labels.',
      '.labels',
      'labels.[0',
      'labels.[1e0]',
      'hashes.sha-256',
      '',
    ]) {
      assert.equal(resolveSelector(selector, object), undefined, selector)
    }
  })

  it('reach every place of an object', () => {
    const key = fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/).filter((name) => name !== '__proto__')
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.integer(),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 3 }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(key, tree, { minKeys: 1 }), (root) => {
        for (const { selector, value } of placesOf(root)) assert.equal(resolveSelector(selector, root)?.value, value)
      }),
    )
  })
})

function placesOf(value: unknown, at = ''): { readonly selector: string; readonly value: unknown }[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const step = Array.isArray(value) ? `[${name}]` : name
    const selector = at === '' ? step : `${at}.${step}`
    return [{ selector, value: inner }, ...placesOf(inner, selector)]
  })
}
