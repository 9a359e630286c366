import { parentPort } from 'node:worker_threads'
import { parseEnvelope } from './parse-envelope.ts'
import type { ParseAnswer, ParseRequest } from './parse-pool.ts'

if (!parentPort) throw new Error('parse-worker.ts runs as a worker thread')
const port = parentPort

port.on('message', (request: ParseRequest) => {
  const bytes = new Uint8Array(request.bytes)
  const answer: ParseAnswer = { id: request.id, envelope: parseEnvelope(bytes, request.unmarked), bytes: request.bytes }
  port.postMessage(answer, [request.bytes])
})
