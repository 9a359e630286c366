import assert from 'node:assert/strict'
import { after } from 'node:test'
import { scratch } from '../support/database.ts'
import { envelopeOf, indicators } from '../support/indicators.ts'
import { raw, type RawAnswer } from '../support/raw-http.ts'
import { prepareSite, type Settings, startProcess } from '../support/serve-process.ts'
import { TAXII } from '../support/site.ts'

/** What the server answered, with the body read as JSON. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

/** A detail of a status resource (TAXII 2.1 §4.3.1). */
export interface Detail {
  readonly id: string
  readonly version: string
  readonly message?: string
}

const MIB = 1024 ** 2
/** Two bodies of the largest size, unpacked, decoded and parsed, with what the garbage collector leaves for later. */
const MOST_GROWTH = 700 * MIB

let seed = 100

/** A server in its own process, under the flags of production, for one file of attacks; it ends after the file's tests. */
export async function attackedServer(settings: Settings = {}) {
  const place = await scratch()
  const site = await prepareSite(place)
  const server = await startProcess(place, settings)
  after(async () => {
    await server.kill()
    await place.remove()
  })
  const host = new URL(server.url).host
  const authorization = site.headers['authorization'] ?? ''

  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const headers = { ...site.headers, ...Object.fromEntries(new Headers(init.headers)) }
    const response = await fetch(server.url + path, { ...init, headers })
    return { status: response.status, headers: response.headers, body: bodyOf(await response.text()) }
  }
  const post = (body: NonNullable<RequestInit['body']>, headers: Readonly<Record<string, string>> = {}) =>
    ask(site.objects, { method: 'POST', body, headers: { 'content-type': TAXII, ...headers } })
  await post(envelopeOf(indicators(1, { seed: 99 }))) // the parser runs and the first page is planned: memory to start from
  const before = await server.memory()

  return {
    ...site,
    url: server.url,
    host,
    authorization,
    ask,
    post,
    /** Sends a request line and headers as they are; Host, Accept and Authorization are added. */
    bare: (
      line: string,
      headers: readonly string[] = [],
      body: Iterable<string | Uint8Array> = [],
    ): Promise<RawAnswer> =>
      raw(
        server.url,
        startingWith(
          [`${line} HTTP/1.1`, `Host: ${host}`, `Accept: ${TAXII}`, `Authorization: ${authorization}`, ...headers],
          body,
        ),
      ),
    /** A post whose one bad object is refused by itself: its neighbour is stored. Gives back the reason. */
    refusesOne: async (text: string): Promise<Detail> => {
      const [neighbour = ''] = indicators(1, { seed: (seed += 1) })
      const { status, body } = await post(`{"objects":[${text},${neighbour}]}`)
      assert.equal(status, 202, JSON.stringify(body))
      assert.equal(body['success_count'], 1, JSON.stringify(body))
      assert.equal(body['failure_count'], 1)
      const { id } = JSON.parse(neighbour) as { id: string }
      const found = await ask(`${site.objects}${id}/`)
      assert.deepEqual(found.body['objects'], [JSON.parse(neighbour)])
      const [failure] = body['failures'] as Detail[]
      assert.ok(failure)
      return failure
    },
    /** The server answers others, and has not grown beyond bounds. */
    isHealthy: async (): Promise<void> => {
      assert.ok(server.isAlive(), 'the server is gone')
      assert.equal((await ask(`${site.objects}?limit=1`)).status, 200)
      const growth = (await server.memory()) - before
      assert.ok(growth < MOST_GROWTH, `the server grew by ${Math.round(growth / MIB)} MiB`)
    },
  }
}

export type AttackedServer = Awaited<ReturnType<typeof attackedServer>>

/** A refusal as TAXII 2.1 §3.6.1 writes it. */
export function isRefusal({ status, headers, body }: Answer, expected: number, code?: string): void {
  assert.equal(status, expected, JSON.stringify(body))
  assert.equal(headers.get('content-type'), TAXII)
  isErrorMessage(body, expected, code)
}

/** The same for an answer that came over a bare connection. */
export function isBareRefusal({ status, head, body }: RawAnswer, expected: number, code?: string): void {
  assert.equal(status, expected, head)
  assert.match(head, /^content-type: application\/taxii\+json;version=2\.1$/im)
  isErrorMessage(bodyOf(body), expected, code)
}

function isErrorMessage(body: Readonly<Record<string, unknown>>, status: number, code: string | undefined): void {
  assert.ok(typeof body['title'] === 'string' && body['title'] !== '')
  assert.equal(body['http_status'], String(status))
  if (code !== undefined) assert.equal(body['error_code'], code, JSON.stringify(body))
}

function bodyOf(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>
}

function* startingWith(lines: readonly string[], body: Iterable<string | Uint8Array>) {
  yield `${lines.join('\r\n')}\r\n\r\n`
  yield* body
}
