import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { commandLine } from '../cli/command-line.ts'
import { city, GROUPS, PEOPLE } from '../support/people-of-the-city.ts'
import { noSlapd, READER, type Slapd, startSlapd } from '../support/slapd.ts'

type CommandLine = Awaited<ReturnType<typeof commandLine>>

describe('vouchsafe provider', { skip: noSlapd }, () => {
  let slapd: Slapd
  let cli: CommandLine
  const file = async (settings: unknown) => {
    const path = join(cli.place.folder, 'settings.json')
    await writeFile(path, typeof settings === 'string' ? settings : JSON.stringify(settings))
    return path
  }
  const settings = () => ({
    url: slapd.ldaps,
    ca: slapd.authority.certificate,
    baseDn: PEOPLE,
    bindDn: READER.dn,
    groups: { baseDn: GROUPS },
  })
  before(async () => {
    slapd = await startSlapd(city())
    cli = await commandLine()
    await cli.json(['init'])
  })
  after(async () => {
    await cli?.close()
    await slapd?.[Symbol.asyncDispose]()
  })

  it('sets up a directory out of a file that names what is not usual, paused', async () => {
    const args = ['provider', 'add', 'city', 'ldap', await file(settings()), '--title', 'City', '--secret-stdin']
    assert.deepEqual(await cli.json(args, `${READER.password}\n`), { name: 'city', kind: 'ldap', active: false })
    const shown = await cli.json(['provider', 'show', 'city'])
    assert.equal(shown['secret'], true)
    assert.doesNotMatch(JSON.stringify(shown), /a reader of the directory/)
    assert.match(JSON.stringify(shown), /"memberAttribute":"member"/)
  })

  it('tests it, and exits with 1 when it does not work', async () => {
    const tested = await cli.json(['provider', 'test', 'city'])
    assert.equal(tested['works'], true)
    await cli.json(['provider', 'change', 'city', await file({ ca: '' }), '--secret-stdin'], `${READER.password}\n`)
    const failed = await cli.run(['provider', 'test', 'city'])
    assert.equal(failed.code, 1)
    assert.match(failed.stdout, /encrypt: failed\n {2}The certificate comes from an authority/)
    const listed = await cli.json(['provider', 'list'])
    assert.match(JSON.stringify(listed), /"trouble":"authority-unknown"/)
  })

  it('refuses what cannot be, by field', async () => {
    const refusals = [
      [{ url: 'http://x' }, /ldaps:/],
      [{ colour: 'red' }, /there is no setting colour/],
      ['{"url": ', /is not JSON/],
      ['[]', /one JSON object/],
    ] as const
    for (const [given, words] of refusals) {
      const ran = await cli.run(['provider', 'change', 'city', await file(given)])
      assert.equal(ran.code, 1)
      assert.match(ran.stderr, words)
    }
    assert.match(
      (await cli.run(['provider', 'change', 'city', await file({ url: 'ldaps://else.invalid' })])).stderr,
      /secret again/,
    )
    assert.equal((await cli.run(['provider', 'change', 'city'])).code, 2)
    assert.equal((await cli.run(['provider', 'add', 'x', 'saml', 'x'])).code, 2)
    assert.equal((await cli.run(['provider', 'pause', 'none'])).code, 1)
  })

  it('pauses, resumes and maps', async () => {
    assert.deepEqual(await cli.json(['provider', 'resume', 'city']), { name: 'city', active: true })
    assert.deepEqual(await cli.json(['provider', 'pause', 'city']), { name: 'city', active: false })
    const none = await cli.run(['provider', 'map', 'city', `cn=soc,${GROUPS}`, 'harbour'])
    assert.equal(none.code, 1)
    assert.match(none.stderr, /trust group "harbour"/)
  })
})
