import { loadConfig } from '../../server/config/load.ts'
import { createLog } from '../../server/log.ts'
import { openCore } from '../../server/main.ts'
import { reviewEveryone } from '../../server/members/review.ts'
import { loadAccess } from '../../server/storage/load-access.ts'
import { fabricatePeople, MANY } from '../people.ts'
import type { Place } from '../place.ts'
import type { Result } from '../result.ts'
import { medianOf } from '../rounds.ts'
import type { Row } from './row.ts'

/** The rules looking at every membership there is, and what each process does after a change of rights. */
export const stateRun: Row = {
  name: 'state-run',
  async run(bench) {
    const { place: empty } = await bench.empty()
    const place = await empty.clone()
    await fabricatePeople(place, MANY, Date.now() * 1000)
    await using core = await openOn(place)
    const { context } = core
    const first = await timed(async () => (await reviewEveryone(context)).length)
    const runs = await repeat(bench.options.rounds, async () => (await reviewEveryone(context)).length)
    if (runs.some(({ value }) => value > 0))
      throw new Error('a second run moved somebody: the first was no fixed point')
    const reloads = await repeat(bench.options.rounds, async () => (await loadAccess(context.database)).groups.length)
    const memberships = MANY.groups.reduce((sum, members) => sum + members, 0)
    return [
      {
        name: 'state_run',
        work: `the rules look at ${memberships} memberships and what 200,000 vouches make of them`,
        value: medianOf(runs, ({ millis }) => millis) / 1000,
        unit: 's',
        target: { of: 'value', atMost: 5 },
        detail: `${(medianOf(runs, ({ processor }) => processor) / 1000).toFixed(2)} s of the server’s processor; the first run moved ${first.value} members in ${(first.millis / 1000).toFixed(1)} s`,
      },
      {
        name: 'access_reload',
        work: `a process reads again who may do what: ${MANY.people} people, ${memberships} memberships`,
        value: medianOf(reloads, ({ millis }) => millis),
        unit: 'ms',
        detail: `${medianOf(reloads, ({ processor }) => processor).toFixed(0)} ms of the server’s processor`,
      },
    ] satisfies readonly Result[]
  },
}

async function openOn(place: Place) {
  const loaded = loadConfig(
    { ...(place.url ? { DATABASE_URL: place.url } : {}), VOUCHSAFE_DATA: place.folder },
    { overrides: { log_level: 'error' } },
  )
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return await openCore(loaded.config, createLog(loaded.config))
}

interface Timed {
  readonly millis: number
  /** Milliseconds of this process's processor. */
  readonly processor: number
  readonly value: number
}

async function timed(work: () => Promise<number>): Promise<Timed> {
  const before = process.cpuUsage()
  const start = performance.now()
  const value = await work()
  const millis = performance.now() - start
  const { user, system } = process.cpuUsage(before)
  return { millis, processor: (user + system) / 1000, value }
}

async function repeat(count: number, work: () => Promise<number>): Promise<readonly Timed[]> {
  const all: Timed[] = []
  for (let round = 0; round < count; round += 1) all.push(await timed(work))
  return all
}
