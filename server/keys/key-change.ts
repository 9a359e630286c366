import { endsEncryption } from '../../mail/openpgp/certificate.ts'
import { REFUSALS } from '../../mail/openpgp/refusals.ts'
import { baseUrl } from '../admin/base-url.ts'
import { timestampOf } from '../clock.ts'
import { ConflictError, NotFoundError } from '../errors.ts'
import { administratorsOf } from '../members/group-rows.ts'
import type { GroupRow } from '../members/permission.ts'
import { settle } from '../members/settle.ts'
import { addNotice } from '../notices/add-notice.ts'
import { recordAudit } from '../storage/audit-log.ts'
import type { Transaction } from '../storage/database.ts'
import { type CertificateRow, problemsOf } from './certificate-row.ts'
import type { KeysContext } from './context.ts'

/** How long another key waits when the old one does not vouch for it: the member and the administrators can stop it. */
export const CHANGE_DELAY_MICROS = 7 * 86_400_000_000

/** A change of key that waits, as it was just loaded. */
export interface WaitingChange {
  readonly change_no: number
  readonly group_no: number
  readonly account_no: number
  readonly from_no: number | null
  readonly to_no: number
  readonly asked_micros: number
  readonly ready_micros: number
}

/** The change that waits under this number. @throws {NotFoundError} when none does */
export async function waitingChange(trx: Transaction, groupNo: number, changeNo: number): Promise<WaitingChange> {
  const row = await trx
    .selectFrom('key_change')
    .select(['change_no', 'group_no', 'account_no', 'from_no', 'to_no', 'asked_micros', 'ready_micros'])
    .where('group_no', '=', groupNo)
    .where('change_no', '=', changeNo)
    .where('done_micros', 'is', null)
    .where('stopped_micros', 'is', null)
    .executeTakeFirst()
  if (!row) throw new NotFoundError('this change of a key')
  return row
}

/**
 * What the old key signs to change at once. It names the site, the group, both keys and the very change, so that it cannot
 * be used for another.
 */
export function changeStatement(
  context: Pick<KeysContext, 'config'>,
  change: Pick<WaitingChange, 'change_no' | 'asked_micros'>,
  {
    group,
    account,
    from,
    to,
  }: { readonly group: string; readonly account: string; readonly from: string; readonly to: string },
): string {
  return [
    'I change my OpenPGP key.',
    '',
    `Site: ${baseUrl(context)}`,
    `Group: ${group}`,
    `Account: ${account}`,
    `Old key: ${from}`,
    `New key: ${to}`,
    `Change: ${change.change_no}`,
    `Asked: ${timestampOf(change.asked_micros)}`,
    '',
  ].join('\n')
}

/**
 * Only a key whose holder is known, and that can be used, can be the key of a membership.
 * @throws {ConflictError} code `key_not_proven`, `key_retired`, or that of its worst problem
 */
export function mustBeFit(row: CertificateRow, nowMicros: number): void {
  if (row.retired_micros !== null) {
    throw new ConflictError('key_retired', 'This key was put away: upload it again to use it.')
  }
  if (row.proven_micros === null) {
    throw new ConflictError('key_not_proven', 'Nobody has proven yet to hold this key: prove it first, on its page.')
  }
  const problem = problemsOf(row, nowMicros).find(endsEncryption)
  if (problem !== undefined) throw new ConflictError(problem, REFUSALS[problem])
}

/** Makes a certificate that of a membership, inside the caller's transaction and after holdAccess. */
export async function pinNow(
  trx: Transaction,
  context: KeysContext,
  group: Pick<GroupRow, 'group_no' | 'name'>,
  pin: {
    readonly accountNo: number
    readonly account: string
    readonly certificate: Pick<CertificateRow, 'certificate_no' | 'fingerprint'>
    readonly proof: 'first' | 'old-key' | 'delay'
    readonly actor: string
    readonly nowMicros: number
  },
): Promise<void> {
  const { accountNo, account, certificate, proof, actor, nowMicros } = pin
  await trx
    .updateTable('membership')
    .set({ certificate_no: certificate.certificate_no })
    .where('group_no', '=', group.group_no)
    .where('account_no', '=', accountNo)
    .execute()
  const detail = { group: group.name, account, fingerprint: certificate.fingerprint, proof }
  await recordAudit(trx, nowMicros, [{ kind: 'key_pinned', actor, detail }])
  await settle(trx, context, { groupNo: group.group_no, accounts: [accountNo], actor, nowMicros })
}

/** Tells the member and the administrators of the group that another key waits. */
export async function tellOfChange(
  trx: Transaction,
  context: KeysContext,
  group: Pick<GroupRow, 'group_no' | 'name'>,
  accountNo: number,
): Promise<void> {
  const groupNo = group.group_no
  await addNotice(trx, context, { kind: 'key-change', to: { accountNo, groupNo }, path: '/account/keys' })
  for (const administrator of await administratorsOf(trx, groupNo)) {
    if (administrator === accountNo) continue
    const path = `/groups/${group.name}/keys`
    await addNotice(trx, context, { kind: 'key-change', to: { accountNo: administrator, groupNo }, path })
  }
}
