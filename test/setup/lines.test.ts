import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { BACKUP_LINES } from '../../server/portal/setup/done.ts'
import { MOVE_LINES } from '../../server/portal/setup/machine.ts'
import { commandLine, shell } from '../cli/command-line.ts'
import { scratch } from '../support/database.ts'

const cli = await commandLine()
after(() => cli.close())

/** A line of the wizard as printed, but for its files: they go into the test's own folder. */
function here(line: string): string {
  const inFolder = (name: string) => join(cli.place.folder, name)
  return line
    .replaceAll(/(?<=[ ])passphrase\b(?!-)/g, inFolder('passphrase'))
    .replaceAll(/\b(site|first)\.backup/g, (name) => inFolder(name))
}

async function run(line: string): Promise<void> {
  const ran = await shell(line, cli.env)
  assert.equal(ran.code, 0, `${line}\n${ran.stdout}${ran.stderr}`)
}

it('the lines for a first backup work as printed, and a passphrase that is there is kept', async () => {
  await cli.json(['init'])
  const [makePassphrase = '', backup = '', nightly = ''] = BACKUP_LINES
  await run(here(makePassphrase))
  const made = await stat(join(cli.place.folder, 'passphrase'))
  assert.equal(made.mode & 0o777, 0o600)
  assert.ok(made.size > 15)
  await run(here(makePassphrase))
  assert.equal((await stat(join(cli.place.folder, 'passphrase'))).mtimeMs, made.mtimeMs)
  await run(here(backup))
  // a crontab turns \% into %
  assert.match(nightly, /^0 3 \* \* \* {2}cd \/srv\/vouchsafe && npx vouchsafe backup "\$\(date \+\\%F\)\.backup"/)
})

it(
  'the lines that move a site to PostgreSQL work as printed',
  { skip: cli.place.url ? false : 'TEST_DATABASE_URL names no PostgreSQL to move to' },
  async () => {
    const target = await scratch()
    try {
      for (const line of MOVE_LINES) {
        await run(here(line).replace(/^DATABASE_URL=\S+/, `DATABASE_URL='${target.url ?? ''}'`))
      }
      const moved = await shell('npx vouchsafe site show --json', { ...cli.env, DATABASE_URL: target.url ?? '' })
      assert.equal(moved.code, 0, moved.stderr)
    } finally {
      await target.remove()
    }
  },
)
