import { NOTICE_KINDS, type NoticeKind, type NoticeText, WARNINGS } from '../../policies/notice.ts'
import { releaseNotice, type Released } from '../../policies/release.ts'
import { isMailAddress } from '../../mail/address.ts'
import type { Delivery, Envelope } from '../../mail/ports.ts'
import { ATTEMPT_MILLIS, sendMail, wholeMail } from '../../mail/smtp-out.ts'
import { reasonOf } from '../../mail/smtp-failure.ts'
import { baseUrl, pagesUrl } from '../admin/base-url.ts'
import type { Context } from '../context.ts'
import { type SiteSettings, siteSettings } from '../site/settings.ts'
import type { Access } from '../storage/access.ts'
import { claimNotice, isOutgoing, type NoticeRow, settleNotice } from '../storage/notices.ts'
import { captureMail } from './capture.ts'
import { hiddenLink } from './hidden-link.ts'
import { openRelay, relaySignIn } from './relay.ts'

/** A claim outlives the attempt that it is for, and then ends by itself. */
const CLAIM_MICROS = (ATTEMPT_MILLIS + 45_000) * 1000
/** RFC 5321 §4.5.4.1 asks for 4 to 5 days of trying. */
const GIVE_UP_MICROS = 5 * 86_400_000_000

type NoticeContext = Pick<Context, 'config' | 'clock' | 'log' | 'database' | 'freshness' | 'seal'>

/** The relay did not take a notice this time. */
class NotTakenError extends Error {
  override readonly name = 'NotTakenError'
}

/**
 * Sends one notice of the outbox, once as far as SMTP allows: one process at a time holds the claim, and what was sent is
 * marked before anything else. When the process dies between the relay's yes and the mark, the mail goes out again under the
 * same Message-ID. Everything is decided anew: the settings, the account, whether the site sends at all.
 * @throws {NotTakenError} when it should be tried again later
 */
export async function sendNotice(context: NoticeContext, noticeNo: number): Promise<void> {
  const { database, clock, log, freshness } = context
  // after a restore nothing leaves until it is confirmed: the notice waits
  if (!(await isOutgoing(database))) return
  const nowMicros = clock.nowMicros()
  const notice = await claimNotice(database, noticeNo, nowMicros, nowMicros + CLAIM_MICROS)
  if (!notice) return
  const { access } = await freshness.read()
  const { mail } = siteSettings(access)
  const unwanted = unwantedBecause(notice, access)
  const delivery: Delivery = unwanted
    ? { outcome: 'refused', reason: unwanted }
    : await deliver(context, notice, mail).catch((error: unknown) => ({ outcome: 'later', reason: reasonOf(error) }))
  const given: Delivery =
    delivery.outcome === 'later' && nowMicros - notice.created_micros > GIVE_UP_MICROS
      ? { ...delivery, outcome: 'refused' }
      : delivery
  await settle(context, notice, given, mail.way === 'capture')
  log.info({ notice: noticeNo, kind: notice.kind, outcome: given.outcome }, 'a notice was tried')
  if (given.outcome === 'later') throw new NotTakenError(`notice ${noticeNo}: ${given.reason}`)
}

/** Why a notice is not sent at all: a word that the outbox explains. */
function unwantedBecause(notice: NoticeRow, access: Access): string | undefined {
  const kind = kindOf(notice)
  if (!kind) return 'unknown-kind'
  if (!isMailAddress(notice.address)) return 'bad-address'
  if (notice.account_no === null) return undefined
  const account = access.account(notice.account_no)
  if (!account) return 'no-account'
  return account.active || WARNINGS.has(kind) ? undefined : 'suspended'
}

async function deliver(context: NoticeContext, notice: NoticeRow, mail: SiteSettings['mail']): Promise<Delivery> {
  const { config } = context
  const content = contentOf(context, notice)
  const envelope = envelopeOf(context, notice, mail)
  if (mail.way === 'capture') {
    await captureMail(config.dataFolder, notice.message_id, await wholeMail(content, envelope))
    return { outcome: 'sent' }
  }
  return await sendMail(await openRelay(config, mail, await relaySignIn(context, mail)), content, envelope)
}

function contentOf(context: NoticeContext, notice: NoticeRow): Released<NoticeText> {
  const kind = kindOf(notice)
  if (!kind) throw new Error(`there is no notice of kind ${notice.kind}`)
  const { path, language, address } = notice
  return releaseNotice({ kind, base: pagesUrl(context), path, language, to: address })
}

function envelopeOf(context: NoticeContext, notice: NoticeRow, mail: SiteSettings['mail']): Envelope {
  const { hostname } = new URL(baseUrl(context))
  return {
    // a name that can belong to nobody (RFC 2606): a captured mail goes nowhere
    from: mail.way === 'relay' ? mail.from : 'vouchsafe@captured.invalid',
    to: notice.address,
    messageId: `${notice.message_id}@${hostname}`,
    // of the first writing, so that a repetition is the same mail to the byte
    date: new Date(notice.created_micros / 1000),
  }
}

async function settle(context: NoticeContext, notice: NoticeRow, delivery: Delivery, captured: boolean): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  const { notice_no } = notice
  await context.database.transaction(async (trx) => {
    if (delivery.outcome === 'sent') {
      // a link that is on its way need not stand here any longer; a captured one can be sent once there is a relay
      const path = captured ? notice.path : hiddenLink(notice.path)
      await settleNotice(trx, notice_no, { sent_micros: nowMicros, captured, last_error: null, path })
    } else {
      const refused = delivery.outcome === 'refused' ? { refused_micros: nowMicros } : {}
      await settleNotice(trx, notice_no, { ...refused, last_error: delivery.reason })
    }
  })
}

function kindOf({ kind }: NoticeRow): NoticeKind | undefined {
  return NOTICE_KINDS.find((each) => each === kind)
}
