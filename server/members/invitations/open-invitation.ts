import type { Transaction } from '../../storage/database.ts'
import { linkHash } from './link-token.ts'

/** An invitation that can be accepted now. */
export interface OpenInvitation {
  readonly groupNo: number | undefined
  readonly email: string | undefined
  readonly displayName: string
  /** Of whoever made it; undefined for the operator at the machine. */
  readonly madeBy: { readonly name: string; readonly displayName: string } | undefined
}

/**
 * The invitation that a link stands for, inside the caller's transaction. One whose maker was suspended, or may not
 * invite any more, is none: an offer is worth what its maker may give. It counts again when the maker does.
 */
export async function openInvitation(
  trx: Transaction,
  token: string,
  nowMicros: number,
): Promise<OpenInvitation | undefined> {
  const row = await trx
    .selectFrom('one_time_link as link')
    .leftJoin('account', 'account.account_no', 'link.made_by_no')
    .leftJoin('membership', (join) =>
      join.onRef('membership.account_no', '=', 'link.made_by_no').onRef('membership.group_no', '=', 'link.group_no'),
    )
    .select(['link.group_no', 'link.email', 'link.display_name', 'link.made_by_no', 'account.name as made_by'])
    .select([
      'account.display_name as made_by_shown',
      'account.active',
      'account.role',
      'membership.active as member',
      'membership.roles',
    ])
    .where('link.sha256', '=', linkHash(token))
    .where('link.purpose', '=', 'invitation')
    .where('link.used_micros', 'is', null)
    .where('link.withdrawn_micros', 'is', null)
    .where('link.expires_micros', '>', nowMicros)
    .executeTakeFirst()
  if (!row) return undefined
  const mayStillInvite =
    row.group_no === null
      ? row.role === 'administrator'
      : row.member === true && (row.roles ?? '').split(' ').includes('group-administrator')
  if (row.made_by_no !== null && !(row.active && mayStillInvite)) return undefined
  return {
    groupNo: row.group_no ?? undefined,
    email: row.email ?? undefined,
    displayName: row.display_name,
    madeBy: row.made_by === null ? undefined : { name: row.made_by, displayName: row.made_by_shown || row.made_by },
  }
}
