import { envelopeOf, indicators } from '../../test/support/indicators.ts'
import { Connection, type Prepared } from './connection.ts'
import type { Job, LoadAnswer, LoadMessage, LoadRequest, Outcome } from './job.ts'

/** The load: a process of its own, so that the server's CPU time is the server's alone. */

const TAXII = 'application/taxii+json;version=2.1'
/** Envelopes that are kept ready, a megabyte each; a job with more makes them as it goes. */
const KEPT = 200
const envelopes = new Map<number, Uint8Array>()

function envelope(seed: number): Uint8Array {
  const known = envelopes.get(seed)
  if (known) return known
  const made = envelopeOf(indicators(1000, { seed }))
  if (envelopes.size >= KEPT) envelopes.delete(envelopes.keys().next().value ?? -1)
  envelopes.set(seed, made)
  return made
}

function prepare(request: LoadRequest): Prepared {
  const body = request.seed === undefined ? undefined : envelope(request.seed)
  const head = [
    `${request.method} ${request.path} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Accept: ${TAXII}`,
    `Accept-Encoding: ${request.encoding ?? 'identity'}`,
    ...(request.authorization ? [`Authorization: ${request.authorization}`] : []),
    ...(request.cookie ? [`Cookie: ${request.cookie}`, 'Sec-Fetch-Site: same-origin'] : []),
    ...(body ? [`Content-Type: ${TAXII}`, `Content-Length: ${body.length}`] : []),
  ].join('\r\n')
  const bytes = [Buffer.from(`${head}\r\n\r\n`), ...(body ? [body] : [])]
  return { bytes, status: request.status, length: request.length }
}

async function run(job: Job): Promise<Outcome> {
  const ready = job.requests.length <= KEPT || job.millis !== undefined ? job.requests.map(prepare) : undefined
  const connections = Array.from({ length: job.connections }, () => new Connection(job.port))
  const took: number[] = []
  let bytes = 0
  let taken = 0
  const start = performance.now()
  const end = job.millis === undefined ? Infinity : start + job.millis
  const work = async (connection: Connection) => {
    while (job.millis === undefined ? taken < job.requests.length : performance.now() < end) {
      const place = taken++ % job.requests.length
      const request = job.requests[place]
      const prepared = ready?.[place] ?? (request && prepare(request))
      if (!prepared) throw new Error('a job without requests')
      const sent = performance.now()
      bytes += await connection.send(prepared)
      took.push(performance.now() - sent)
    }
  }
  try {
    await Promise.all(connections.map(work))
  } finally {
    for (const connection of connections) connection.close()
  }
  const seconds = (performance.now() - start) / 1000
  took.sort((a, b) => a - b)
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0
  return { requests: took.length, bytes, seconds, p50Millis: at(0.5), p99Millis: at(0.99) }
}

process.on('message', ({ id, job }: LoadMessage) => {
  const answer = (message: LoadAnswer) => process.send?.(message)
  run(job).then(
    (outcome) => answer({ id, outcome }),
    (error: unknown) => answer({ id, error: error instanceof Error ? error.message : String(error) }),
  )
})
