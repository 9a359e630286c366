import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { describe, it } from 'node:test'
import { Taxii2Client, TaxiiClientError } from '../src/index.ts'
import type { Taxii2ClientOptions } from '../src/index.ts'
import { DISCOVERY, clientOf, failsWith, serve } from './support/server.ts'

const TAXII = 'application/taxii+json;version=2.1'

describe('transport', () => {
  it('K01 speaks HTTPS only unless told otherwise', async () => {
    await using server = await serve(() => ({ json: DISCOVERY }))
    using client = new Taxii2Client({ url: server.origin })
    await assert.rejects(client.discovery(), failsWith('insecure-url'))
    assert.equal(server.seen.length, 0)
  })

  it('K01 allowHttp loopback admits this machine only, whatever the name is', async () => {
    await using server = await serve(() => ({ json: DISCOVERY }))
    using near = new Taxii2Client({ url: server.origin, allowHttp: 'loopback' })
    assert.equal((await near.discovery()).title, 'Test server')
    const away = async (): Promise<{ address: string; family: number }[]> => [{ address: '192.0.2.1', family: 4 }]
    using far = new Taxii2Client({ url: `http://localhost:${server.port}`, allowHttp: 'loopback', resolve: away })
    await assert.rejects(far.discovery(), failsWith('insecure-url'))
    using literal = new Taxii2Client({ url: 'http://192.0.2.1/', allowHttp: 'loopback' })
    await assert.rejects(literal.discovery(), failsWith('insecure-url'))
  })

  it('K05 K11 sends User-Agent, Accept and Content-Type exactly', async () => {
    const status = {
      id: 'a',
      status: 'complete',
      total_count: 1,
      success_count: 1,
      failure_count: 0,
      pending_count: 0,
    }
    await using server = await serve(({ method }) => ({ json: method === 'POST' ? status : DISCOVERY }))
    using client = clientOf(server)
    await client.discovery()
    await client.apiRoot('/root/').collection('c').addEnvelope(Buffer.from('{"objects":[{}]}'))
    const [get, post] = server.seen
    assert.equal(get?.path, '/taxii2/')
    assert.equal(get?.headers.accept, TAXII)
    assert.equal(get?.headers['content-type'], undefined)
    assert.match(get?.headers['user-agent'] ?? '', /^taxii2-client\/\d/)
    assert.equal(post?.path, '/root/collections/c/objects/')
    assert.equal(post?.headers.accept, TAXII)
    assert.equal(post?.headers['content-type'], TAXII)
    using named = clientOf(server, { userAgent: 'group-a/1' })
    await named.discovery()
    assert.equal(server.seen[2]?.headers['user-agent'], 'group-a/1')
  })

  it('takes versionless, spaced and quoted media types, and no other', async () => {
    const answers: readonly (readonly [string, boolean])[] = [
      ['application/taxii+json', true],
      ['Application/TAXII+JSON; version="2.1"; charset=utf-8', true],
      ['application/taxii+json;version=2.0', false],
      ['application/vnd.oasis.taxii+json', false],
      ['application/json', false],
      ['text/html', false],
    ]
    await using server = await serve((_seen, index) => ({
      json: DISCOVERY,
      headers: { 'Content-Type': answers[index]?.[0] ?? 'application/json' },
    }))
    using client = clientOf(server)
    for (const [type, isGood] of answers) {
      if (isGood) await client.discovery()
      else await assert.rejects(client.discovery(), failsWith('media-type', { status: 200 }), type)
    }
    using lenient = clientOf(server, { alsoAccept: ['application/json'] })
    await lenient.discovery()
  })

  it('says that HTML with the right media type is not JSON, and quotes nothing of it', async () => {
    await using server = await serve(() => ({ bytes: Buffer.from('<html>secret page</html>') }))
    using client = clientOf(server)
    await assert.rejects(client.discovery(), (error) => {
      failsWith('not-json')(error)
      assert.doesNotMatch(inspect(error, { depth: 5 }), /secret page/)
      return true
    })
  })

  it('does not take broken UTF-8 for text', async () => {
    await using server = await serve(() => ({ bytes: Buffer.from('{"title":"\xff\xfe"}', 'latin1') }))
    using client = clientOf(server)
    await assert.rejects(client.discovery(), failsWith('not-json'))
  })

  it('does not follow a redirect to HTTP, nor any other, and tells where it led', async () => {
    await using target = await serve(() => ({ json: DISCOVERY }))
    await using server = await serve(() => ({ status: 301, headers: { Location: `${target.origin}/taxii2/?token=1` } }))
    using client = clientOf(server, { authentication: { kind: 'bearer', token: 'secret-token' } })
    await assert.rejects(
      client.discovery(),
      failsWith('redirect', { status: 301, location: `${target.origin}/taxii2/`, retryable: false }),
    )
    assert.equal(target.seen.length, 0)
    assert.equal(server.seen.length, 1)
  })

  it('carries title, description and error_id of the TAXII error message', async () => {
    const json = { title: 'No\u001b[31m such', description: 'd', error_id: 'e-1', http_status: '404', more: {} }
    await using server = await serve(() => ({ status: 404, json }))
    using client = clientOf(server)
    await assert.rejects(
      client.discovery(),
      failsWith('http-status', {
        status: 404,
        title: 'No [31m such',
        description: 'd',
        errorId: 'e-1',
        retryable: false,
      }),
    )
  })

  it('reads nothing of an error body beyond its bound', async () => {
    const json = { title: 'x'.repeat(100_000) }
    await using server = await serve(() => ({ status: 403, json }))
    using client = clientOf(server)
    await assert.rejects(client.discovery(), failsWith('http-status', { status: 403, title: undefined }))
  })

  it('shows no credential in errors, also when the server echoes them, nor in the client itself', async () => {
    const authentications: readonly NonNullable<Taxii2ClientOptions['authentication']>[] = [
      { kind: 'basic', username: 'alice', password: 'correct horse' },
      { kind: 'bearer', token: 'tok-123456' },
      { kind: 'bearer', token: async () => 'tok-123456' },
      { kind: 'api-key', header: 'X-Api-Key', value: 'tok-123456' },
    ]
    await using server = await serve(({ headers }) => ({
      status: 403,
      json: {
        title: `You sent ${JSON.stringify(headers)}`,
        description: Buffer.from(headers.authorization?.slice(6) ?? '', 'base64').toString(),
        error_id: headers.authorization,
      },
    }))
    for (const authentication of authentications) {
      using client = clientOf(server, { authentication })
      const error: unknown = await client.discovery().catch((caught: unknown) => caught)
      assert(error instanceof TaxiiClientError)
      const shown =
        inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error) + inspect(client, { depth: 9 })
      const base64 = Buffer.from('alice:correct horse').toString('base64')
      for (const secret of ['correct horse', base64, 'tok-123456']) assert(!shown.includes(secret), shown)
      assert.match(shown, /\*\*\*/)
    }
  })

  it('shows no credential that stands in a URL or in a network failure', async () => {
    assert.throws(
      () => new Taxii2Client({ url: 'https://alice:pass-word@host/' }),
      (error) => failsWith('bad-option')(error) && !inspect(error).includes('pass-word'),
    )
    using client = new Taxii2Client({
      url: 'http://127.0.0.1:1/',
      allowHttp: true,
      authentication: { kind: 'bearer', token: 'tok-123456' },
      retry: { maxAttempts: 1 },
    })
    await assert.rejects(client.discovery(), (error) => {
      failsWith('network', { retryable: true })(error)
      return !inspect(error, { depth: 9, showHidden: true }).includes('tok-123456')
    })
  })

  it('gives credentials to its own origin only, unless another is trusted', async () => {
    await using other = await serve(() => ({ json: { title: 'r', versions: [TAXII], max_content_length: 9 } }))
    await using server = await serve(() => ({ json: { title: 't', api_roots: [`${other.origin}/root/`] } }))
    const authentication = { kind: 'bearer', token: 'secret-token' } as const
    using client = clientOf(server, { authentication })
    const [root = ''] = (await client.discovery()).api_roots
    await client.apiRoot(root).read()
    using trusting = clientOf(server, { authentication, trustedOrigins: [other.origin] })
    await trusting.apiRoot(root).read()
    assert.equal(server.seen[0]?.headers.authorization, 'Bearer secret-token')
    assert.equal(other.seen[0]?.headers.authorization, undefined)
    assert.equal(other.seen[1]?.headers.authorization, 'Bearer secret-token')
  })

  it('refuses credentials that would write headers of their own', () => {
    for (const token of ['a\r\nX-Other: 1', 'ä', '', ' a']) {
      assert.throws(
        () => new Taxii2Client({ url: 'https://host/', authentication: { kind: 'bearer', token } }),
        failsWith('bad-option'),
      )
    }
    const header = 'Host'
    assert.throws(
      () => new Taxii2Client({ url: 'https://host/', authentication: { kind: 'api-key', header, value: 'v' } }),
      failsWith('bad-option'),
    )
  })

  it('keeps one socket alive and ends it at the end of using', async () => {
    await using server = await serve(({ message }) => ({
      json: { ...DISCOVERY, title: String(message.socket.remotePort) },
    }))
    const ports = new Set<string>()
    {
      using client = clientOf(server)
      for (let index = 0; index < 3; index += 1) ports.add((await client.discovery()).title)
      assert.equal(await server.sockets(), 1)
      client.close()
      await assert.rejects(client.discovery(), failsWith('closed'))
    }
    assert.equal(ports.size, 1)
    while ((await server.sockets()) > 0) await new Promise((resolve) => setImmediate(resolve))
  })

  it('ends a running request when it is closed', async () => {
    const client = Promise.withResolvers<Taxii2Client>()
    await using server = await serve(() => () => void client.promise.then((open) => open.close()))
    const open = clientOf(server)
    client.resolve(open)
    await assert.rejects(open.discovery(), failsWith('closed'))
  })
})
