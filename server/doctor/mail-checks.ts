import { join } from 'node:path'
import { probeRelay } from '../../mail/smtp-out.ts'
import { reasonOf } from '../../mail/smtp-failure.ts'
import type { Config } from '../config/schema.ts'
import { openRelay } from '../notices/relay.ts'
import { siteSettings, type SiteSettings } from '../site/settings.ts'
import type { Database } from '../storage/database.ts'
import { outboxHealth } from '../storage/notices.ts'
import { type Check, fail, ok, spanOf, warn } from './check.ts'

const MINUTE = 60_000_000
const DAY = 1440 * MINUTE
/** A relay may be restarted; a mail that waits longer means that somebody must look. */
const LATE = 15 * MINUTE
const PROBE_MILLIS = 5000

/** Whether mail can leave, and whether it does. */
export async function checkMail(database: Database, config: Config, nowMicros: number): Promise<readonly Check[]> {
  const rows = await database.kysely.selectFrom('setting').selectAll().where('name', '=', 'mail').execute()
  const { mail } = siteSettings({ settings: new Map(rows.map((row) => [row.name, row.value])) })
  return [await checkRelay(config, mail), await checkOutbox(database, nowMicros)]
}

async function checkRelay(config: Config, mail: SiteSettings['mail']): Promise<Check> {
  const settings = 'open Settings in the portal, part Mail'
  if (mail.way === 'capture') {
    const folder = join(config.dataFolder, 'outbox')
    return warn(
      'mail',
      `no mail relay is set: notices are kept as files in ${folder}`,
      `${settings}, and enter a relay`,
    )
  }
  const where = `${mail.host}:${mail.port}`
  let problem: string | undefined
  try {
    problem = await probeRelay(await openRelay(config, mail, undefined), PROBE_MILLIS)
  } catch (error) {
    problem = reasonOf(error)
  }
  if (problem === undefined) return ok('mail', `the mail relay ${where} answers`)
  const look =
    mail.tls === 'none'
      ? `nc -vz ${mail.host} ${mail.port}`
      : `openssl s_client -connect ${where}${mail.tls === 'starttls' ? ' -starttls smtp' : ''}`
  return fail('mail', `the mail relay ${where} does not answer as it should (${problem})`, `${look}; or ${settings}`)
}

async function checkOutbox(database: Database, nowMicros: number): Promise<Check> {
  const { waiting, oldestMicros, lastError, refused } = await outboxHealth(database, nowMicros - DAY)
  const waited = oldestMicros === undefined ? 0 : nowMicros - oldestMicros
  const page = 'open Notices in the portal'
  if (waited >= LATE) {
    const cause = lastError === undefined ? '' : ` (${lastError})`
    const message = `${counted(waiting)} not sent, the oldest for ${spanOf(waited)}${cause}`
    return waited >= DAY ? fail('outbox', message, page) : warn('outbox', message, page)
  }
  if (refused > 0) return warn('outbox', `given up within the last day: ${counted(refused)}`, page)
  return ok('outbox', waiting === 0 ? 'no notice waits' : `on the way: ${counted(waiting)}`)
}

function counted(notices: number): string {
  return notices === 1 ? '1 notice' : `${notices} notices`
}
