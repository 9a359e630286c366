import { OPERATOR } from '../../admin/operator.ts'
import { timestampOf } from '../../clock.ts'
import { addNotice } from '../../notices/add-notice.ts'
import { holdAccess } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { type Database, run } from '../../storage/database.ts'
import { attestedFrom, attestedRef } from './attestations.ts'
import { activeMembersOf, groupNamed } from '../group-rows.ts'
import type { MembersContext } from '../memberships.ts'
import { type By, mustMay } from '../permission.ts'

const COLUMNS = [
  'voucher',
  'voucher_name',
  'vouchee',
  'vouchee_name',
  'text',
  'attested',
  'made',
  'expires',
  'signed_by',
] as const

/**
 * Takes all standing vouches of a group away as CSV. Every member is told, and the page of the group says who it was.
 * @returns the whole file: RFC 4180, UTF-8, with a heading; times in UTC
 */
export async function exportVouches(
  context: MembersContext,
  wanted: By & { readonly group: string },
): Promise<{ readonly csv: string; readonly vouches: number }> {
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'export-vouches', { row: group, nowMicros })
    const { rows } = await run<{
      voucher: string
      voucher_name: string
      vouchee: string
      vouchee_name: string
      text: string
      attested: string
      made_micros: number | string
      expires_micros: number | string | null
      signed_by: string | null
    }>(
      trx,
      `select a.name as voucher, coalesce(nullif(a.display_name, ''), a.name) as voucher_name, coalesce('~' || n.nomination_no, b.name) as vouchee,
              coalesce(n.name, nullif(b.display_name, ''), b.name) as vouchee_name, v.text, v.attested, v.made_micros, v.expires_micros, v.signed_by
         from vouch v
         join account a on a.account_no = v.voucher_no
         join account b on b.account_no = v.vouchee_no
         left join nomination n on n.group_no = v.group_no and n.account_no = v.vouchee_no and n.ended_micros is null
        where v.group_no = $1::int and v.ended_micros is null order by v.vouch_no`,
      [group.group_no],
    )
    await trx
      .insertInto('vouch_export')
      .values({
        group_no: group.group_no,
        account_no: wanted.as === 'operator' ? null : wanted.as.accountNo,
        at_micros: nowMicros,
        vouches: rows.length,
      })
      .execute()
    const detail = { group: group.name, vouches: rows.length }
    await recordAudit(trx, nowMicros, [{ kind: 'vouches_exported', actor: wanted.actor, detail }])
    for (const accountNo of await activeMembersOf(trx, group.group_no)) {
      const to = { accountNo, groupNo: group.group_no }
      await addNotice(trx, context, { kind: 'vouches-exported', to, path: `/groups/${group.name}` })
    }
    const lines = rows.map((row) => [
      row.voucher,
      row.voucher_name,
      row.vouchee,
      row.vouchee_name,
      row.text,
      attestedFrom(row.attested).map(attestedRef).join(' '),
      timestampOf(Number(row.made_micros)),
      row.expires_micros === null ? '' : timestampOf(Number(row.expires_micros)),
      row.signed_by ?? '',
    ])
    return { csv: [COLUMNS, ...lines].map(csvLine).join(''), vouches: rows.length }
  })
}

/** One export of the vouches of a group. */
export interface VouchExport {
  readonly by: string
  readonly atMicros: number
  readonly vouches: number
}

const MAX_LISTED = 20

/** Who took the vouches of a group away, newest first: for all its members to see. */
export async function vouchExportsOf(
  { kysely }: Pick<Database, 'kysely'>,
  groupNo: number,
): Promise<readonly VouchExport[]> {
  const rows = await kysely
    .selectFrom('vouch_export as e')
    .leftJoin('account as a', 'a.account_no', 'e.account_no')
    .select(['e.at_micros', 'e.vouches', 'a.name', 'a.display_name'])
    .where('e.group_no', '=', groupNo)
    .orderBy('e.export_no', 'desc')
    .limit(MAX_LISTED)
    .execute()
  return rows.map((row) => ({
    by: row.display_name || (row.name ?? OPERATOR),
    atMicros: row.at_micros,
    vouches: row.vouches,
  }))
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvField).join(',')}\r\n`
}

/** RFC 4180; a text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP CSV injection). */
function csvField(value: string): string {
  const safe = /^[\s\ufeff]*[=+\-@]|^[\t\r\n]/.test(value) ? `'${value}` : value
  return `"${safe.replaceAll('"', '""')}"`
}
