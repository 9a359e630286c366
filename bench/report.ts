import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { plot } from './plot.ts'
import type { Result } from './result.ts'
import { table } from './table.ts'

const DOCUMENT = new URL('../docs/performance.md', import.meta.url)
const PLOT = new URL('../docs/performance-growth.svg', import.meta.url)

/** The machine and the versions that a measurement is worth something for. */
export function machineText(database: string): string {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 1024 ** 3)
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${memory} GB, Node ${process.versions.node}, ${database}, Linux.`
}

/** How busy the machine was, so that a reader knows what else ran. */
export function loadText(): string {
  return `load average ${loadavg()
    .map((value) => value.toFixed(1))
    .join(', ')}`
}

/** Puts a complete run into the document, between the markers of its database, and redraws the plot. */
export function writeReport(results: readonly Result[], kind: 'postgres' | 'embedded', machine: string): void {
  const text = readFileSync(DOCUMENT, 'utf8')
  const start = `<!-- bench-${kind} -->`
  const end = `<!-- /bench-${kind} -->`
  const from = text.indexOf(start)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no ${start}`)
  const measured = `${start}\n\n${machine}\n\n${table(results)}\n\n`
  writeFileSync(DOCUMENT, text.slice(0, from) + measured + text.slice(to))
  const drawn = kind === 'postgres' ? plot(results, machine) : undefined
  if (drawn) writeFileSync(PLOT, drawn)
}
