import type { CertificateProblem } from '../../mail/openpgp/certificate.ts'
import { endsEncryption } from '../../mail/openpgp/certificate.ts'
import { type Database, run, type Transaction } from '../storage/database.ts'
import { CERTIFICATE, certificateOf, type CertificateRow, problemsOf } from './certificate-row.ts'
import { changeStatement } from './key-change.ts'
import type { KeysContext } from './context.ts'

/** A key of one's own, as its pages show it. */
export interface OwnKey {
  readonly fingerprint: string
  readonly algorithm: string
  readonly addresses: readonly string[]
  readonly madeMicros: number
  readonly expiresMicros: number | undefined
  readonly revokedMicros: number | undefined
  readonly provenMicros: number | undefined
  readonly origin: CertificateRow['origin']
  readonly problems: readonly CertificateProblem[]
  /** Whether a message to it can be read. */
  readonly canDecrypt: boolean
}

/** Which key a group has for one, and which waits. */
export interface GroupKey {
  readonly group: string
  readonly title: string
  /** Fingerprints; undefined where there is none. */
  readonly pinned: string | undefined
  readonly waiting:
    | {
        readonly changeNo: number
        readonly fingerprint: string
        readonly askedMicros: number
        readonly readyMicros: number
        /** What the old key signs to end the waiting; undefined where it cannot. */
        readonly statement: string | undefined
      }
    | undefined
}

/** The keys of an account that are not put away, newest first. */
export async function listKeys(
  { kysely }: Pick<Database, 'kysely'>,
  accountNo: number,
  nowMicros: number,
): Promise<readonly OwnKey[]> {
  const rows = await kysely
    .selectFrom('certificate')
    .select(CERTIFICATE)
    .where('account_no', '=', accountNo)
    .where('retired_micros', 'is', null)
    .orderBy('certificate_no', 'desc')
    .execute()
  return rows.map((row) => ownKey(row, nowMicros))
}

/** One key of an account; undefined for one that was put away. @throws {NotFoundError} for any other */
export async function findKey(
  context: KeysContext,
  accountNo: number,
  fingerprint: string,
): Promise<OwnKey | undefined> {
  const row = await context.database.transaction((trx) => certificateOf(trx, accountNo, fingerprint))
  return row.retired_micros === null ? ownKey(row, context.clock.nowMicros()) : undefined
}

/** The groups that let somebody in, each with its key for them: one query. */
export async function listGroupKeys(
  context: KeysContext,
  account: { readonly accountNo: number; readonly name: string },
): Promise<readonly GroupKey[]> {
  const { rows } = await context.database.transaction((trx) => readGroupKeys(trx, account.accountNo))
  return rows.map((row) => ({
    group: row.name,
    title: row.title,
    pinned: row.pinned ?? undefined,
    waiting:
      row.change_no === null || row.waiting === null
        ? undefined
        : {
            changeNo: row.change_no,
            fingerprint: row.waiting,
            askedMicros: Number(row.asked_micros),
            readyMicros: Number(row.ready_micros),
            statement:
              row.pinned === null
                ? undefined
                : changeStatement(
                    context,
                    { change_no: row.change_no, asked_micros: Number(row.asked_micros) },
                    { group: row.name, account: account.name, from: row.pinned, to: row.waiting },
                  ),
          },
  }))
}

interface GroupKeyRow {
  readonly name: string
  readonly title: string
  readonly pinned: string | null
  readonly change_no: number | null
  readonly waiting: string | null
  readonly asked_micros: number | string | null
  readonly ready_micros: number | string | null
}

async function readGroupKeys(trx: Transaction, accountNo: number) {
  return await run<GroupKeyRow>(
    trx,
    `select g.name, g.title, p.fingerprint as pinned, k.change_no, w.fingerprint as waiting, k.asked_micros, k.ready_micros
       from membership m
       join trust_group g on g.group_no = m.group_no
       left join certificate p on p.certificate_no = m.certificate_no
       left join key_change k on k.group_no = m.group_no and k.account_no = m.account_no
                             and k.done_micros is null and k.stopped_micros is null
       left join certificate w on w.certificate_no = k.to_no
      where m.account_no = $1::int and m.state in ('approved', 'active', 'inactive', 'soonidle', 'idle')
      order by g.title, g.name`,
    [accountNo],
  )
}

function ownKey(row: CertificateRow, nowMicros: number): OwnKey {
  const problems = problemsOf(row, nowMicros)
  return {
    fingerprint: row.fingerprint,
    algorithm: row.algorithm,
    addresses: row.addresses.split(' ').filter(Boolean),
    madeMicros: row.key_micros,
    expiresMicros: row.expires_micros ?? undefined,
    revokedMicros: row.revoked_micros ?? undefined,
    provenMicros: row.proven_micros ?? undefined,
    origin: row.origin,
    problems,
    canDecrypt: !problems.some(endsEncryption),
  }
}
