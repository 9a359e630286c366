import type { Database } from '../../storage/database.ts'
import { type Attestation, type Attested, attestedFrom, currentOf } from './attestations.ts'
import { groupNamed } from '../group-rows.ts'
import type { By } from '../permission.ts'
import { standingVouch } from './vouch.ts'
import { subjectNamed, type VouchSubject } from './vouch-subject.ts'

/** Everything that somebody wants to know before they vouch for a person. */
export interface VouchDesk {
  readonly subject: VouchSubject
  readonly isSelf: boolean
  readonly affiliation: string
  readonly attestations: readonly Attestation[]
  /** One's own vouch; it may have expired. */
  readonly own:
    | {
        readonly text: string
        readonly attested: readonly Attested[]
        readonly madeMicros: number
        readonly expiresMicros: number | undefined
        readonly isSigned: boolean
      }
    | undefined
  /** What one wrote of the same person in other groups that both are in: an offer to use it again. */
  readonly elsewhere: readonly { readonly group: string; readonly text: string }[]
}

const MAX_ELSEWHERE = 3

/**
 * What a member's page of vouching for one person shows.
 * @throws {NotFoundError} for whom the caller does not see in this group
 */
export async function vouchDesk(
  database: Database,
  wanted: By & {
    readonly group: string
    readonly vouchee: string
    readonly viewerNo: number
    readonly nowMicros: number
  },
): Promise<VouchDesk> {
  const { viewerNo, nowMicros } = wanted
  return await database.transaction(async (trx) => {
    const group = await groupNamed(trx, wanted.group)
    const subject = await subjectNamed(trx, wanted, { row: group, nowMicros }, wanted.vouchee)
    const own = await standingVouch(trx, group.group_no, viewerNo, subject.accountNo)
    const row = await trx
      .selectFrom('account as a')
      .leftJoin('profile as p', 'p.account_no', 'a.account_no')
      .leftJoin('nomination as n', (join) =>
        join.onRef('n.account_no', '=', 'a.account_no').on('n.nomination_no', '=', subject.nominationNo ?? 0),
      )
      .select(['p.affiliation', 'n.affiliation as nominated', 'n.nomination_no'])
      .where('a.account_no', '=', subject.accountNo)
      .executeTakeFirst()
    const elsewhere = await trx
      .selectFrom('vouch as v')
      .innerJoin('trust_group as g', 'g.group_no', 'v.group_no')
      .innerJoin('membership as mine', (join) =>
        join
          .onRef('mine.group_no', '=', 'v.group_no')
          .on('mine.account_no', '=', viewerNo)
          .on('mine.active', '=', true),
      )
      .innerJoin('membership as theirs', (join) =>
        join
          .onRef('theirs.group_no', '=', 'v.group_no')
          .onRef('theirs.account_no', '=', 'v.vouchee_no')
          .on('theirs.active', '=', true),
      )
      .select(['g.title', 'v.text'])
      .where('v.voucher_no', '=', viewerNo)
      .where('v.vouchee_no', '=', subject.accountNo)
      .where('v.group_no', '<>', group.group_no)
      .where('v.ended_micros', 'is', null)
      .where('v.text', '<>', '')
      .orderBy('v.made_micros', 'desc')
      .limit(MAX_ELSEWHERE)
      .execute()
    return {
      subject,
      isSelf: subject.accountNo === viewerNo,
      affiliation: (row?.nomination_no === null ? row.affiliation : row?.nominated) ?? '',
      attestations: await currentOf(trx, group.group_no),
      own: own && {
        text: own.text,
        attested: attestedFrom(own.attested),
        madeMicros: own.made_micros,
        expiresMicros: own.expires_micros ?? undefined,
        isSigned: own.signature !== null,
      },
      // that a nominee has been met elsewhere would tell that they have an account
      elsewhere: subject.nominationNo === undefined ? elsewhere.map(({ title, text }) => ({ group: title, text })) : [],
    }
  })
}
