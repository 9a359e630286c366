import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { envelopeOf, indicators } from '../support/indicators.ts'
import { raw } from '../support/raw-http.ts'
import { TAXII } from '../support/site.ts'
import { attackedServer, isBareRefusal } from './attacked-server.ts'

const server = await attackedServer()
const body = Buffer.from(envelopeOf(indicators(1)))
const POST = `POST ${server.objects}`
const TYPE = `Content-Type: ${TAXII}`

// What breaks HTTP itself is refused by Node before there is a request: a status line, and the connection ends.
describe('a request that two readers could cut differently is refused', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['both lengths', [`Content-Length: ${body.length}`, 'Transfer-Encoding: chunked']],
    ['both lengths, the other way round', ['Transfer-Encoding: chunked', 'Content-Length: 3']],
    ['two lengths', [`Content-Length: ${body.length}`, 'Content-Length: 3']],
    ['a length in words', ['Content-Length: ten']],
    ['a length with a sign', [`Content-Length: +${body.length}`]],
    ['a length below zero', ['Content-Length: -1']],
    ['a length beyond any number', [`Content-Length: ${'9'.repeat(60)}`]],
    ['chunked that is not the last', ['Transfer-Encoding: chunked, gzip']],
    ['a folded header', ['X-A: b', ' folded: c', `Content-Length: ${body.length}`]],
    ['a blank before the colon', [`Content-Length : ${body.length}`]],
    ['a NUL in a header', ['X-A: \0']],
    ['a header without a name', [': x']],
  ]
  for (const [name, headers] of cases) {
    it(name, async () => {
      const answer = await server.bare(POST, [TYPE, ...headers], [body])
      assert.ok(answer.status === 400 || answer.status === 413, `${answer.status} ${answer.head}`)
      await server.isHealthy()
    })
  }

  it('a chunk whose size is no number', async () => {
    const chunks = ['zz\r\n', '{"objects":[]}\r\n', '0\r\n\r\n']
    const { status } = await server.bare(POST, [TYPE, 'Transfer-Encoding: chunked'], chunks)
    assert.equal(status, 400)
    await server.isHealthy()
  })

  it('headers of more than 16 KiB', async () => {
    const { status } = await server.bare(`GET ${server.objects}`, [`X-A: ${'a'.repeat(17_000)}`])
    assert.equal(status, 431)
    assert.equal((await server.bare(`GET /${'a'.repeat(20_000)}`)).status, 431)
    await server.isHealthy()
  })

  it('no host, no version, no HTTP', async () => {
    for (const text of [
      `GET ${server.objects} HTTP/1.1\r\n\r\n`,
      `GET ${server.objects}\r\n\r\n`,
      '\x16\x03\x01\x02\x00\x01\r\n\r\n',
    ]) {
      assert.ok([400, 401].includes((await raw(server.url, [text])).status), JSON.stringify(text))
    }
    await server.isHealthy()
  })
})

describe('credentials', () => {
  const anonymous = async (...lines: readonly string[]) =>
    await raw(server.url, [
      `${[`GET ${server.objects} HTTP/1.1`, `Host: ${server.host}`, `Accept: ${TAXII}`, ...lines].join('\r\n')}\r\n\r\n`,
    ])

  it('count once: a second Authorization adds nothing', async () => {
    const wrong = 'Authorization: Bearer nobody'
    const right = `Authorization: ${server.authorization}`
    isBareRefusal(await anonymous(wrong, right), 401, 'unauthenticated')
    assert.equal((await anonymous(right, wrong)).status, 200)
  })

  it('are refused in any form that is none', async () => {
    const odd = [
      '',
      ' ',
      'Bearer',
      'Bearer ',
      'Basic',
      'Basic ====',
      'Basic Og==',
      'Basic bm9jb2xvbg==',
      `Basic ${'A'.repeat(12_000)}`,
      `Bearer ${'A'.repeat(12_000)}`,
      `${' '.repeat(12_000)}x`,
      `Basic ${Buffer.from('poller\0:x').toString('base64')}`,
      `Basic ${Buffer.from([0xff, 0x3a, 0xfe]).toString('base64')}`,
      'Negotiate x',
      `${server.authorization}\t, ${server.authorization}`,
    ]
    for (const text of odd) isBareRefusal(await anonymous(`Authorization: ${text}`), 401, 'unauthenticated')
    await server.isHealthy()
  })
})

describe('a header that costs time', () => {
  const blanks = ' '.repeat(14_000)
  const cases: readonly (readonly [string, string, readonly number[]])[] = [
    ['Accept-Encoding', `gzip${blanks}x`, [200]],
    ['Accept-Encoding', `gzip;q=${blanks}x`, [200]],
    ['Accept-Encoding', `gzip${','.repeat(14_000)}`, [200]],
    ['Accept-Encoding', `${'gzip;'.repeat(2800)}q=0`, [200]],
    ['Accept', `application/taxii+json${blanks};version=2.1`, [200, 406]],
    ['Accept', `application/taxii+json;${'version=2.1;'.repeat(1100)}`, [200, 406]],
    ['Accept', `${'application/taxii+json,'.repeat(600)}`, [200, 406]],
    ['Accept', `"${'\\"'.repeat(7000)}`, [200, 406]],
    ['X-Forwarded-For', `${'1.1.1.1,'.repeat(1700)}`, [200]],
  ]
  for (const [name, value, statuses] of cases) {
    it(`${name}: ${value.slice(0, 30)} is answered at once`, async () => {
      const ask = () =>
        raw(server.url, [
          `GET ${server.objects}?limit=1 HTTP/1.1\r\nHost: ${server.host}\r\nAuthorization: ${server.authorization}\r\n` +
            `${name === 'Accept' ? '' : `Accept: ${TAXII}\r\n`}${name}: ${value}\r\n\r\n`,
        ])
      const times: number[] = []
      for (let turn = 0; turn < 5; turn += 1) {
        const start = performance.now()
        const { status } = await ask()
        times.push(performance.now() - start)
        assert.ok(statuses.includes(status), String(status))
      }
      // the fastest of five: quadratic matching took 400 ms each time
      assert.ok(Math.min(...times) < 100, `took ${times.map(Math.round).join()} ms`)
    })
  }
})
