import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, it } from 'node:test'
import { addAccount } from '../../server/site/accounts.ts'
import { basic as basicOf, TAXII } from '../support/site.ts'
import type { Answer } from './exchange.ts'
import { endpoints } from './endpoints.ts'
import { openRegion } from './region.ts'
import { absentId, identity } from './samples.ts'

const region = await openRegion()
after(() => region.close())

it('G06 HTTP Basic signs in, in any case of the scheme', async () => {
  assert.equal((await region.ask('/taxii2/', { headers: region.basic })).status, 200)
  const authorization = region.basic.authorization.replace('Basic', 'bAsIc')
  assert.equal((await region.ask('/taxii2/', { headers: { ...region.basic, authorization } })).status, 200)
})

it('G06 a password may hold colons and letters outside ASCII (RFC 7617)', async () => {
  const password = 'a:colon and a Größe, both'
  await addAccount(region.site.context, { actor: 'test', name: 'second', password, read: ['region'] })
  assert.equal((await region.ask('/taxii2/', { headers: basicOf('second', password) })).status, 200)
})

it('G07 no or wrong credentials are 401 with a challenge, at every address with every method', async () => {
  const collection = await region.empty()
  const object = identity()
  const status = (await collection.post([object])).body.id ?? ''
  const wrong: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    none: {},
    password: basicOf('member', 'a wrong battery staple'),
    token: { authorization: region.bearer.authorization.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) },
    scheme: { authorization: 'Digest username="member"' },
    garbage: { authorization: 'Basic %%%' },
  }
  const known = endpoints({ root: region.root, collection: collection.id, object: object.id, status })
  const absent = endpoints({ root: '/absent/', collection: 'absent', object: absentId(), status: 'absent' })
  const paths = [...known, ...absent].map((endpoint) => endpoint.path)
  for (const [what, credentials] of Object.entries(wrong)) {
    for (const path of new Set([...paths, '/no/such/address/', '/%zz/'])) {
      for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'PUT', 'OPTIONS']) {
        const headers = { accept: TAXII, 'content-type': TAXII, ...credentials }
        const answer = await region.ask(path, { method, headers, ...(method === 'POST' ? { body: '{' } : {}) })
        const where = `${method} ${path} with ${what}`
        assert.equal(answer.status, 401, where)
        mustChallenge(answer, where)
      }
    }
  }
  assert.equal((await collection.get(`objects/${object.id}/`)).status, 200, 'nothing was deleted')
})

it('G07 an unknown account is answered like a wrong password', async () => {
  const unknown = await region.ask('/taxii2/', { headers: basicOf('nobody', 'a wrong battery staple') })
  const wrong = await region.ask('/taxii2/', { headers: basicOf('member', 'a wrong battery staple') })
  assert.equal(unknown.status, 401)
  assert.equal(unknown.text, wrong.text)
})

it('G09 a request without User-Agent is served', async () => {
  const socket = connect({ port: Number(new URL(region.site.url).port), host: '127.0.0.1' })
  await once(socket, 'connect')
  const lines = ['GET /taxii2/ HTTP/1.1', 'Host: localhost', `Authorization: ${region.bearer.authorization}`]
  socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`)
  let answer = ''
  for await (const part of socket) answer += String(part)
  assert.match(answer, /^HTTP\/1\.1 200 /)
})

/** RFC 7235 §4.1: a list of challenges, each a scheme with parameters; the realm is a quoted string. */
function mustChallenge(answer: Answer, where: string): void {
  const challenge = answer.headers['www-authenticate'] ?? ''
  const parameter = String.raw`[\w-]+=(?:"[^"]*"|[\w-]+)`
  const one = String.raw`[A-Za-z]+ realm="[^"]+"(?:, ${parameter})*`
  assert.match(challenge, new RegExp(`^${one}(?:, ${one})*$`), where)
  assert.match(challenge, /\bBasic realm="/, where)
}
