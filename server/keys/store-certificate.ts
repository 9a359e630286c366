import type { Certificate } from '../../mail/openpgp/certificate.ts'
import { settleEverywhere } from '../members/settle-everywhere.ts'
import type { Transaction } from '../storage/database.ts'
import type { CertificateRow } from './certificate-row.ts'
import type { KeysContext } from './context.ts'

/** The columns that an examination decides. */
export function examinedColumns(certificate: Certificate, nowMicros: number) {
  return {
    body: certificate.body,
    addresses: certificate.addresses.join(' '),
    algorithm: certificate.algorithm,
    key_micros: certificate.madeMicros,
    expires_micros: certificate.expiresMicros ?? null,
    revoked_micros: certificate.revokedMicros ?? null,
    problems: JSON.stringify(certificate.problems),
    checked_micros: nowMicros,
  }
}

/**
 * Puts what a newer copy says in the place of what is on file, inside the caller's transaction and after holdAccess: when
 * that changes what the key is worth, the rules of its owner's groups act.
 */
export async function replaceExamined(
  trx: Transaction,
  context: KeysContext,
  row: CertificateRow,
  certificate: Certificate,
  { actor, nowMicros }: { readonly actor: string; readonly nowMicros: number },
): Promise<void> {
  const all = examinedColumns(certificate, nowMicros)
  // a revocation is for ever, also where the body cannot show it
  const revoked_micros = all.revoked_micros ?? row.revoked_micros
  const { body, addresses, algorithm, expires_micros } = row
  // without a User ID of an address that is verified today, what is on file stays, and its problems say so
  const columns = {
    ...all,
    ...(certificate.addresses.length === 0 && { body, addresses, algorithm, expires_micros }),
    revoked_micros,
  }
  await trx.updateTable('certificate').set(columns).where('certificate_no', '=', row.certificate_no).execute()
  const wasExtended = (columns.expires_micros ?? Infinity) > (row.expires_micros ?? Infinity)
  if (wasExtended) {
    // it will expire another time: the warnings begin anew
    await trx.deleteFrom('key_warning').where('certificate_no', '=', row.certificate_no).execute()
  }
  if (columns.expires_micros === row.expires_micros && columns.revoked_micros === row.revoked_micros) return
  await settleEverywhere(trx, context, { accountNo: row.account_no, actor, nowMicros })
}
