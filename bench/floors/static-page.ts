import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

/**
 * The floor of reading: a plain server that sends one ready page from memory to whoever asks.
 * Arguments: port, file with the body, content encoding.
 */
const [port, file, encoding] = process.argv.slice(2)
const body = readFileSync(file ?? '')
const headers = {
  'Content-Type': 'application/taxii+json;version=2.1',
  'Content-Length': body.length,
  ...(encoding === 'gzip' ? { 'Content-Encoding': 'gzip' } : {}),
}

createServer((_request, response) => {
  response.writeHead(200, headers)
  response.end(body)
}).listen(Number(port), '127.0.0.1')
