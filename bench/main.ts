import { readOptions, USAGE } from './options.ts'
import { loadText, machineText, writeReport } from './report.ts'
import { isMet, type Result, toJson } from './result.ts'
import { coldStart } from './rows/cold-start.ts'
import { deltaPoll } from './rows/delta-poll.ts'
import { groupPages } from './rows/group-pages.ts'
import { growth } from './rows/growth.ts'
import { ingestIntoMany } from './rows/ingest-into-many.ts'
import { ingest } from './rows/ingest.ts'
import { memory } from './rows/memory.ts'
import { pageFiltered } from './rows/page-filtered.ts'
import { pageFromDatabase } from './rows/page-from-database.ts'
import { pageFromMemory } from './rows/page-from-memory.ts'
import { portalPage } from './rows/portal-page.ts'
import type { Row } from './rows/row.ts'
import { stateRun } from './rows/state-run.ts'
import { withdrawal } from './rows/withdrawal.ts'
import { whileWriting } from './rows/while-writing.ts'
import { table } from './table.ts'
import { Workbench } from './workbench.ts'

const ROWS: readonly Row[] = [
  ingest,
  ingestIntoMany,
  pageFromDatabase,
  pageFromMemory,
  withdrawal,
  pageFiltered,
  deltaPoll,
  growth,
  whileWriting,
  memory,
  coldStart,
  portalPage,
  groupPages,
  stateRun,
]

const AIMED_EMBEDDED: ReadonlySet<string> = new Set(['cold_start', 'segments_voided'])

/** The issue sets its targets for PostgreSQL; on the embedded database most numbers are only printed. */
function aimed(result: Result, embedded: boolean): Result {
  return embedded && !AIMED_EMBEDDED.has(result.name) ? { ...result, target: undefined } : result
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(USAGE)
  const options = readOptions(process.argv.slice(2))
  const chosen = ROWS.filter((row) => options.only.length === 0 || options.only.includes(row.name))
  if (chosen.length === 0) throw new Error(`no such row; there are: ${ROWS.map((row) => row.name).join(', ')}`)
  const results: Result[] = []
  await using bench = new Workbench(options, (line) => console.error(line))
  process.once('SIGINT', () => void bench[Symbol.asyncDispose]().then(() => process.exit(130)))
  const { place } = await bench.empty()
  const [version] = await place.rows<{ version: string }>('select version()')
  const machine = machineText((version?.version ?? '').split(' (')[0] ?? '')
  bench.say(machine)
  for (const row of chosen) {
    bench.say(`${row.name} … (${loadText()})`)
    const measured = (await row.run(bench)).map((result) => aimed(result, options.embedded))
    results.push(...measured)
    bench.say(table(measured))
  }
  console.log(options.json ? JSON.stringify(toJson(results)) : table(results))
  if (chosen.length === ROWS.length && !options.quick) {
    writeReport(results, options.embedded ? 'embedded' : 'postgres', `${machine} During the run: ${loadText()}.`)
  }
  if (!results.every(isMet)) process.exitCode = 1
}

await main()
