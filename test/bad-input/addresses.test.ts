import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TAXII } from '../support/site.ts'
import { attackedServer, isBareRefusal } from './attacked-server.ts'

const server = await attackedServer()
const ID = 'indicator--1bdcb3da-cc76-4b7c-887b-8bccc229315c'

describe('a path that leads nowhere is 404', () => {
  const paths = [
    '//',
    '///taxii2//',
    `/${server.objects}`,
    server.objects.replace('/collections', '//collections'),
    '/%2e%2e/%2e%2e/etc/passwd',
    '/../../etc/passwd',
    '/..%2f..%2fetc%2fpasswd',
    '/region-root/%2e%2e/taxii2/',
    '/region-root/collections/..%5c..%5c/',
    `${server.collection}objects%2f`,
    `${server.collection}objects%2F${ID}`,
    `${server.collection}objects/%00/`,
    `${server.collection}objects/${ID}%00/`,
    `${server.collection}objects/${ID}%00/versions/`,
    `/region-root%00/collections/`,
    `/region-root/collections/region%00/objects/`,
    `/region-root/status/%00/`,
    `/region-root/status/${'%27'.repeat(50)}/`,
    `${server.collection}objects/%ff/`,
    `${server.collection}objects/%c0%ae%c0%ae/`,
    `${server.collection}objects/%ed%a0%80/`,
    `${server.collection}objects/%/`,
    `${server.collection}objects/%u0041/`,
    `/region-root/collections/%F0%9F%98%80/`,
    '/__proto__/',
    '/constructor/collections/prototype/objects/',
    '/REGION-ROOT/',
    `/${'a'.repeat(8192)}/`,
    `${server.collection}objects/${'%20'.repeat(2700)}/`,
    `/${'/a'.repeat(4000)}`,
    '*',
  ]
  for (const path of paths) {
    it(path.slice(0, 70), async () => {
      isBareRefusal(await server.bare(`GET ${path}`), 404, 'not_found')
    })
  }

  it('also for DELETE of an object whose name holds a NUL', async () => {
    isBareRefusal(await server.bare(`DELETE ${server.objects}%00/`), 404, 'not_found')
    await server.isHealthy()
  })

  it('and says to one who has not signed in only that he must', async () => {
    const response = await fetch(`${server.url}/%ff/%00/..%2f`, { headers: { accept: TAXII } })
    assert.equal(response.status, 401)
    assert.equal(response.headers.get('content-type'), TAXII)
  })
})

describe('a query that cannot be meant is 400', () => {
  const queries = [
    'limit=0',
    'limit=-1',
    'limit=1e3',
    'limit=١',
    'limit=',
    'limit=1&limit=2',
    'added_after=2027-01-01T00:00:60Z',
    'added_after=2027-02-30T00:00:00Z',
    'added_after=-0001-01-01T00:00:00Z',
    'added_after=10000-01-01T00:00:00Z',
    'added_after=0',
    'added_after=',
    'added_after=2027-01-01T00:00:00Z&added_after=2027-01-01T00:00:00Z',
    'next=',
    'next=0',
    `next=${'A'.repeat(48)}`,
    `next=${'A'.repeat(9000)}`,
    'next=%00',
    'match[id]=%00',
    `match[id]=${ID}%00`,
    'match[id]=',
    'match[id]=a,,b',
    `match[id]=${'a,'.repeat(600)}a`,
    'match[id]=a&match[id]=b',
    'match[type]=%00',
    'match[type]=a,%00',
    'match[version]=%00',
    'match[version]=all,last',
    'match[version]=2027-01-01T00:00:60Z',
    'match[version]=constructor',
    'match[spec_version]=%00',
    'match[spec_version]=2',
  ]
  for (const query of queries) {
    it(query.slice(0, 70), async () => {
      for (const endpoint of ['objects', 'manifest']) {
        isBareRefusal(await server.bare(`GET ${server.collection}${endpoint}/?${encode(query)}`), 400)
      }
    })
  }
})

describe('a query that is odd is answered', () => {
  const queries = [
    `limit=${'9'.repeat(400)}`,
    'added_after=0000-01-01T00:00:00Z',
    'added_after=0001-01-01T00:00:00Z',
    'added_after=9999-12-31T23:59:59.999999999Z',
    `match[version]=2027-01-01T00:00:00.${'1'.repeat(9000)}Z`,
    'match[version]=0000-01-01T00:00:00Z,9999-12-31T23:59:59Z',
    `match[id]=${'%27'.repeat(2000)}`,
    'match[id]=%5c,%22,{},{"a":1},NULL,null',
    'match[type]=%5c%22,{NULL},%F0%9F%98%80,%ff',
    `match[type]=${Array.from({ length: 400 }, (_, i) => `t${i}`).join()}`,
    'match[spec_version]=2.1,99999999999999999999.0',
    '__proto__=1&constructor=2&toString=3&match[__proto__]=1',
    'match[id][0]=a&match=1&match[]=2',
    `${'&'.repeat(5000)}`,
    `${'a=1&'.repeat(3000)}`,
    '%00=%00&%ff=%ff&=',
  ]
  for (const query of queries) {
    it(query.slice(0, 70), async () => {
      for (const endpoint of ['objects', 'manifest']) {
        const answer = await server.bare(`GET ${server.collection}${endpoint}/?${encode(query)}`)
        assert.equal(answer.status, 200, answer.body)
        assert.ok(typeof JSON.parse(answer.body) === 'object')
      }
    })
  }

  it('an added_after with many decimals is not taken for the beginning', async () => {
    const answer = await server.bare(`GET ${server.objects}?added_after=9000-01-01T00:00:00.${'1'.repeat(200)}Z`)
    // taken for what it says, or refused
    if (answer.status === 200) assert.equal(answer.body, '{}')
    else isBareRefusal(answer, 400)
    await server.isHealthy()
  })
})

/** A request line is ASCII: what is not goes as percent signs, and these stay as they are written. */
function encode(query: string): string {
  return query.replaceAll(/[^\x21-\x7e]/g, encodeURIComponent)
}
