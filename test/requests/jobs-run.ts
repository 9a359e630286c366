import type { TestSite } from '../support/site.ts'
import { until } from '../support/until.ts'

/** Waits until the job queue of a site has started: before, what needs it is put off with 503. */
export async function jobsRun({ context }: TestSite): Promise<void> {
  await until(async () => {
    try {
      await context.database.transaction((trx) => context.jobs.mustEnqueue(trx, 'expire-requests', {}, 'first'))
      return true
    } catch {
      return false
    }
  })
}
