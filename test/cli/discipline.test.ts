import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { COMMANDS } from '../../server/cli/commands.ts'
import { MANUAL, renderManual } from '../../server/cli/manual.ts'
import { commandLine } from './command-line.ts'

const cli = await commandLine()
after(() => cli.close())

/** [what, arguments, exit code, code of the error, words of the message] */
const REFUSALS: readonly (readonly [string, readonly string[], number, string, RegExp])[] = [
  ['an unknown command', ['colection', 'add'], 2, 'usage', /did you mean "vouchsafe collection/],
  ['an unknown verb', ['collection', 'ad', 'X'], 2, 'usage', /did you mean "vouchsafe collection add"/],
  ['an unknown option', ['collection', 'add', 'X', '--lable', 'tlp:red'], 2, 'usage', /did you mean --label/],
  ['a missing positional', ['collection', 'add'], 2, 'usage', /needs TITLE/],
  ['a word too many', ['collection', 'add', 'North', 'shore'], 2, 'usage', /quotes/],
  [
    'a missing value',
    ['collection', 'add', 'X', '--label', '--json'],
    2,
    'usage',
    /--label needs a value: --label LABEL/,
  ],
  ['an option given twice', ['collection', 'add', 'X', '--alias', 'a', '--alias', 'b'], 2, 'usage', /twice/],
  ['a value for a flag', ['migrate', '--plan=no'], 2, 'usage', /takes no value/],
  ['an unknown label', ['collection', 'add', 'X', '--label', 'tlp:blue'], 2, 'usage', /tlp:amber\+strict/],
  ['a port that is none', ['serve', '--port', '70000'], 2, 'usage', /0 to 65535/],
  ['no scope', ['token', 'add', 'a'], 2, 'usage', /--scope taxii/],
  ['an unknown scope', ['token', 'add', 'a', '--scope', 'all'], 1, 'bad_scope', /taxii/],
  ['a collection that is not there', ['collection', 'close', 'nowhere'], 1, 'not_found', /"nowhere"/],
  ['an account that is not there', ['user', 'suspend', 'nobody'], 1, 'not_found', /nobody/],
  ['a short password', ['user', 'add', 'p', '--password-stdin'], 1, 'bad_password', /15 to 128/],
  ['a certificate that is none', ['user', 'certificate', 'p', 'package.json'], 1, 'not_one_certificate', /PEM/],
  ['a file that is not there', ['user', 'certificate', 'p', 'no.pem'], 1, 'no_file', /no\.pem/],
]

describe('refusals', () => {
  it('begin from a site', async () => assert.equal((await cli.run(['init'])).code, 0))
  for (const [what, args, code, error, words] of REFUSALS) {
    it(`${what}: exit code ${code}, one JSON object, one line`, async () => {
      const ran = await cli.run([...args, '--json'], { input: 'short\n' })
      assert.equal(ran.code, code, ran.stderr)
      const { error: told, ...rest } = JSON.parse(ran.stdout) as { error: { code: string; message: string } }
      assert.deepEqual(rest, {})
      assert.deepEqual(Object.keys(told), ['code', 'message'])
      assert.equal(told.code, error)
      assert.match(told.message, words)
      assert.equal(ran.stderr, `vouchsafe: ${told.message}\n`)
    })
  }

  it(
    'nothing is made by a command that names a data folder without a database',
    { skip: Boolean(cli.place.url) && 'PostgreSQL has no folder' },
    async () => {
      const elsewhere = join(cli.place.folder, 'misspelt')
      const ran = await cli.run(['collection', 'list', '--json'], { env: { VOUCHSAFE_DATA: elsewhere } })
      assert.equal(ran.code, 1)
      assert.match(ran.stdout, /"not_set_up".*vouchsafe init/)
      await assert.rejects(readFile(elsewhere), { code: 'ENOENT' })
    },
  )

  it('a database that does not answer: exit code 3', async () => {
    const env = { DATABASE_URL: 'postgres://postgres@127.0.0.1:1/none' }
    const ran = await cli.run(['collection', 'list', '--json'], { env })
    assert.equal(ran.code, 3, ran.stderr)
    assert.equal((JSON.parse(ran.stdout) as { error: { code: string } }).error.code, 'unavailable')
  })

  it('a wrong configuration: exit code 2, every problem', async () => {
    const env = { VOUCHSAFE_LISTEN_PORT: 'x', VOUCHSAFE_TAXII_PAGE_SIZE: '1' }
    for (const args of [
      ['collection', 'list'],
      ['config', 'show'],
      ['config', 'check'],
    ]) {
      const ran = await cli.run([...args, '--json'], { env })
      assert.equal(ran.code, 2)
      assert.match(ran.stdout, /listen_port.*taxii\.page_size/)
    }
  })
})

describe('help', () => {
  it('without words: the overview on standard error, exit code 2', async () => {
    const ran = await cli.run([])
    assert.deepEqual([ran.code, ran.stdout], [2, ''])
    assert.match(ran.stderr, /collection add/)
  })

  it('of all, of a noun, of each command: exit code 0, with an example and the exit codes', async () => {
    const asked = [['--help'], ['help'], ['user', '--help'], ['help', 'user'], ['help', 'user', 'add'], ['init', '-h']]
    for (const args of asked) {
      const ran = await cli.run(args)
      assert.equal(ran.code, 0, args.join(' '))
      assert.match(ran.stdout, /^Usage: vouchsafe /m)
      assert.match(ran.stdout, /^ {2}3 {2}the database or the running server/m)
    }
    assert.match((await cli.run(['user', '--help'])).stdout, /user certificate/)
    const add = await cli.run(['collection', 'add', '--help'])
    assert.match(add.stdout, /vouchsafe collection add "Region" --alias region --label tlp:green --json/)
    assert.match(add.stdout, /--label LABEL +tlp:clear/)
  })

  it('no two commands have the same words, and every example is of its command', () => {
    const names = COMMANDS.map((command) => command.words.join(' '))
    assert.equal(new Set(names).size, names.length)
    for (const { words, examples } of COMMANDS) {
      for (const example of examples) {
        assert.ok(example === 'npm start' || example.includes(`vouchsafe ${words.join(' ')}`), example)
      }
    }
  })

  it('docs/cli.md is what the command table says', async () => {
    assert.equal(await readFile(MANUAL, 'utf8'), renderManual(), 'run: node server/cli/manual.ts --write')
  })
})

describe('configuration', () => {
  it('is shown without secrets', async () => {
    const env = { VOUCHSAFE_BACKUP_PASSPHRASE: 'a passphrase nobody knows', VOUCHSAFE_LISTEN_PORT: '9321' }
    const ran = await cli.run(['config', 'show', '--json'], { env })
    const shown = JSON.parse(ran.stdout) as Record<string, unknown>
    assert.equal(shown['listen_port'], 9321)
    assert.equal(shown['backup.passphrase'], '(hidden)')
    assert.ok(!ran.stdout.includes('nobody knows'))
  })

  it('--version and migrate --plan answer with one object', async () => {
    assert.match((await cli.run(['--version', '--json'])).stdout, /^\{"version":"\d+\.\d+\.\d+"\}\n$/)
    assert.deepEqual(await cli.json(['migrate', '--plan']), { applied: [], pending: [] })
  })
})
