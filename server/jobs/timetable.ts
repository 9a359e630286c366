import type { Task } from './tasks.ts'

/** What runs by the clock, once for the site however many processes there are. */
export const TIMETABLE: readonly { readonly task: Task; readonly cron: string }[] = [
  { task: 'chain-reads', cron: '* * * * *' },
  { task: 'expire-statuses', cron: '17 * * * *' },
  { task: 'expire-sessions', cron: '27 * * * *' },
  { task: 'sweep-outbox', cron: '*/5 * * * *' },
  { task: 'check-certificates', cron: '43 5 * * *' },
  { task: 'complete-key-changes', cron: '*/10 * * * *' },
  { task: 'review-memberships', cron: '7 * * * *' },
  { task: 'send-digests', cron: '30 5 * * *' },
  { task: 'expire-requests', cron: '37 3 * * *' },
]
