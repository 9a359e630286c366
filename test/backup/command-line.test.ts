import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { commandLine } from '../cli/command-line.ts'

const old = await commandLine()
after(() => old.place.remove())
const passphrase = join(old.place.folder, 'passphrase')
const file = join(old.place.folder, 'site.backup')
const given = ['--passphrase-file', passphrase]
await writeFile(passphrase, 'six words make a good passphrase\n')

it('backup, verify, restore and doctor work as their help says', async () => {
  await old.json(['init'])
  await old.json(['collection', 'add', 'Region', '--alias', 'region'])
  const refused = await old.run(['backup', file])
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /--passphrase-file/)
  const made = await old.json(['backup', file, ...given])
  assert.equal(made['file'], file)
  assert.equal((await old.json(['verify']))['ok'], true)
  assert.equal((await old.json(['verify', '--backup', file, ...given]))['ok'], true)
  const wrong = await old.run(['verify', '--backup', file, '--passphrase-stdin'], {
    input: 'another passphrase, long\n',
  })
  assert.equal(wrong.code, 1)
  assert.match(wrong.stderr, /does not open this backup/)
  const full = await old.run(['restore', file, ...given])
  assert.equal(full.code, 1)
  assert.match(full.stderr, /not empty/)

  const copy = await commandLine()
  try {
    const restored = await copy.json(['restore', file, ...given])
    assert.deepEqual([restored['verified'], restored['outgoing'], restored['made']], [true, false, made['made']])
    const listed = (await copy.json(['collection', 'list']))['collections'] as readonly { readonly alias: string }[]
    assert.deepEqual(
      listed.map((one) => one.alias),
      ['region'],
    )
    assert.deepEqual(await copy.json(['restore', '--confirm']), { outgoing: true, changed: true })
    const found = (await copy.json(['doctor']))['checks'] as readonly {
      readonly name: string
      readonly outcome: string
    }[]
    assert.equal(found.find((check) => check.name === 'outgoing')?.outcome, 'ok')
    assert.equal((await copy.json(['verify']))['ok'], true)
  } finally {
    await copy.place.remove()
  }
})

it('a failed restore leaves nothing that a server would start on', async () => {
  const copy = await commandLine()
  try {
    const damaged = join(copy.place.folder, 'damaged.backup')
    await writeFile(damaged, 'not an OpenPGP message')
    const refused = await copy.run(['restore', damaged, ...given])
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /no backup/)
    // the same folder takes the right one
    assert.equal((await copy.json(['restore', file, ...given]))['verified'], true)
  } finally {
    await copy.place.remove()
    await rm(file, { force: true })
  }
})
