import { countedNetwork } from '../../auth/factors/counted-network.ts'
import type { Context } from '../../context.ts'
import { addNotice } from '../../notices/add-notice.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import type { Access } from '../../storage/access.ts'

/** Somebody who cannot get in asks a few times, not many. */
export const HOUR_MICROS = 3_600_000_000
const MOST_OF_NETWORK = 10
const MOST_OF_NAME = 3
/** Several people of one office may have one address; more than these are not asked about. */
const MAX_ACCOUNTS = 5

/**
 * Takes the word of somebody who cannot get in. What happens next happens in a job, whether there is such an account or
 * not, so that neither the answer nor its time says anything; too many are passed over without a word for the same reason.
 * @param access as of now
 * @param asked the name of an account or its address, as typed
 */
export async function askRecovery(
  context: Pick<Context, 'attempts' | 'database' | 'jobs'>,
  access: Access,
  asked: string,
  network: string,
): Promise<void> {
  const { database, jobs } = context
  if (!(await mayAskFrom(context, network)) || !(await mayAskAbout(context, asked))) return
  const accounts = access
    .accountsCalled(asked)
    .filter((account) => account.active)
    .slice(0, MAX_ACCOUNTS)
    .map((account) => account.accountNo)
  await database.transaction((trx) =>
    jobs.mustEnqueue(trx, 'recovery-asked', { accounts }, accounts.join() || 'nobody'),
  )
}

/** Counts whoever asks for a way back, whichever way: false when their network has asked often enough. */
export async function mayAskFrom({ attempts }: Pick<Context, 'attempts'>, network: string): Promise<boolean> {
  return await attempts.countUpTo(`recovery from ${countedNetwork(network)}`, MOST_OF_NETWORK, HOUR_MICROS)
}

/** Counts the name that a way back is asked for, whoever asks: false when it was often enough. */
export async function mayAskAbout({ attempts }: Pick<Context, 'attempts'>, asked: string): Promise<boolean> {
  return await attempts.countUpTo(`recovery of ${asked.toLowerCase()}`, MOST_OF_NAME, 24 * HOUR_MICROS)
}

/** What the job does: tells the administrators of the site which account it is about. */
export async function tellOfAskedRecovery(
  context: Pick<Context, 'clock' | 'database' | 'jobs'>,
  { accounts }: { readonly accounts: readonly number[] },
): Promise<void> {
  if (accounts.length === 0) return
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    const rows = await trx
      .selectFrom('account')
      .select(['account_no', 'name'])
      .where('account_no', 'in', [...accounts])
      .where('active', '=', true)
      .execute()
    const administrators = await trx
      .selectFrom('account')
      .select('account_no')
      .where('role', '=', 'administrator')
      .where('active', '=', true)
      .execute()
    for (const { name } of rows) {
      for (const { account_no } of administrators) {
        const path = `/site/accounts/${name}`
        await addNotice(trx, context, { kind: 'recovery-asked', to: { accountNo: account_no }, path })
      }
    }
    const events = rows.map((row) => ({
      kind: 'recovery_asked',
      actor: 'anonymous',
      detail: { account: row.name, told: administrators.length },
    }))
    await recordAudit(trx, nowMicros, events)
  })
}
