import { mock } from 'node:test'
import type { Database } from '../../server/storage/database.ts'

/**
 * Counts the statements that a database runs: those of kysely, in transactions or not, and those of its reader.
 * @returns how many `work` needs at least; it is done several times, since jobs may ask for something meanwhile
 */
export async function queriesOf(database: Database, work: () => Promise<unknown>): Promise<number> {
  const executor: { readonly executeQuery: unknown } = findPrototype(database.kysely.getExecutor())
  const counters = [
    mock.method(executor as never, 'executeQuery' as never),
    mock.method(database.reader, 'eachRaw'),
    mock.method(database.reader, 'rows'),
  ]
  let least = Number.POSITIVE_INFINITY
  try {
    for (let time = 0; time < 3; time += 1) {
      for (const each of counters) each.mock.resetCalls()
      await work()
      least = Math.min(
        least,
        counters.reduce((sum, each) => sum + each.mock.callCount(), 0),
      )
    }
  } finally {
    for (const each of counters) each.mock.restore()
  }
  return least
}

/** The object that all of kysely's executors have the method from: transactions have executors of their own. */
function findPrototype(executor: object): { readonly executeQuery: unknown } {
  for (let at: object | null = executor; at; at = Object.getPrototypeOf(at) as object | null) {
    if (Object.hasOwn(at, 'executeQuery')) return at as { readonly executeQuery: unknown }
  }
  throw new Error('kysely runs its queries in another way now')
}
