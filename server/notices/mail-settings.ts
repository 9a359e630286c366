import { isMailAddress } from '../../mail/address.ts'
import type { Relay } from '../../mail/ports.ts'
import { probeRelay } from '../../mail/smtp-out.ts'
import { reasonOf } from '../../mail/smtp-failure.ts'
import { isHost, isLoopback } from '../config/address.ts'
import type { Context } from '../context.ts'
import { BadRequestError } from '../errors.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { run } from '../storage/database.ts'
import { raiseAccess } from '../site/site.ts'
import { type SiteSettings, siteSettings } from '../site/settings.ts'
import { openRelay, PASSWORD_PURPOSE, PASSWORD_SETTING, type RelaySettings, relaySignIn } from './relay.ts'

/** Mail settings as somebody wants them. `password` undefined leaves the one that is kept. */
export type WantedMail = SiteSettings['mail'] & { readonly password?: string | undefined }

/** A field of the mail settings that cannot be as it is. */
export type MailMistake = 'host' | 'port' | 'tls' | 'user' | 'password' | 'from'

/** The fields that are wrong; empty when all is well. */
export function mailMistakes(wanted: WantedMail): readonly MailMistake[] {
  if (wanted.way === 'capture') return []
  const { host, port, tls, user, from, password } = wanted
  const mistakes: MailMistake[] = []
  if (!isHost(host)) mistakes.push('host')
  if (!Number.isInteger(port) || port < 1 || port > 65_535) mistakes.push('port')
  if (tls === 'none' && !isLoopback(host)) mistakes.push('tls')
  if (user.length > 200 || /\p{Cc}/u.test(user)) mistakes.push('user')
  if (password !== undefined && (password.length > 500 || /\p{Cc}/u.test(password))) mistakes.push('password')
  if (!isMailAddress(from)) mistakes.push('from')
  return mistakes
}

const EXPLAINED: Readonly<Record<MailMistake, string>> = {
  host: 'the relay is a host name or an IP address',
  port: 'a port is a number from 1 to 65535',
  tls: 'without TLS only a relay on this machine is taken: 127.0.0.1, ::1 or localhost',
  user: 'a user name has at most 200 characters and no control characters',
  password: 'a password has at most 500 characters and no control characters',
  from: 'this is not a mail address: write it as name@example.org',
}

/**
 * Says how mail leaves. The password is sealed and never shown again; it goes when there is no relay or no user name, and
 * when the host changes without a new one: a password must not be sent to a host that it was not given for.
 * @throws {BadRequestError} with the rule that a field breaks
 */
export async function setMailRelay(
  context: Pick<Context, 'database' | 'clock' | 'seal' | 'freshness'>,
  actor: string,
  wanted: WantedMail,
): Promise<void> {
  const [mistake] = mailMistakes(wanted)
  if (mistake) throw new BadRequestError(`bad_mail_${mistake}`, EXPLAINED[mistake])
  const { password, ...mail } = wanted
  const before = await mailSettings(context)
  const forgets = mail.way === 'capture' || mail.user === '' || (before.way === 'relay' && before.host !== mail.host)
  const sealed =
    password === undefined || mail.way === 'capture' || mail.user === ''
      ? undefined
      : context.seal.close(Buffer.from(password), PASSWORD_PURPOSE).toString('base64')
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const set = async (name: string, value: unknown) => {
      await run(
        trx,
        `insert into setting (name, value) values ($1::text, $2::text)
         on conflict (name) do update set value = excluded.value`,
        [name, JSON.stringify(value)],
      )
    }
    await set('mail', mail)
    if (sealed !== undefined) await set(PASSWORD_SETTING, sealed)
    else if (forgets) await run(trx, 'delete from setting where name = $1::text', [PASSWORD_SETTING])
    const detail = { settings: sealed === undefined ? 'mail' : 'mail mail-password', way: mail.way }
    await recordAudit(trx, nowMicros, [{ kind: 'settings_changed', actor, detail }])
  })
}

/** How mail leaves, as of now. */
export async function mailSettings({ freshness }: Pick<Context, 'freshness'>): Promise<SiteSettings['mail']> {
  return siteSettings((await freshness.read()).access).mail
}

/**
 * Tries the relay: whether it answers, its certificate is good, and it takes our sign-in. Nothing is sent.
 * @param wanted settings that need not be kept yet; without `password` the one that is kept is tried
 * @returns undefined when all is well, else why not: one short line, part of which may be words of the relay
 */
export async function testMail(
  context: Pick<Context, 'config' | 'database' | 'seal'>,
  wanted: RelaySettings & { readonly password?: string | undefined },
): Promise<string | undefined> {
  const [mistake] = mailMistakes(wanted)
  if (mistake) return EXPLAINED[mistake]
  try {
    return await probeRelay(await openRelay(context.config, wanted, await signInOf(context, wanted)))
  } catch (error) {
    return reasonOf(error)
  }
}

async function signInOf(
  context: Pick<Context, 'database' | 'seal'>,
  { password, ...settings }: RelaySettings & { readonly password?: string | undefined },
): Promise<Relay['signIn']> {
  if (settings.user === '') return undefined
  return password === undefined ? await relaySignIn(context, settings) : { user: settings.user, password }
}
