import { basename, dirname } from 'node:path'
import type { TestEvent } from 'node:test/reporters'
import { type Chapter, CHECKLIST, type Item } from '../conformance/checklist.ts'

/** How one test ended. */
export interface Outcome {
  readonly name: string
  readonly result: 'pass' | 'fail' | { readonly skipped: string }
}

/** The command that writes the page. */
export const COMMAND = `node --test --test-global-setup=test/support/global-setup.ts \\
  --test-reporter=./test/support/conformance-table.ts --test-reporter-destination=docs/taxii-conformance.md \\
  "test/conformance/*.test.ts"`

const INTRO = `# TAXII 2.1 conformance

This page is made by the test run. Every line is an item of TAXII 2.1 (OASIS Standard, 10 June 2021) that the server is held to, and stands for at least one test in \`test/conformance\` that sends real HTTP requests to a running server. The same tests run on the embedded database and on PostgreSQL. To make the page again:

\`\`\`
${COMMAND}
\`\`\`

Levels: **M** the standard says MUST; **S** it says SHOULD; **N** it is in a table of the standard or is allowed; **I** the standard is silent, but real clients need it. § is the section of the standard. The number behind a result is that of the tests.
`

const DECISIONS = `## Where we differ, and what we decided

Nothing here breaks a MUST. Where the standard is silent or contradicts itself, this is what the server does.

- **Absent and not yours.** Whoever has no right to an API root, a collection or a status gets 404, with the same bytes as for one that does not exist. Whoever may write but not read, or read but not write, knows of the collection and gets 403. Whoever is not signed in gets 401 everywhere, also at unknown addresses.
- **Accept.** A GET without \`Accept\`, with \`*/*\`, \`application/*\` or \`application/json\` is served, because generic clients send these. A POST without \`Accept\` is 406. An \`Accept\` that only names TAXII 2.0 is 406.
- **Content-Type.** Only \`application/taxii+json\` is read, with version 2.1 or without a version. A bundle is no envelope: 422, and the answer says what to send.
- **Nothing found.** A list that finds nothing is 200 with \`{}\`. An object that is unknown or was deleted is 404 at its own address, and absent from lists. Date headers are left out when nothing is returned.
- **Pages.** \`next\` is given on objects, manifest and versions. It is sealed, holds over restarts and between processes, and is good only for the account, the collection, the address and the filters that it was made for; with others it is 400. \`limit\` may change from page to page. Paging by \`added_after\` and the \`X-TAXII-Date-Added-Last\` header works as well: no two objects of a collection have the same date.
- **Latest version.** Without \`match[version]\` the latest version in the collection is found, and then \`added_after\` is applied. A poller misses nothing. It may get an object again when a newer version arrives.
- **Versions of cyber-observables.** An object without \`modified\` and \`created\` has the date of its addition as its version, the same in manifest, versions, status and \`match[version]\`.
- **Deleting.** DELETE without \`match[version]\` removes all versions. When the latest version goes, the newest that is left takes its place. A deleted object can be posted again and gets a new date.
- **Posting.** One bad object does not refuse its neighbours: it is in \`failures\` with the reason. The status is complete with the answer, and what it calls a success can be read at once.
- **Trailing slash.** Without it the same is found. There is no redirect.
- **Channels** are reserved by the standard and not offered.
`

/** A reporter for `node --test --test-reporter`: the conformance page in Markdown. A default export, as node:test wants. */
export default async function* conformanceTable(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const outcomes: Outcome[] = []
  for await (const event of events) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue
    const { name, skip, file = '' } = event.data
    if (basename(dirname(file)) !== 'conformance') continue
    if (skip) outcomes.push({ name, result: { skipped: skip === true ? 'no reason given' : skip } })
    else outcomes.push({ name, result: event.type === 'test:pass' ? 'pass' : 'fail' })
  }
  yield renderConformance(outcomes)
}

/** The page for these outcomes. The same outcomes in any order give the same page. */
export function renderConformance(outcomes: readonly Outcome[]): string {
  const items = CHECKLIST.flatMap((chapter) => chapter.items)
  const passed = items.filter((item) => resultOf(item, outcomes).startsWith('pass')).length
  const sum = `${passed} of ${items.length} items pass.\n`
  return [INTRO, sum, ...CHECKLIST.map((chapter) => renderChapter(chapter, outcomes)), DECISIONS].join('\n')
}

function renderChapter({ title, items }: Chapter, outcomes: readonly Outcome[]): string {
  const rows = items.map((item) => [item.id, item.section, item.level, item.title, resultOf(item, outcomes)])
  const lines = [['Id', '§', 'Level', 'What', 'Result'], ['---', '---', '---', '---', '---'], ...rows]
  const table = lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')
  // Prettier would widen every line for one long title
  return `## ${title}\n\n<!-- prettier-ignore -->\n${table}\n`
}

function resultOf({ id }: Item, outcomes: readonly Outcome[]): string {
  const own = outcomes.filter((outcome) => outcome.name.startsWith(`${id} `))
  const failed = own.filter((outcome) => outcome.result === 'fail').map((outcome) => outcome.name.slice(id.length + 1))
  if (failed.length > 0) return `**fail**: ${failed.toSorted().join('; ')}`
  const passed = own.filter((outcome) => outcome.result === 'pass').length
  const skipped = own.flatMap((outcome) => (typeof outcome.result === 'object' ? [outcome.result.skipped] : []))
  const left = skipped.length > 0 ? [`skipped: ${[...new Set(skipped)].toSorted().join('; ')}`] : []
  return [...(passed > 0 ? [`pass (${passed})`] : []), ...left].join(', ') || '**not run**'
}
