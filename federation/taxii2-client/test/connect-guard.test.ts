import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Taxii2Client, publicOnly } from '../src/index.ts'
import type { ConnectTarget, Resolve, Taxii2ClientOptions } from '../src/index.ts'
import { DISCOVERY, failsWith, serve, testClock } from './support/server.ts'

/** A resolver that says so, address for address, each time the next. */
function resolving(...answers: readonly (readonly string[])[]): Resolve & { readonly asked: string[] } {
  const asked: string[] = []
  const resolve = async (hostname: string): Promise<{ address: string; family: number }[]> => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? []
    asked.push(hostname)
    return answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  }
  return Object.assign(resolve, { asked })
}

function guarded(url: string, options: Partial<Taxii2ClientOptions> = {}): Taxii2Client {
  return new Taxii2Client({ url, allowHttp: true, guard: publicOnly, clock: testClock(), ...options })
}

describe('connect guard', () => {
  it('refuses every way to write a private address, and nothing arrives', async () => {
    await using server = await serve(() => ({ json: DISCOVERY }))
    const hosts = [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '[::1]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[64:ff9b::7f00:1]',
      '[2002:7f00:1::]',
      '[fd00::1]',
      '[fe80::1]',
      '0.0.0.0',
      '10.0.0.1',
      '100.64.0.1',
      '169.254.169.254',
      '172.31.0.1',
      '192.168.0.1',
      '224.0.0.1',
      '255.255.255.255',
      'localhost',
    ]
    for (const host of hosts) {
      for (const protocol of ['http', 'https']) {
        using client = guarded(`${protocol}://${host}:${server.port}/`)
        await assert.rejects(client.discovery(), failsWith('address-refused', { retryable: false }), host)
      }
    }
    assert.equal(server.seen.length, 0)
    assert.equal(await server.sockets(), 0)
  })

  it('refuses a name that resolves to a private address', async () => {
    await using server = await serve(() => ({ json: DISCOVERY }))
    for (const answer of [
      ['127.0.0.1'],
      ['::1'],
      ['::ffff:127.0.0.1'],
      ['fe80::1%eth0'],
      ['10.0.0.1', '192.168.1.1'],
    ]) {
      const resolve = resolving(answer)
      using client = guarded(`http://peer.example:${server.port}/`, { resolve })
      await assert.rejects(client.discovery(), failsWith('address-refused'))
      assert.deepEqual(resolve.asked, ['peer.example'])
    }
    assert.equal(await server.sockets(), 0)
  })

  it('admits public addresses', () => {
    for (const ip of ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1']) {
      assert.equal(publicOnly({ hostname: ip, ip, port: 443 }), true, ip)
    }
  })

  it('connects to the address that was checked, without asking the DNS again', async () => {
    await using server = await serve(() => ({ json: DISCOVERY }))
    const targets: ConnectTarget[] = []
    const guard = (target: ConnectTarget): boolean => {
      targets.push(target)
      return target.ip === '127.0.0.1'
    }
    // The second answer would be another address: a rebinding DNS. It must never be asked for.
    const resolve = resolving(['127.0.0.1'], ['127.0.0.2'])
    using client = guarded(`http://peer.example:${server.port}/`, { resolve, guard })
    await client.discovery()
    assert.deepEqual(resolve.asked, ['peer.example'])
    assert.deepEqual(targets, [{ hostname: 'peer.example', ip: '127.0.0.1', port: server.port }])
    assert.equal(server.seen[0]?.headers.host, `peer.example:${server.port}`)
  })

  it('leaves out the addresses that are refused and takes the others', async () => {
    await using server = await serve(() => ({ json: DISCOVERY }))
    const asked: string[] = []
    const guard = async ({ ip }: ConnectTarget): Promise<boolean> => {
      asked.push(ip)
      return ip === '127.0.0.1'
    }
    const resolve = resolving(['127.0.0.2', '127.0.0.1', '::1'])
    using client = guarded(`http://peer.example:${server.port}/`, { resolve, guard })
    assert.equal((await client.discovery()).title, 'Test server')
    assert.deepEqual(asked, ['127.0.0.2', '127.0.0.1', '::1'])
  })

  it('a guard that fails refuses', async () => {
    const guard = (): never => {
      throw new Error('policy is not loaded')
    }
    for (const host of ['127.0.0.1', 'peer.example']) {
      using client = guarded(`https://${host}/`, { guard, resolve: resolving(['192.0.2.1']) })
      await assert.rejects(client.discovery(), failsWith('address-refused'))
    }
  })

  it('is asked for API roots too', async () => {
    await using server = await serve(() => ({ json: { title: 't', api_roots: ['http://169.254.169.254/latest/'] } }))
    const guard = ({ ip }: ConnectTarget): boolean => ip === '127.0.0.1'
    using client = guarded(server.origin, { guard })
    const [root = ''] = (await client.discovery()).api_roots
    await assert.rejects(client.apiRoot(root).read(), failsWith('address-refused'))
  })
})
