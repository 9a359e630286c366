import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, it } from 'node:test'

const project = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'vouchsafe-imports-'))
after(() => rmSync(folder, { recursive: true, force: true }))
copyFileSync(join(project, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))

interface Report {
  readonly diagnostics: readonly { readonly code?: string; readonly message: string; readonly help?: string }[]
}

/** Lints one planted file and answers with what is said of its imports. */
function lint(file: string, source: string): readonly string[] {
  const path = join(folder, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, source)
  const oxlint = join(project, 'node_modules/.bin/oxlint')
  let output: string
  try {
    output = execFileSync(oxlint, ['-c', '.oxlintrc.json', '--format', 'json', file], { cwd: folder, encoding: 'utf8' })
  } catch (error) {
    // oxlint exits with 1 when it reports something
    output = String((error as { stdout: unknown }).stdout)
  }
  rmSync(path)
  const report = JSON.parse(output) as Report
  return report.diagnostics
    .filter((diagnostic) => diagnostic.code?.includes('no-restricted-imports'))
    .map((diagnostic) => `${diagnostic.message} ${diagnostic.help ?? ''}`)
}

/** Each room, an import that it must not have, and a word of the reason that the linter gives. */
const FORBIDDEN: readonly (readonly [file: string, module: string, reason: string])[] = [
  ['schemas/taxii/planted.ts', '../../server/clock.ts', 'schemas/ imports nothing of ours'],
  ['schemas/taxii/planted.ts', '../../policies/tlp.ts', 'schemas/ imports nothing of ours'],
  ['schemas/taxii/planted.ts', 'node:fs', 'schemas/ does no I/O'],
  ['schemas/stix2-ts/src/planted.ts', '../../../policies/tlp.ts', 'schemas/ imports nothing of ours'],
  ['schemas/stix2-ts/src/planted.ts', 'kysely', 'schemas/ does no I/O'],
  ['policies/planted.ts', '../server/clock.ts', 'policies/ is pure'],
  ['policies/planted.ts', '../mail/ports.ts', 'policies/ is pure'],
  ['policies/planted.ts', '../federation/ports.ts', 'policies/ is pure'],
  ['policies/planted.ts', 'node:fs', 'policies/ does no I/O'],
  ['mail/planted.ts', '../server/clock.ts', 'mail/ports.ts'],
  ['mail/planted.ts', '../federation/ports.ts', 'mail/ports.ts'],
  ['federation/planted.ts', '../server/clock.ts', 'federation/ports.ts'],
  ['federation/planted.ts', '../mail/ports.ts', 'federation/ports.ts'],
  ['server/intel/planted.ts', '../taxii/router.ts', 'import a face'],
  ['server/site/planted.ts', '../cli/main.ts', 'import a face'],
  ['server/members/planted.ts', '../portal/router.ts', 'import a face'],
  ['server/auth/planted.ts', '../api/router.ts', 'import a face'],
  ['server/storage/planted.ts', '../portal/html.ts', 'storage imports no face'],
  ['server/portal/planted.ts', '../taxii/router.ts', 'of the other faces'],
  ['server/portal/planted.ts', '../api/router.ts', 'import a face'],
  ['server/portal/planted.ts', 'kysely', 'SQL lives in server/storage'],
  ['server/intel/planted.ts', 'kysely', 'SQL lives in server/storage'],
  ['server/intel/planted.ts', '@electric-sql/pglite', 'SQL lives in server/storage'],
  ['server/intel/planted.ts', 'pg-boss', 'server/jobs/queue.ts'],
  ['server/jobs/queue.ts', 'pg', 'SQL lives in server/storage'],
  ['server/storage/planted.ts', '../taxii/router.ts', 'storage imports no face'],
  ['server/storage/planted.ts', 'pg-boss', 'server/jobs/queue.ts'],
  ['server/storage/releases.ts', 'pg-boss', 'server/jobs/queue.ts'],
]

const REOPENERS = [
  ['mail/planted.ts', '../policies/release.ts'],
  ['federation/planted.ts', '../policies/release.ts'],
  ['server/taxii/planted.ts', '../../policies/release.ts'],
  ['server/portal/planted.ts', '../../policies/release.ts'],
  ['server/storage/planted.ts', '../../policies/release.ts'],
  ['server/jobs/queue.ts', '../../policies/release.ts'],
] as const

describe('a forbidden import is reported', () => {
  for (const [file, module, reason] of FORBIDDEN) {
    it(`${file} from ${module}`, () => {
      const [report, ...others] = lint(file, `import { anything } from '${module}'\nexport const used = anything\n`)
      assert.ok(report?.includes(reason), String(report))
      assert.deepEqual(others, [])
      const [typeOnly] = lint(file, `import type { Anything } from '${module}'\nexport type Used = Anything\n`)
      assert.ok(typeOnly?.includes(reason), 'a type-only import counts as well')
    })
  }

  for (const [file, module] of REOPENERS) {
    it(`reopen in ${file}`, () => {
      const [report] = lint(file, `import { reopen } from '${module}'\nexport const used = reopen\n`)
      assert.ok(report?.includes('only server/storage/releases.ts reopens'), String(report))
    })
  }
})

it('what is allowed is not reported', () => {
  assert.deepEqual(
    lint('server/storage/releases.ts', "import { reopen } from '../../policies/release.ts'\nreopen()\n"),
    [],
  )
  assert.deepEqual(
    lint('server/intel/planted.ts', "import { TAXII } from '../../schemas/taxii/media-type.ts'\nTAXII\n"),
    [],
  )
  assert.deepEqual(lint('policies/planted.ts', "import { tlpOf } from 'stix2-ts'\ntlpOf('')\n"), [])
})
