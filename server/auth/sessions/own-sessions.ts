import type { SessionData } from 'express-session'
import type { Context } from '../../context.ts'
import { NotFoundError } from '../../errors.ts'
import type { Account } from '../../storage/access.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { endSessionsOf, type ListedSession, sessionsOf } from '../../storage/web-sessions.ts'
import './web-session.ts'

type Needs = Pick<Context, 'database' | 'clock'>

/** The sessions of an account that would still be let in, newest use first. */
export async function liveSessions({ database, clock }: Needs, account: Account): Promise<readonly ListedSession[]> {
  const nowMicros = clock.nowMicros()
  const listed = await sessionsOf(database, account.accountNo, nowMicros)
  return listed.filter(({ data, seenMicros }) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the session store and by nobody else
    const { credentialGeneration, idleMicros = 0 } = JSON.parse(data) as Partial<SessionData>
    return credentialGeneration === account.credentialGeneration && seenMicros + idleMicros > nowMicros
  })
}

/**
 * Ends one session of an account.
 * @param id as the list names it
 * @throws {NotFoundError} when it has ended already, or is somebody else's
 */
export async function endOneSession({ database, clock }: Needs, account: Account, id: string): Promise<void> {
  if (!/^[0-9a-f]{64}$/.test(id)) throw new NotFoundError('the session')
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    const only = Buffer.from(id, 'hex')
    const count = await endSessionsOf(trx, account.accountNo, { only })
    if (count === 0) throw new NotFoundError('the session')
    await recordAudit(trx, nowMicros, [{ kind: 'sessions_ended', actor: account.name, detail: { count } }])
  })
}

/**
 * Ends every session of an account but one.
 * @param own SHA-256 of the identifier of the one that stays
 */
export async function endOtherSessions({ database, clock }: Needs, account: Account, own: Uint8Array): Promise<void> {
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    const count = await endSessionsOf(trx, account.accountNo, { except: own })
    if (count === 0) return
    await recordAudit(trx, nowMicros, [{ kind: 'sessions_ended', actor: account.name, detail: { count } }])
  })
}
