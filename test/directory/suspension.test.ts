import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { commandLine } from '../cli/command-line.ts'
import { PASSWORD } from '../support/site.ts'
import { askingSlapd, noAskingSlapd, personDn, SUFFIX } from './asked-slapd.ts'

const cli = await commandLine()
after(() => cli.close())

it(
  'the operator suspends somebody from another process, and binds and searches fail at once',
  { skip: noAskingSlapd },
  async () => {
    await cli.json(['init'])
    const socket = join(cli.place.folder, 'd.sock')
    const settings = { VOUCHSAFE_DIRECTORY_SOCKET: socket, VOUCHSAFE_DIRECTORY_SUFFIX: SUFFIX }
    const server = await cli.serve(['serve', '--port', '0'], settings)
    await cli.json(['user', 'add', 'ada', '--password-stdin'], `${PASSWORD}\n`)
    await cli.json(['group', 'add', 'water', '--administrator', 'ada'])
    await cli.json(['user', 'add', 'bob', '--password-stdin'], `${PASSWORD}\n`)
    await cli.json(['group', 'add', 'power', '--administrator', 'bob'])
    await using slapd = await askingSlapd(socket)
    const bob = slapd.as('bob', PASSWORD)
    assert.equal((await bob.whoami()).code, 0)
    await cli.json(['user', 'suspend', 'bob'])
    assert.equal((await bob.whoami()).code, 49)
    assert.equal((await bob.search('(uid=bob)')).code, 49)
    const ada = await slapd.as('ada', PASSWORD).search('(uid=*)')
    assert.match(ada.out, new RegExp(`^dn: ${personDn('ada')}$`, 'm'))
    await server.stop()
    assert.ok(!existsSync(socket), 'the socket goes with the server')
  },
)
