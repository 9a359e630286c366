import assert from 'node:assert/strict'
import { createServer, type AddressInfo } from 'node:net'
import { after, it } from 'node:test'
import { commandLine, shell, somePort } from './command-line.ts'

const cli = await commandLine()
after(() => cli.close())

it('start makes a site with the demonstration, and every line that it prints works as printed', async () => {
  const server = await cli.serve(['start'], { VOUCHSAFE_LISTEN_PORT: String(await somePort()) })
  const lines = server.said.split('\n').flatMap((line) => /^ {2}(curl .*)$/.exec(line)?.[1] ?? [])
  assert.ok(lines.length >= 4, server.said)
  const answers: Record<string, unknown>[] = []
  for (const line of lines) {
    const ran = await shell(line, cli.env)
    assert.equal(ran.code, 0, line)
    answers.push(JSON.parse(ran.stdout) as Record<string, unknown>)
  }
  const [discovery, collections, ...pages] = answers
  assert.deepEqual(discovery?.['api_roots'], ['/demo/'])
  assert.ok(collections)
  const aliases = (collections['collections'] as { alias: string }[]).map((each) => each.alias)
  assert.deepEqual(aliases.toSorted(), ['coordinators', 'public', 'region'])
  for (const page of pages) assert.ok((page['objects'] as unknown[]).length > 0)
  assert.match(server.said, new RegExp(`^  ${server.url.replace('127.0.0.1', 'localhost')}/setup/[\\w-]{43}$`, 'm'))

  // the guard kept back what is above each ceiling: the pictures differ, and only the coordinators see all of it
  const counts: number[] = []
  const token = /Bearer (\S+)'/.exec(lines[0] ?? '')?.[1] ?? ''
  for (const alias of ['public', 'region', 'coordinators']) {
    const url = `${server.url}/demo/collections/${alias}/manifest/?match[version]=all`
    const manifest = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    counts.push(((await manifest.json()) as { objects: unknown[] }).objects.length)
  }
  const [all = 0, region = 0, open = 0] = counts.toReversed()
  assert.equal(all, 178)
  assert.ok(0 < open && open < region && region < all, counts.join())
  assert.equal(await server.stop('SIGINT'), 0)
})

it('started again it keeps what is there; the earlier token counts no more', async () => {
  const once = await cli.serve(['start'], { VOUCHSAFE_LISTEN_PORT: '0' })
  assert.equal(await once.stop(), 0)
  const again = await cli.serve(['start'], { VOUCHSAFE_LISTEN_PORT: '0' })
  const tokenOf = (said: string) => /Bearer (\S+)'/.exec(said)?.[1] ?? ''
  const ask = (said: string) =>
    fetch(`${again.url}/taxii2/`, { headers: { authorization: `Bearer ${tokenOf(said)}` } }).then(
      ({ status }) => status,
    )
  assert.equal(await ask(again.said), 200)
  assert.equal(await ask(once.said), 401)
  const users = (await cli.json(['user', 'list']))['users'] as { name: string }[]
  assert.deepEqual(
    users.map((user) => user.name),
    ['demo', 'demo-loader'],
  )
  assert.equal(await again.stop(), 0)
})

it('a port that is taken: start takes the next when nobody chose it, serve and a chosen one are refused', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  after(() => other.close())
  const taken = String((other.address() as AddressInfo).port)
  for (const args of [['serve', '--port', taken], ['start']]) {
    const ran = await cli.run([...args, '--json'], { env: { VOUCHSAFE_LISTEN_PORT: taken } })
    assert.equal(ran.code, 1, ran.stderr)
    assert.equal((JSON.parse(ran.stdout) as { error: { code: string } }).error.code, 'port_taken')
  }
  const blocker = createServer()
  const isOurs = await new Promise<boolean>((resolve) => {
    blocker.on('error', () => resolve(false)) // 8080 is taken already: as good
    blocker.listen(8080, '127.0.0.1', () => resolve(true))
  })
  const server = await cli.serve(['start'])
  assert.notEqual(new URL(server.url).port, '8080')
  assert.equal(await server.stop(), 0)
  if (isOurs) blocker.close()
})

it(
  'a second server on the same embedded database is refused',
  { skip: Boolean(cli.place.url) && 'PostgreSQL takes many' },
  async () => {
    const server = await cli.serve(['serve', '--port', '0'])
    const ran = await cli.run(['serve', '--port', '0', '--json'])
    assert.equal(ran.code, 1)
    assert.match(ran.stdout, /"running".*already/)
    assert.equal(await server.stop(), 0)
  },
)

it('commands that come all at once are done one after another', async () => {
  const added = await Promise.all(
    Array.from({ length: 4 }, (_, index) => cli.json(['collection', 'add', `At once ${index}`])),
  )
  assert.equal(new Set(added.map((made) => made['id'])).size, 4)
})

it('a server that was killed leaves nothing that stops the next command', async () => {
  const server = await cli.serve(['serve', '--port', '0'])
  await server.stop('SIGKILL')
  assert.equal((await cli.run(['collection', 'list'])).code, 0)
})
