import { statesThat, MEMBER_STATES, CAPABILITIES } from '../../../policies/member-state.ts'
import { isSimilarName } from '../../../policies/similar-name.ts'
import type { Transaction } from '../../storage/database.ts'
import { run } from '../../storage/database.ts'
import { textArray } from '../../storage/bulk.ts'
import { nomineeHandle } from './vouch-subject.ts'

/** Somebody of the group who may be the person that is to be nominated. */
export interface SimilarPerson {
  readonly handle: string
  readonly name: string
  readonly affiliation: string
  readonly isNominee: boolean
}

const MAX_SHOWN = 10
const SHOWN_STATES = MEMBER_STATES.filter((state) => !CAPABILITIES[state].hidden)
const NOMINEES = MEMBER_STATES.filter((state) => !statesThat('login').includes(state) && state !== 'deceased')

/**
 * Members and open nominations of a group whose name or address looks like those that somebody wants to nominate: only
 * whom every member may see. In one query.
 * @param email in lower case
 */
export async function similarPeople(
  trx: Transaction,
  groupNo: number,
  wanted: { readonly name: string; readonly email: string },
): Promise<readonly SimilarPerson[]> {
  const { rows } = await run<{
    name: string
    display_name: string
    affiliation: string
    nomination_no: number | null
    email: string | null
  }>(
    trx,
    `select a.name, coalesce(n.name, nullif(a.display_name, ''), a.name) as display_name, n.nomination_no, n.email,
            coalesce(n.affiliation, p.affiliation, '') as affiliation
       from membership m
       join account a on a.account_no = m.account_no
       left join nomination n on n.group_no = m.group_no and n.account_no = m.account_no and n.ended_micros is null
       left join profile p on p.account_no = m.account_no
      where m.group_no = $1::int and m.state = any($2::text[]) and a.active
        and (n.nomination_no is not null) = (m.state = any($3::text[]))
      order by m.account_no`,
    [groupNo, textArray(SHOWN_STATES), textArray(NOMINEES.filter((state) => !CAPABILITIES[state].hidden))],
  )
  return rows
    .filter((row) => isSimilarName(row.display_name, wanted.name) || row.email === wanted.email)
    .slice(0, MAX_SHOWN)
    .map((row) => ({
      handle: row.nomination_no === null ? row.name : nomineeHandle(row.nomination_no),
      name: row.display_name,
      affiliation: row.affiliation,
      isNominee: row.nomination_no !== null,
    }))
}
