import { endsEncryption } from '../../mail/openpgp/certificate.ts'
import { examineCertificate } from '../../mail/openpgp/read-certificate.ts'
import { administratorsOf } from '../members/group-rows.ts'
import { settleEverywhere } from '../members/settle-everywhere.ts'
import { addNotice } from '../notices/add-notice.ts'
import { holdAccess } from '../site/site.ts'
import type { Transaction } from '../storage/database.ts'
import { addressesOf } from './add-certificate.ts'
import { CERTIFICATE, certificateOf, type CertificateRow, problemsIn } from './certificate-row.ts'
import type { KeysContext } from './context.ts'
import { replaceExamined } from './store-certificate.ts'
import { ADMINISTRATORS_FROM_DAYS, warningDue } from './warn.ts'

const AT_ONCE = 200

/**
 * Examines every certificate on file anew, and warns of those that end: the owner 60, 30, 14, 7 and 1 days before and when
 * it has become useless, the administrators of the groups that use it from 14 days on. Every warning is given once.
 */
export async function checkCertificates(context: KeysContext): Promise<void> {
  for (let after = 0; ;) {
    const rows = await context.database.kysely
      .selectFrom('certificate')
      .select(CERTIFICATE)
      .where('retired_micros', 'is', null)
      .where('certificate_no', '>', after)
      .orderBy('certificate_no')
      .limit(AT_ONCE)
      .execute()
    for (const row of rows) await checkOne(context, row)
    const last = rows.at(-1)
    if (!last || rows.length < AT_ONCE) return
    after = last.certificate_no
  }
}

async function checkOne(context: KeysContext, found: CertificateRow): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  const addresses = await addressesOf(context.database, found.account_no)
  const examined = await examineCertificate(found.body, { nowMicros, addresses })
  const isUnchanged =
    examined.ok &&
    JSON.stringify(examined.certificate.problems) === found.problems &&
    (examined.certificate.expiresMicros ?? null) === found.expires_micros &&
    (examined.certificate.revokedMicros ?? null) === found.revoked_micros
  // nearly always: then nobody has to wait for a lock
  if (isUnchanged && warningDue(found.expires_micros, nowMicros) === undefined) return
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const row = await certificateOf(trx, found.account_no, found.fingerprint)
    // brought up to date while it was examined
    if (row.checked_micros !== found.checked_micros || row.retired_micros !== null) return
    const before = problemsIn(row.problems)
    const problems = examined.ok ? examined.certificate.problems : [examined.code]
    if (examined.ok) {
      await replaceExamined(trx, context, row, examined.certificate, { actor: 'system', nowMicros })
    } else {
      await trx
        .updateTable('certificate')
        .set({ problems: JSON.stringify(problems), checked_micros: nowMicros })
        .where('certificate_no', '=', row.certificate_no)
        .execute()
    }
    const isNewlyUseless = problems.some(endsEncryption) && !before.some(endsEncryption)
    const days = warningDue(row.expires_micros, nowMicros)
    if (isNewlyUseless) await settleEverywhere(trx, context, { accountNo: row.account_no, actor: 'system', nowMicros })
    if (isNewlyUseless || (days !== undefined && (await isFirstTime(trx, row, days, nowMicros)))) {
      await tell(trx, context, row, isNewlyUseless || (days ?? Infinity) <= ADMINISTRATORS_FROM_DAYS)
    }
  })
}

async function isFirstTime(trx: Transaction, row: CertificateRow, days: number, nowMicros: number): Promise<boolean> {
  const told = await trx
    .insertInto('key_warning')
    .values({ certificate_no: row.certificate_no, days, told_micros: nowMicros })
    .onConflict((conflict) => conflict.columns(['certificate_no', 'days']).doNothing())
    .returning('days')
    .executeTakeFirst()
  return told !== undefined
}

async function tell(trx: Transaction, context: KeysContext, row: CertificateRow, administrators: boolean) {
  const accountNo = row.account_no
  await addNotice(trx, context, { kind: 'key-expiring', to: { accountNo }, path: '/account/keys' })
  if (!administrators) return
  const groups = await trx
    .selectFrom('membership as m')
    .innerJoin('trust_group as g', 'g.group_no', 'm.group_no')
    .select(['g.group_no', 'g.name'])
    .where('m.account_no', '=', accountNo)
    .where('m.certificate_no', '=', row.certificate_no)
    .where('m.active', '=', true)
    .orderBy('g.group_no')
    .execute()
  for (const { group_no: groupNo, name } of groups) {
    for (const administrator of await administratorsOf(trx, groupNo)) {
      if (administrator === accountNo) continue
      const to = { accountNo: administrator, groupNo }
      await addNotice(trx, context, { kind: 'key-health', to, path: `/groups/${name}/keys` })
    }
  }
}
