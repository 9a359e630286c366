import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { pngOf } from '../setup/pictures.ts'
import { commandLine } from './command-line.ts'

const cli = await commandLine()
after(() => cli.close())

const DEFAULTS = {
  name: 'Vouchsafe',
  region: '',
  contact: '',
  colour: '',
  language: 'en',
  second_factor: false,
  logo: false,
  mail: 'kept in a folder',
  setup_finished: true,
}

it('settings are shown and set, and those that are not named stay', async () => {
  await cli.json(['init'])
  assert.deepEqual(await cli.json(['site', 'show']), DEFAULTS)
  const set = await cli.json(['site', 'set', '--name', 'Estuary', '--colour', '#FFCC00', '--second-factor', 'on'])
  assert.deepEqual(set, { ...DEFAULTS, name: 'Estuary', colour: '#ffcc00', second_factor: true })
  const off = await cli.json(['site', 'set', '--second-factor', 'off', '--region', 'The coast', '--language', 'es'])
  assert.deepEqual(off, { ...DEFAULTS, name: 'Estuary', colour: '#ffcc00', region: 'The coast', language: 'es' })
  const again = await cli.json(['site', 'set', '--region', '', '--colour', '', '--language', 'en'])
  assert.deepEqual(again, { ...DEFAULTS, name: 'Estuary' })
  assert.match((await cli.run(['site', 'show'])).stdout, /^name +Estuary$/m)
})

it('what does not fit is refused with its rule, and nothing is written', async () => {
  const wrong: readonly (readonly [readonly string[], RegExp, number])[] = [
    [['--name', ''], /name must not be empty/, 1],
    [['--name', 'x'.repeat(101)], /name has at most 100 characters/, 1],
    [['--colour', 'red'], /colour is written #rrggbb/, 1],
    [['--language', 'fr'], /--language is one of en, es/, 2],
    [['--second-factor', 'yes'], /--second-factor is on or off/, 2],
    [['--logo', 'no-such-file'], /cannot be read/, 2],
    [['--logo', 'README.md'], /PNG, JPEG or WebP/, 1],
    [['--logo', 'README.md', '--no-logo'], /exclude each other/, 2],
    [[], /at least one setting/, 2],
  ]
  for (const [args, words, code] of wrong) {
    const ran = await cli.run(['site', 'set', ...args])
    assert.match(ran.stderr, words)
    assert.equal(ran.code, code, args.join(' '))
  }
  assert.deepEqual(await cli.json(['site', 'show']), { ...DEFAULTS, name: 'Estuary' })
})

it('a logo goes over the socket of a running server, and is on its pages at once', async () => {
  const file = join(cli.place.folder, 'logo.png')
  await writeFile(file, pngOf(200, 50))
  const server = await cli.serve(['serve', '--port', '0'])
  assert.equal((await cli.json(['site', 'set', '--logo', file]))['logo'], true)
  assert.equal((await fetch(`${server.url}/assets/logo`)).headers.get('content-type'), 'image/png')
  assert.equal((await cli.json(['site', 'set', '--no-logo']))['logo'], false)
  assert.equal((await fetch(`${server.url}/assets/logo`)).status, 404)
  assert.equal(await server.stop(), 0)
})
