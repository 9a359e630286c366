import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, link, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { askHolder } from '../../server/lock-holder.ts'
import { takeLock } from '../../server/lock.ts'

const home = await realpath(await mkdtemp(join(tmpdir(), 'vouchsafe-lock-')))
after(() => rm(home, { recursive: true, force: true }))
let folders = 0
async function newFolder(): Promise<string> {
  folders += 1
  const folder = join(home, String(folders))
  await mkdir(folder)
  return folder
}

const sockets = async (folder: string) => (await readdir(folder)).filter((name) => name.startsWith('socket-'))

it('one process has the folder, the next learns which, and gets it when the first lets go', async () => {
  const folder = await newFolder()
  const first = await takeLock(folder)
  assert.ok(first.taken)
  assert.equal((await stat(first.lock.socketPath)).mode & 0o777, 0o600)
  const second = await takeLock(folder)
  assert.ok(!second.taken)
  assert.deepEqual(second.holder, { pid: process.pid, serves: false })
  first.lock.answer(() => undefined)
  const third = await takeLock(folder)
  assert.deepEqual(!third.taken && third.holder, { pid: process.pid, serves: true })
  await first.lock.release()
  const fourth = await takeLock(folder)
  assert.ok(fourth.taken)
  await fourth.lock.release()
  assert.deepEqual(await sockets(folder), [])
})

it('a socket that nobody answers is replaced and cleared away', async () => {
  const folder = await newFolder()
  for (const number of [1, 3]) {
    const made = join(folder, `made-${number}`)
    const server = createServer().listen(made)
    await once(server, 'listening')
    await link(made, join(folder, `socket-${number}`)) // closing takes away the first name only
    server.close()
    await once(server, 'close')
  }
  const locked = await takeLock(folder)
  assert.ok(locked.taken)
  assert.deepEqual(await sockets(folder), ['socket-4'])
  await locked.lock.release()
})

it('of many at once in one process exactly one wins, twenty times', async () => {
  for (let round = 0; round < 20; round += 1) {
    const folder = await newFolder()
    const all = await Promise.all(Array.from({ length: 8 }, () => takeLock(folder)))
    const won = all.flatMap((locked) => (locked.taken ? [locked.lock] : []))
    assert.equal(won.length, 1)
    await won[0]?.release()
  }
})

it('of processes that race over the socket of one that died exactly one wins', async () => {
  const program = new URL('./lock-racer.ts', import.meta.url)
  const racers = Array.from({ length: 4 }, () => fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }))
  after(() => racers.forEach((racer) => racer.kill()))
  const say = (racer: ChildProcess, word: unknown) => once((racer.send(word as object), racer), 'message')
  await Promise.all(racers.map((racer) => once(racer, 'message')))
  const folder = await newFolder()
  for (let round = 0; round < 15; round += 1) {
    const answers = await Promise.all(racers.map((racer) => say(racer, { take: folder })))
    assert.equal(answers.filter(([answer]) => answer === 'taken').length, 1, JSON.stringify(answers))
    await Promise.all(racers.map((racer) => say(racer, { abandon: true })))
    assert.equal((await sockets(folder)).length, 1, 'the stale socket is there for the next round')
  }
})

it('a path that is too long for a socket: a private folder, which a file in the data folder names', async () => {
  const folder = join(await newFolder(), 'x'.repeat(100))
  await mkdir(folder)
  const first = await takeLock(folder)
  assert.ok(first.taken)
  const short = (await readFile(join(folder, 'socket-folder'), 'utf8')).trim()
  after(() => rm(short, { recursive: true, force: true }))
  assert.ok(first.lock.socketPath.startsWith(`${short}/`))
  assert.equal((await stat(short)).mode & 0o777, 0o700)
  assert.equal((await takeLock(folder)).taken, false)
  await first.lock.release()
  await chmod(short, 0o755)
  await assert.rejects(takeLock(folder), /not a private folder/)
})

it('a process that was stopped still has the folder', async () => {
  const folder = await newFolder()
  const path = join(folder, 'socket-1')
  const server = createServer().listen(path) // takes connections, answers nothing
  await once(server, 'listening')
  const asked = await askHolder(path)
  assert.deepEqual(asked, { state: 'held', holder: { serves: false } })
  server.close()
})
