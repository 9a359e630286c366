import { type CertificateProblem } from '../../mail/openpgp/certificate.ts'
import { isRefusal } from '../../mail/openpgp/refusals.ts'
import { NotFoundError } from '../errors.ts'
import type { Transaction } from '../storage/database.ts'

/** Columns of a certificate that everything here reads. */
export const CERTIFICATE = [
  'certificate_no',
  'account_no',
  'fingerprint',
  'body',
  'addresses',
  'algorithm',
  'key_micros',
  'expires_micros',
  'revoked_micros',
  'problems',
  'origin',
  'added_micros',
  'checked_micros',
  'proven_micros',
  'retired_micros',
] as const

/**
 * A certificate of an account by its fingerprint, retired ones too.
 * @throws {NotFoundError} also for one of somebody else
 */
export async function certificateOf(trx: Transaction, accountNo: number, fingerprint: string) {
  const row = await trx
    .selectFrom('certificate')
    .select(CERTIFICATE)
    .where('account_no', '=', accountNo)
    .where('fingerprint', '=', fingerprint)
    .executeTakeFirst()
  if (!row) throw new NotFoundError('this key')
  return row
}

/** A certificate as it was just loaded. */
export type CertificateRow = Awaited<ReturnType<typeof certificateOf>>

/** The codes that a row keeps of its last examination. */
export function problemsIn(json: string): readonly CertificateProblem[] {
  const codes: unknown = JSON.parse(json)
  return Array.isArray(codes) ? codes.filter((code) => typeof code === 'string' && isProblem(code)) : []
}

function isProblem(code: string): code is CertificateProblem {
  return code === 'key_new_format' || isRefusal(code)
}

/**
 * What is wrong with a certificate now: what its last examination found, and what time alone has done since.
 */
export function problemsOf(
  row: Pick<CertificateRow, 'problems' | 'expires_micros' | 'revoked_micros'>,
  nowMicros: number,
): readonly CertificateProblem[] {
  const problems = new Set(problemsIn(row.problems))
  if (row.revoked_micros !== null) problems.add('key_revoked')
  const ends = row.expires_micros
  if (ends !== null && ends <= nowMicros && !problems.has('key_encryption_expired')) problems.add('key_expired')
  return [...problems]
}
