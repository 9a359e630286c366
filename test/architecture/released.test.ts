import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { after, it } from 'node:test'

const project = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'vouchsafe-released-'))
const root = relative(folder, project)
after(() => rmSync(folder, { recursive: true, force: true }))

/** Every way out of the server, called with `value`. A new one joins this list. */
const WAYS_OUT: Readonly<Record<string, { readonly imports: string; readonly call: string; readonly type: string }>> = {
  'TAXII answer': {
    imports: `import { answerReleased, type Encoded } from '${root}/server/taxii/answer.ts'`,
    call: 'answerReleased(null as never, value, null as never)',
    type: 'Encoded',
  },
  'append to a view': {
    imports: `import { appendReleases, type Incoming } from '${root}/server/storage/append-releases.ts'`,
    call: 'void appendReleases(null as never, null as never, [value])',
    type: 'Incoming',
  },
  'notice by mail': {
    imports: `import { sendMail } from '${root}/mail/smtp-out.ts'\nimport type { NoticeText } from '${root}/policies/notice.ts'`,
    call: 'void sendMail(null as never, value, null as never)',
    type: 'NoticeText',
  },
  'notice into a folder': {
    imports: `import { wholeMail } from '${root}/mail/smtp-out.ts'\nimport type { NoticeText } from '${root}/policies/notice.ts'`,
    call: 'void wholeMail(value, null as never)',
    type: 'NoticeText',
  },
  'entry of the directory': {
    imports: `import { ldifOf } from '${root}/server/directory/ldif.ts'\nimport type { DirectoryEntry } from '${root}/policies/directory-entry.ts'`,
    call: 'void ldifOf(value, null as never)',
    type: 'DirectoryEntry',
  },
}

/** The errors of the type checker for one fixture. */
function check(source: string): string {
  writeFileSync(join(folder, 'fixture.ts'), source)
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(project, 'tsconfig.json'),
      compilerOptions: { typeRoots: [join(project, 'node_modules/@types')] },
      include: ['fixture.ts'],
    }),
  )
  try {
    execFileSync(join(project, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' })
    return ''
  } catch (error) {
    return String((error as { stdout: unknown }).stdout)
  }
}

for (const [name, { imports, call, type }] of Object.entries(WAYS_OUT)) {
  it(`${name}: takes a Released value and nothing else`, () => {
    const released = `import type { Released } from '${root}/policies/release.ts'\n${imports}\n`
    assert.equal(check(`${released}declare const value: Released<${type}>\n${call}\n`), '')
    const raw = check(`${released}declare const value: ${type}\n${call}\n`)
    assert.match(raw, /fixture\.ts.*error TS2\d{3}/, 'a raw value is refused')
    const spread = `declare const whole: Released<unknown>\ndeclare const body: ${type}\nconst value = { ...whole, body }`
    const copied = check(`${released}${spread}\n${call}\n`)
    assert.match(copied, /fixture\.ts.*error TS2\d{3}/, 'a released thing with its body exchanged is refused')
    const look = `declare const body: ${type}\nconst value = { audience: null as never, policyHash: '', body }`
    const alike = check(`${released}${look}\nexport type Used = Released<never>\n${call}\n`)
    assert.match(alike, /fixture\.ts.*error TS2\d{3}/, 'an object of the same shape is refused')
  })
}

it('no cast makes a Released', () => {
  const found = spawnSync('git', ['grep', '-nE', 'as (unknown as )?Released<', '--', '*.ts'], {
    cwd: project,
    encoding: 'utf8',
  })
  assert.deepEqual(
    found.stdout.split('\n').filter((line) => line !== '' && !line.startsWith('test/')),
    [],
  )
})
