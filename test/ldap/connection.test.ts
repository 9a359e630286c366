import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { after, before, describe, it } from 'node:test'
import { proveLdap } from '../../server/auth/ldap/prove.ts'
import type { LdapSettings } from '../../server/auth/ldap/settings.ts'
import { makeAuthority } from '../support/certificates.ts'
import { cityProvider } from '../support/city-directory.ts'
import { faultProxy } from '../support/fault-proxy.ts'
import { city, CITY_PASSWORD, PEOPLE } from '../support/people-of-the-city.ts'
import { noSlapd, type Slapd, startSlapd } from '../support/slapd.ts'
import { until } from '../support/until.ts'

describe('the connection to a directory', { skip: noSlapd }, () => {
  let slapd: Slapd
  before(async () => {
    slapd = await startSlapd(city())
  })
  after(() => slapd?.[Symbol.asyncDispose]())

  const prove = (more: Partial<LdapSettings> = {}) => proveLdap(cityProvider(slapd, more), 'ada', CITY_PASSWORD)
  const troubleOf = async (more: Partial<LdapSettings>) => {
    const answer = await prove(more)
    return !answer.ok && answer.why === 'unavailable' ? answer.trouble : answer
  }
  const starttls = () => ({ tls: 'starttls', url: slapd.ldap }) as const

  it('is encrypted from the start or by StartTLS', async () => {
    assert.ok((await prove()).ok)
    assert.ok((await prove(starttls())).ok)
  })

  it('is refused with an authority that is not ours', async () => {
    const other = (await makeAuthority('Somebody else')).certificate
    for (const ca of ['', other]) {
      assert.equal(await troubleOf({ ca }), 'authority-unknown')
      assert.equal(await troubleOf({ ...starttls(), ca }), 'authority-unknown')
    }
  })

  it('is refused with a certificate for another name', async () => {
    const elsewhere = (url: string) => url.replace('127.0.0.1', '127.0.0.2')
    assert.equal(await troubleOf({ url: elsewhere(slapd.ldaps) }), 'certificate-name')
    assert.equal(await troubleOf({ tls: 'starttls', url: elsewhere(slapd.ldap) }), 'certificate-name')
  })

  it('is refused with a certificate that has ended', async () => {
    const authority = await makeAuthority('Old')
    const { certificate, key } = await authority.issue({ name: 'old', usage: 'server', fromHours: -3, untilHours: -1 })
    await using server = await listening(createTlsServer({ cert: certificate, key }))
    assert.equal(
      await troubleOf({ url: `ldaps://127.0.0.1:${server.port}`, ca: authority.certificate }),
      'certificate-expired',
    )
  })

  it('never speaks in the clear', async () => {
    const heard: Buffer[] = []
    const deaf = createServer((socket) => socket.on('data', (chunk) => heard.push(chunk)).on('error', () => undefined))
    await using server = await listening(deaf)
    const url = `ldap://127.0.0.1:${server.port}`
    // an address without TLS is none of the two ways, whoever wrote it into the settings
    assert.equal(await troubleOf({ tls: 'ldaps', url }), 'not-tls')
    assert.equal(heard.length, 0)
    // no answer to StartTLS: nothing follows it
    assert.equal(await troubleOf({ tls: 'starttls', url, timeoutSeconds: 1 }), 'silent')
    const all = Buffer.concat(heard).toString('latin1')
    assert.match(all, /1\.3\.6\.1\.4\.1\.1466\.20037/)
    assert.doesNotMatch(all, /ada|correct horse|reader/)
  })

  it('is not told the password when StartTLS is refused', async () => {
    const heard: Buffer[] = []
    // ExtendedResponse, message 2, result protocolError
    const refusal = Buffer.from('300c02010278070a010204000400', 'hex')
    const server = createServer((socket) => {
      socket
        .on('error', () => undefined)
        .on('data', (chunk) => {
          heard.push(chunk)
          socket.write(refusal)
        })
    })
    await using listen = await listening(server)
    assert.equal(await troubleOf({ tls: 'starttls', url: `ldap://127.0.0.1:${listen.port}` }), 'starttls-refused')
    assert.equal(heard.length, 1)
  })

  it('believes nothing that came in the clear after the answer to StartTLS', async () => {
    // Somebody on the line sends, behind the answer, the beginning of an answer "success" to the bind that will come: a
    // parser that goes on with it takes the directory's real refusal for the rest of it. ldapts' own startTLS does (9.2.0).
    const forged = (id: number, rest: number) =>
      Buffer.from([0x30, 12 + rest, 2, 1, id, 0x61, 7 + rest, 0x0a, 1, 0, 4, 0, 4, rest])
    const direct = {
      way: 'direct',
      directTemplate: `uid={name},${PEOPLE}`,
      tls: 'starttls',
      timeoutSeconds: 1,
    } as const
    for (const id of [2, 3, 4]) {
      for (let rest = 14; rest < 60; rest += 1) {
        await using between = await injecting(slapd.ldap, forged(id, rest))
        const provider = cityProvider(slapd, { ...direct, url: between.url })
        const answer = await proveLdap(provider, 'ada', 'wrong')
        assert.deepEqual(answer, { ok: false, why: 'wrong' }, `message ${id}, ${rest} bytes`)
      }
    }
  })

  it('ends by itself when the directory is slow, at any step', async () => {
    await using proxy = await faultProxy(slapd.ldaps)
    proxy.stall()
    const began = performance.now()
    assert.equal(await troubleOf({ url: proxy.url, timeoutSeconds: 1 }), 'silent')
    assert.ok(performance.now() - began < 5000)
    await proxy.resume()
    assert.ok((await prove({ url: proxy.url })).ok)
    for (const chunks of [2, 3, 4]) {
      let seen = 0
      proxy.onRequest = () => {
        seen += 1
        if (seen === chunks) proxy.stall()
      }
      const trouble = await troubleOf({ url: proxy.url, timeoutSeconds: 1 })
      assert.equal(trouble, 'silent', `stalled at chunk ${chunks}`)
      proxy.onRequest = undefined
      await proxy.resume()
    }
    await until(() => proxy.connections() === 0)
  })

  it('does not come back in the clear when it is cut in the middle', async () => {
    await using proxy = await faultProxy(slapd.ldap)
    for (const chunks of [1, 2, 3, 4]) {
      let [seen, plain] = [0, '']
      proxy.onRequest = (chunk) => {
        seen += 1
        plain += chunk.toString('latin1')
        if (seen === chunks) proxy.cut()
      }
      const trouble = await troubleOf({ tls: 'starttls', url: proxy.url })
      assert.ok(trouble === 'cut', `cut at chunk ${chunks}: ${JSON.stringify(trouble)}`)
      assert.doesNotMatch(plain, /ada|correct horse|a reader of the directory/)
      assert.ok(seen <= chunks, 'it connected again')
    }
  })

  it('is calm about a directory that is not there', async () => {
    assert.equal(await troubleOf({ url: 'ldaps://directory.invalid' }), 'name-unknown')
    await slapd.kill()
    assert.equal(await troubleOf({}), 'refused')
    await slapd.start()
    assert.ok((await prove()).ok)
  })

  it('follows no referral', async () => {
    const settings = cityProvider(slapd).settings
    assert.equal(await troubleOf({ baseDn: `ou=elsewhere,${settings.baseDn}` }), 'referral')
  })

  it('knows a base that is not there and an account that may not search', async () => {
    assert.equal(await troubleOf({ baseDn: 'ou=nowhere,dc=city,dc=test' }), 'base-unknown')
    const answer = await proveLdap({ ...cityProvider(slapd), secret: 'wrong' }, 'ada', CITY_PASSWORD)
    assert.deepEqual(answer, { ok: false, why: 'unavailable', trouble: 'bind-refused' })
  })
})

async function listening(server: Server) {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** A line on which somebody adds bytes behind the first answer of the directory, in the same packet. */
async function injecting(target: string, bytes: Buffer) {
  const { hostname, port } = new URL(target)
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    let isFirst = true
    upstream.on('data', (chunk) => {
      client.write(isFirst ? Buffer.concat([chunk, bytes]) : chunk)
      isFirst = false
    })
    client.on('data', (chunk) => upstream.write(chunk))
    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end)
  })
  const place = await listening(server)
  return { ...place, url: `ldap://127.0.0.1:${place.port}` }
}
