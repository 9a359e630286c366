import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { after, describe, it } from 'node:test'
import { TAXII } from '../support/site.ts'
import { until } from '../support/until.ts'
import { attackedServer } from './attacked-server.ts'

const SOCKETS = 500
const HEADERS_SECONDS = 1
const REQUEST_SECONDS = 2
const server = await attackedServer({
  'limits.headers_seconds': HEADERS_SECONDS,
  'limits.request_seconds': REQUEST_SECONDS,
})
const open: Socket[] = []
after(() => open.forEach((socket) => socket.destroy()))

describe('500 connections that send a byte now and then', () => {
  it('in the headers, are cut, while others are served', async () => {
    await attack(`GET ${server.objects} HTTP/1.1\r\nHost: x\r\nX-Slow: `, HEADERS_SECONDS)
  })

  it('in the body, are cut, while others are served', async () => {
    const head = `POST ${server.objects} HTTP/1.1\r\nHost: x\r\nAccept: ${TAXII}\r\nAuthorization: ${server.authorization}\r\n`
    await attack(`${head}Content-Type: ${TAXII}\r\nContent-Length: 1000000\r\n\r\n{"objects":[`, REQUEST_SECONDS)
  })

  it('in the body without having signed in, get 401 and are cut', async () => {
    const head = `POST ${server.objects} HTTP/1.1\r\nHost: x\r\nAccept: ${TAXII}\r\n`
    await attack(`${head}Content-Type: ${TAXII}\r\nContent-Length: 1000000\r\n\r\n{"objects":[`, REQUEST_SECONDS)
  })
})

it('connections that say nothing at all do not keep others out', async () => {
  const silent = await connectMany('')
  for (let turn = 0; turn < 20; turn += 1) await served()
  for (const socket of silent) socket.destroy()
  await server.isHealthy()
})

async function attack(start: string, limitSeconds: number): Promise<void> {
  const sockets = await connectMany(start)
  const drip = setInterval(() => sockets.forEach((socket) => socket.writable && socket.write('a')), 200)
  try {
    const times: number[] = []
    const isCut = () => sockets.every((socket) => socket.destroyed)
    // Node looks every second, so the last is cut within the limit, a second, and what the machine needs
    await until(
      async () => {
        times.push(await served())
        return isCut()
      },
      (limitSeconds + 10) * 1000,
    )
    times.sort((a, b) => a - b)
    const median = times[Math.floor(times.length / 2)] ?? 0
    assert.ok(median < 500, `others waited ${Math.round(median)} ms`)
  } finally {
    clearInterval(drip)
    for (const socket of sockets) socket.destroy()
  }
  await server.isHealthy()
}

async function served(): Promise<number> {
  const start = performance.now()
  const { status } = await server.ask(`${server.objects}?limit=1`)
  assert.equal(status, 200)
  return performance.now() - start
}

async function connectMany(start: string): Promise<Socket[]> {
  const { hostname, port } = new URL(server.url)
  return await Promise.all(
    Array.from({ length: SOCKETS }, async () => {
      const socket = connect(Number(port), hostname)
      open.push(socket)
      socket.on('error', () => undefined).resume()
      await new Promise((done) => socket.once('connect', done))
      socket.write(start)
      return socket
    }),
  )
}
