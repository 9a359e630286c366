import type { Context } from '../context.ts'
import { analyze } from '../storage/analyze.ts'
import { chainReads } from '../storage/read-tally.ts'
import { expireStatuses } from '../storage/statuses.ts'
import { expireSessions } from '../storage/web-sessions.ts'
import type { Handlers } from './tasks.ts'

/** What the tasks of this edition do. */
export function handlers({ database, clock }: Pick<Context, 'database' | 'clock'>): Handlers {
  return {
    'chain-reads': async () => {
      await chainReads(database, clock.nowMicros())
    },
    'expire-statuses': () => expireStatuses(database, clock.nowMicros()),
    'expire-sessions': () => expireSessions(database, clock.nowMicros()),
    'send-notice': () => Promise.resolve(),
    analyze: () => analyze(database),
  }
}
