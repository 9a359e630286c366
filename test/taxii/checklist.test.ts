import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { type Outcome, renderConformance } from '../support/conformance-table.ts'
import { CHECKLIST } from '../conformance/checklist.ts'

const ids = CHECKLIST.flatMap((chapter) => chapter.items).map((item) => item.id)
const folder = join(import.meta.dirname, '../conformance')
const sources = globSync('*.test.ts', { cwd: folder }).map((name) => readFileSync(join(folder, name), 'utf8'))
const names = sources.flatMap((text) =>
  Array.from(text.matchAll(/\bit\(\s*['"`]([^'"`]+)/g), (found) => found[1] ?? ''),
)
const PAGE = new URL('../../docs/taxii-conformance.md', import.meta.url)

it('every id of the checklist stands there once and has a test', () => {
  assert.equal(new Set(ids).size, ids.length)
  assert.equal(ids.length, 20 + 11 + 5 + 3 + 7 + 7 + 5 + 28 + 16)
  assert.deepEqual(
    ids.filter((id) => !names.some((name) => name.startsWith(`${id} `))),
    [],
  )
})

it('every test begins with an id of the checklist', () => {
  assert.ok(names.length >= ids.length)
  assert.deepEqual(
    names.filter((name) => !ids.includes(name.slice(0, 3)) || name[3] !== ' '),
    [],
  )
})

it('the published page has every line of the checklist, all of them passed', () => {
  const page = readFileSync(PAGE, 'utf8')
  const lines = page.split('\n').filter((line) => /^\| [A-Z]\d\d /.test(line))
  const expected = CHECKLIST.flatMap((chapter) => chapter.items).map(
    ({ id, section, level, title }) => `| ${id} | ${section} | ${level} | ${title} | pass`,
  )
  assert.deepEqual(
    lines.map((line) => line.replace(/ \(\d+\) \|$/, '')),
    expected,
  )
})

it('the page is the same for the same outcomes in another order, and shows what failed', () => {
  const outcomes: Outcome[] = ids.map((id) => ({ name: `${id} something`, result: 'pass' }))
  assert.equal(renderConformance(outcomes), renderConformance(outcomes.toReversed()))
  assert.match(renderConformance(outcomes), /\n102 of 102 items pass\.\n/)
  const failing = renderConformance([...outcomes.slice(1), { name: 'G01 breaks', result: 'fail' }])
  assert.match(failing, /\n101 of 102 items pass\.\n/)
  assert.match(failing, /\| G01 .* \| \*\*fail\*\*: breaks \|/)
  assert.match(renderConformance(outcomes.slice(1)), /\| G01 .* \| \*\*not run\*\* \|/)
  const skipped = renderConformance([...outcomes, { name: 'G01 else', result: { skipped: 'no openssl' } }])
  assert.match(skipped, /\| G01 .* \| pass \(1\), skipped: no openssl \|/)
})
