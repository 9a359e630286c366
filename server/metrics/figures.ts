import { shownVersion } from '../backup/program-version.ts'
import type { Context } from '../context.ts'
import { lastBackup, queueHealth } from '../storage/backup-health.ts'
import { outboxHealth } from '../storage/notices.ts'
import { failedJobs, siteFigures } from '../storage/site-figures.ts'
import type { Figure } from './metrics.ts'

const SECOND = 1_000_000
const DAY = 86_400 * SECOND

/** Everything that the database and the pool say. */
export async function readFigures(context: Context): Promise<readonly Figure[]> {
  const { database, clock } = context
  const nowMicros = clock.nowMicros()
  const site = await siteFigures(database, nowMicros)
  const queue = await queueHealth(database)
  const outbox = await outboxHealth(database, nowMicros - DAY)
  const { backupMicros } = await lastBackup(database)
  const failed = await failedJobs(database)
  const age = (micros: number | undefined) => (micros === undefined ? 0 : Math.max(0, nowMicros - micros) / SECOND)
  return [
    one('sessions', 'Web sessions of people who have signed in.', site.sessions),
    one('accounts', 'Active accounts.', site.activeAccounts),
    one('audit_records', 'Records in the audit chain.', site.auditRecords),
    one('database_size_bytes', 'Size of the database on the disk.', site.databaseBytes),
    one('jobs_waiting', 'Jobs that wait.', queue?.waiting ?? 0),
    one('jobs_oldest_seconds', 'How long the oldest waiting job could have run.', age(queue?.oldestMicros)),
    {
      name: 'vouchsafe_jobs_failed',
      help: 'Jobs that were given up, by task.',
      labels: ['task'],
      values: failed.map(({ task, failed: value }) => ({ labels: { task }, value })),
    },
    one('notices_waiting', 'Notices that wait to be sent.', outbox.waiting),
    one('notices_oldest_seconds', 'Age of the oldest waiting notice.', age(outbox.oldestMicros)),
    one('notices_given_up', 'Notices that were given up within the last day.', outbox.refused),
    {
      name: 'vouchsafe_backup_age_seconds',
      help: 'Age of the last backup; absent when there is none.',
      values: backupMicros === undefined ? [] : [{ value: age(backupMicros) }],
    },
    connections(context),
    {
      name: 'vouchsafe_build_info',
      help: 'Version of the program; the value is always 1.',
      labels: ['version'],
      values: [{ labels: { version: shownVersion().text }, value: 1 }],
    },
  ]
}

function one(name: string, help: string, value: number): Figure {
  return { name: `vouchsafe_${name}`, help, values: [{ value }] }
}

/** The embedded database has no connections. */
function connections({ database }: Context): Figure {
  const pool = database.connections?.()
  const values = pool
    ? [
        { labels: { state: 'busy' }, value: pool.total - pool.idle },
        { labels: { state: 'idle' }, value: pool.idle },
        { labels: { state: 'wanted' }, value: pool.wanted },
      ]
    : []
  return {
    name: 'vouchsafe_database_connections',
    help: 'Connections to PostgreSQL that are busy or idle, and requests that wait for one.',
    labels: ['state'],
    values,
  }
}
