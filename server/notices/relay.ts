import { readFile } from 'node:fs/promises'
import { getCACertificates } from 'node:tls'
import type { Relay } from '../../mail/ports.ts'
import { baseUrl } from '../admin/base-url.ts'
import type { Seal } from '../auth/seal.ts'
import { isLoopback } from '../config/address.ts'
import type { Config } from '../config/schema.ts'
import type { SiteSettings } from '../site/settings.ts'
import type { Database } from '../storage/database.ts'

/** The relay among the settings of the site. */
export type RelaySettings = Extract<SiteSettings['mail'], { way: 'relay' }>

/** What the password of the relay is sealed for. */
export const PASSWORD_PURPOSE = 'mail relay password'
/** Name of the setting that keeps it. */
export const PASSWORD_SETTING = 'mail-password'

/**
 * The relay of the settings, ready to be spoken to.
 * @param signIn how to sign in; undefined to look only whether it answers
 * @throws {Error} when the settings would send mail in the clear to another machine, or a file of authorities is not there
 */
export async function openRelay(config: Config, settings: RelaySettings, signIn: Relay['signIn']): Promise<Relay> {
  if (settings.tls === 'none' && !isLoopback(settings.host)) {
    throw new Error(`mail to ${settings.host} would leave this machine without TLS`)
  }
  const { hostname } = new URL(baseUrl({ config }))
  return {
    host: settings.host,
    port: settings.port,
    tls: settings.tls,
    signIn,
    authorities: await authorities(config),
    ownName: hostname,
  }
}

/**
 * How to sign in at the relay: with the password that was sealed.
 * @throws {Error} when a name is set but no password is kept, or the sealed one does not open
 */
export async function relaySignIn(
  { database, seal }: { readonly database: Database; readonly seal: Seal },
  settings: RelaySettings,
): Promise<Relay['signIn']> {
  if (settings.user === '') return undefined
  const row = await database.kysely
    .selectFrom('setting')
    .select('value')
    .where('name', '=', PASSWORD_SETTING)
    .executeTakeFirst()
  if (!row) throw new Error('the mail relay has a user name but no password is kept: enter it in the settings')
  const sealed: unknown = JSON.parse(row.value)
  if (typeof sealed !== 'string') throw new Error('the password of the mail relay is not kept as it should be')
  return { user: settings.user, password: seal.open(Buffer.from(sealed, 'base64'), PASSWORD_PURPOSE).toString() }
}

/** Those of Node.js, of the machine, and of the file that the configuration names: read anew, so that it can be replaced. */
async function authorities({ mail }: Config): Promise<readonly string[]> {
  const own = mail.caFile === undefined ? [] : [await readFile(mail.caFile, 'utf8')]
  return [...getCACertificates('default'), ...getCACertificates('system'), ...own]
}
