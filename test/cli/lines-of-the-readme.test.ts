import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { envelopeOf, indicators } from '../support/indicators.ts'
import { TAXII } from '../support/site.ts'
import { commandLine, shell, somePort } from './command-line.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const cli = await commandLine()
after(() => cli.close())
const port = await somePort()

/** One line as written; answers with its one JSON object. */
async function line(text: string): Promise<Record<string, unknown>> {
  const ran = await shell(text, cli.env)
  assert.equal(ran.code, 0, `${text}\n${ran.stdout}${ran.stderr}`)
  assert.equal(ran.stdout.trimEnd().split('\n').length, 1, 'one line')
  return JSON.parse(ran.stdout) as Record<string, unknown>
}

it('the lines that scripts rely on work as written, on a fresh data folder', async () => {
  const init = await line('npx vouchsafe init --json')
  assert.equal(init['data'], cli.place.folder)
  assert.equal(init['database'], cli.place.url ? 'postgres' : 'embedded')
  assert.match(String(init['setup_url']), /^http:\/\/localhost:8080\/setup\/[\w-]{43}$/)

  const region = await line('npx vouchsafe collection add "Region" --alias region --label tlp:green --json')
  assert.match(String(region['id']), UUID)
  assert.equal(region['alias'], 'region')
  assert.equal(region['api_root'], '/region-root/')
  assert.equal(region['label'], 'TLP:GREEN')
  assert.match(String(region['url']), /^http:\/\/127\.0\.0\.1:8080\/region-root\/collections\//)

  const add = 'npx vouchsafe user add poller --password-stdin --read region --write region --json'
  const poller = await line(`echo secret-pass-phrase | ${add}`)
  assert.deepEqual(poller, { name: 'poller', role: 'member', read: [region['id']], write: [region['id']] })

  const { token } = await line('npx vouchsafe token add poller --scope taxii --json')
  const server = await cli.serve(['serve', '--port', String(port)])
  assert.equal(server.url, `http://127.0.0.1:${port}`)
  const basic = `Basic ${Buffer.from('poller:secret-pass-phrase').toString('base64')}`
  for (const authorization of [basic, `Bearer ${String(token)}`]) {
    const discovery = await fetch(`${server.url}/taxii2/`, { headers: { accept: TAXII, authorization } })
    assert.equal(discovery.status, 200)
    assert.deepEqual(((await discovery.json()) as Record<string, unknown>)['api_roots'], ['/region-root/'])
  }
  const objects = `${server.url}/region-root/collections/region/objects/`
  const headers = { accept: TAXII, 'content-type': TAXII, authorization: basic }
  const posted = await fetch(objects, { method: 'POST', headers, body: envelopeOf(indicators(2)) })
  assert.equal(posted.status, 202)

  // while it serves: over the socket, and with effect on the server's next answer
  const second = await line('npx vouchsafe collection add "Exercise" --alias exercise --json')
  assert.equal(second['label'], 'TLP:AMBER+STRICT')
  await line('npx vouchsafe user grant poller --read exercise --json')
  const seen = await fetch(`${server.url}/region-root/collections/exercise/`, {
    headers: { accept: TAXII, authorization: basic },
  })
  assert.equal(seen.status, 200)
  await line('npx vouchsafe user suspend poller --json')
  assert.equal((await fetch(`${server.url}/taxii2/`, { headers: { accept: TAXII, authorization: basic } })).status, 401)
  assert.equal(await server.stop(), 0)

  // and while it does not
  const listed = await line('npx vouchsafe collection list --json')
  assert.deepEqual(
    (listed['collections'] as { alias: string }[]).map((each) => each.alias),
    ['region', 'exercise'],
  )
})

it('a server that npx has started ends when npx is told to', async () => {
  const free = await somePort()
  const script = `npx vouchsafe serve --port ${free} & npx=$!
    until curl -s http://127.0.0.1:${free}/healthz >/dev/null; do sleep 0.1; done
    kill $npx; wait $npx
    for i in $(seq 100); do curl -s http://127.0.0.1:${free}/healthz >/dev/null || exit 0; sleep 0.1; done; exit 9`
  assert.equal((await shell(script, cli.env)).code, 0)
})
