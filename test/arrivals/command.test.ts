import assert from 'node:assert/strict'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { commandLine } from '../cli/command-line.ts'
import { BAIT, noPostgres, seededPortal, seedKeys } from './portal-seed.ts'

const cli = await commandLine()
after(() => cli.close())
await cli.json(['init'])

describe('vouchsafe import-portal', { skip: noPostgres }, async () => {
  if (noPostgres !== false) return
  const portal = await seededPortal(await seedKeys())
  after(() => portal[Symbol.asyncDispose]())
  const from = ['import-portal', '--from', portal.readerUrl, '--zone', 'Europe/Oslo']

  it('rehearses, and says what would come, what not, and what to do next', async () => {
    const { code, stdout, stderr } = await cli.run(from)
    assert.equal(code, 0, stderr)
    for (const words of [
      'From trident "Old Harbour", version 21',
      'otto in quay: active to inactive (key)',
      'membership zora in dock: the state probation is none of ours: give --state probation=STATE',
      'This was a rehearsal: nothing was changed. Add --do to do it.',
    ]) {
      assert.ok(stdout.includes(words), `${words}\n${stdout}`)
    }
    assert.ok(!stdout.includes(BAIT))
  })

  it('does it, sends links, and writes the history to a file that only its owner reads', async () => {
    const file = join(cli.place.folder, 'history.ndjson')
    const history = ['--do', '--welcome', '--state', 'probation=approved', '--history', file]
    const done = await cli.json([...from, ...history])
    assert.equal(done['done'], true)
    assert.deepEqual((done['counts'] as Record<string, number>)['memberships'], 9)
    assert.equal(done['welcome_links'], 4)
    const text = await readFile(file, 'utf8')
    assert.equal(text.trim().split('\n').length, 3)
    assert.ok(!text.includes(BAIT))
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    assert.equal((await cli.run([...from, '--history', file])).code, 2, 'no file is written over')
    assert.equal((await cli.run(['verify'])).code, 0)
  })

  it('wants the zone, and no password where others can see it', async () => {
    const cases = [
      [['import-portal'], /--from/],
      [['import-portal', '--from', portal.url], /--zone/],
      [['import-portal', '--from', 'postgres://a:secret@127.0.0.1/b', '--zone', 'UTC'], /--password-stdin/],
      [[...from, '--welcome'], /--do/],
      [[...from, '--state', 'probation=nice'], /one of our ten states/],
    ] as const
    for (const [args, words] of cases) {
      const { code, stderr } = await cli.run(args)
      assert.ok(code === 2 || code === 1, String(code))
      assert.match(stderr, words)
      assert.ok(!stderr.includes('secret@'))
    }
  })
})

describe('vouchsafe member import', () => {
  it('rehearses a file, fails on bad lines, and does it', async () => {
    await cli.json(['user', 'add', 'alice'])
    await cli.json(['group', 'add', 'water', '--administrator', 'alice'])
    const file = join(cli.place.folder, 'people.csv')
    await writeFile(file, 'name,email\nDora,dora@port.example\nNobody,nothing\n')
    const bad = await cli.run(['member', 'import', file, '--group', 'water', '--do'])
    assert.equal(bad.code, 1)
    assert.match(bad.stdout, /line 3: email: is no mail address/)
    const done = await cli.json(['member', 'import', file, '--group', 'water', '--skip-bad', '--do', '--quiet'])
    assert.deepEqual([done['done'], done['welcome_links']], [true, 0])
    const welcomed = await cli.json(['member', 'welcome', 'water'])
    assert.deepEqual(welcomed, { group: 'water', welcomed: ['dora'], without_address: ['alice'] })
  })
})
