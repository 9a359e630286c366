import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { commandLine } from '../cli/command-line.ts'

let line: Awaited<ReturnType<typeof commandLine>>
before(async () => {
  line = await commandLine()
  await line.json(['init'])
  // commands ask the server then, which is much faster than opening the database each time
  await line.serve(['serve'], { VOUCHSAFE_LISTEN_PORT: '0' })
  await line.json(['user', 'add', 'alice', '--password-stdin'], 'correct horse battery staple\n')
})
after(() => line.close())

const file = (name: string, text: string) => {
  const path = join(line.place.folder, name)
  writeFileSync(path, text)
  return path
}

describe('vouchsafe participants', () => {
  it('checks, imports, shows, exports, lists and restores', async () => {
    const map = file('map.txt', '156.74.0.0/16 CTYSEA\n12.17.152.0/23 COB BELLWA\n.bellevue.gov COB BELLWA\n')
    const checked = await line.json(['participants', 'check', map])
    assert.deepEqual([checked['version'], checked['entries'], checked['added']], [null, 3, 3])
    assert.deepEqual(await line.json(['participants', 'show']), { version: 0, entries: [] })
    assert.equal((await line.json(['participants', 'import', map, '--note', 'first']))['version'], 1)
    const { stdout } = await line.run(['participants', 'show', 'hxxp://www[.]bellevue[.]gov/x'])
    assert.match(stdout, /site COB, shown as BELLWA, by \.bellevue\.gov/)
    assert.match((await line.run(['participants', 'show', '192.0.2.1'])).stdout, /no participant/)
    const silk = await line.run(['participants', 'export', '--form', 'silk'])
    assert.equal(
      silk.stdout,
      'map-name participant\ndefault EXTERNAL\nmode ipv4\n12.17.152.0/23 BELLWA\n156.74.0.0/16 CTYSEA\n',
    )
    const yaml = file('map.yml', (await line.run(['participants', 'export'])).stdout)
    assert.equal((await line.json(['participants', 'import', yaml]))['version'], 1, 'the same map is no version')
    await line.json(['participants', 'import', file('less.csv', 'cidr,site\n156.74.0.0/16,CTYSEA\n')])
    const { versions } = await line.json(['participants', 'history'])
    assert.deepEqual(
      (versions as { version: number; by: string }[]).map(({ version, by }) => [version, by]),
      [
        [2, 'command line'],
        [1, 'command line'],
      ],
    )
    assert.deepEqual(await line.json(['participants', 'restore', '1']), { restored: 1, version: 3 })
  })

  it('a file with a problem changes nothing and says where it is', async () => {
    const bad = file('bad.txt', '156.74.0.0/16 CTYSEA\n156.74.0.0/16 OTHER\n')
    const ran = await line.run(['participants', 'import', bad])
    assert.equal(ran.code, 1)
    assert.match(ran.stdout, /bad\.txt:2: block: 156\.74\.0\.0\/16 is in line 1 already/)
    assert.equal((await line.json(['participants', 'show']))['version'], 3)
    assert.equal((await line.run(['participants', 'export', '--form', 'pdf'])).code, 2)
    assert.equal((await line.run(['participants', 'import', bad, '--form', 'pdf'])).code, 2)
    assert.equal((await line.run(['participants', 'import', '/nowhere'])).code, 2)
  })
})

describe('vouchsafe asset', () => {
  it('imports a YAML file of several users, rehearsed first', async () => {
    const yaml = file(
      'attributes.yml',
      'alice:\n  cidrs:\n    - 10.0.0.0/8 \n    - 10.0.0.0/8\n    - 10.0.0.1/8\n  domains: [.city.example]\nbob:\n  cidrs: [192.0.2.0/24]\n',
    )
    const dry = await line.run(['asset', 'import', 'alice', yaml, '--user', 'alice', '--dry-run'])
    assert.equal(dry.code, 1)
    assert.match(dry.stdout, /attributes\.yml:5: value: .*write 10\.0\.0\.0\/8/)
    assert.match(dry.stdout, /2 would be added, 0 were there, 1 twice in the file, 1 refused/)
    assert.deepEqual(await line.json(['asset', 'list', 'alice']), { assets: [], more: false })
    await line.run(['asset', 'import', 'alice', yaml, '--user', 'alice'])
    const { assets } = await line.json(['asset', 'list', 'alice'])
    assert.deepEqual(
      (assets as { value: string }[]).map(({ value }) => value),
      ['10.0.0.0/8', '.city.example'],
    )
    assert.match((await line.run(['asset', 'import', 'alice', yaml])).stdout, /say whose assets are meant/)
    assert.equal((await line.run(['asset', 'list', 'nobody'])).code, 1)
  })
})
