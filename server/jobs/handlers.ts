import type { Context } from '../context.ts'
import { checkCertificates } from '../keys/check-certificates.ts'
import { completeDueChanges } from '../keys/complete-changes.ts'
import { tellOfAskedRecovery } from '../members/recovery/ask-recovery.ts'
import { expireAdmissionRequests, tellOfAdmission } from '../members/invitations/admission-requests.ts'
import { reviewEveryone } from '../members/review.ts'
import { forgetUnanswered, tellStandingVouchers } from '../members/recovery/standing-vouchers-ask.ts'
import { sendDigests } from '../notices/digest.ts'
import { sweepOutbox } from '../notices/outbox.ts'
import { sendNotice } from '../notices/send-notice.ts'
import { verifyAuditChain } from '../site/audit-verification.ts'
import { analyze } from '../storage/analyze.ts'
import { chainReads } from '../storage/read-tally.ts'
import { expireAttempts } from '../storage/attempts.ts'
import { expireStatuses } from '../storage/statuses.ts'
import { expireSessions } from '../storage/web-sessions.ts'
import type { Handlers } from './tasks.ts'

/** What the tasks of this edition do. */
export function handlers(context: Context): Handlers {
  const { database, clock } = context
  return {
    'chain-reads': async () => {
      await chainReads(database, clock.nowMicros())
    },
    'expire-statuses': () => expireStatuses(database, clock.nowMicros()),
    'expire-sessions': async () => {
      await expireSessions(database, clock.nowMicros())
      await expireAttempts(database, clock.nowMicros())
    },
    'send-notice': ({ notice }) => sendNotice(context, notice),
    'sweep-outbox': () => sweepOutbox(context),
    'check-certificates': () => checkCertificates(context),
    'complete-key-changes': () => completeDueChanges(context),
    'verify-audit': ({ actor }) => verifyAuditChain(context, actor),
    'recovery-asked': (payload) => tellOfAskedRecovery(context, payload),
    'review-memberships': async () => {
      await reviewEveryone(context)
    },
    'send-digests': () => sendDigests(context),
    'recovery-vouching': (payload) => tellStandingVouchers(context, payload),
    'admission-asked': (payload) => tellOfAdmission(context, payload),
    'expire-requests': async () => {
      await expireAdmissionRequests(context)
      await forgetUnanswered(database, clock.nowMicros())
    },
    analyze: () => analyze(database),
  }
}
