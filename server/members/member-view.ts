import type { MemberState } from '../../policies/member-state.ts'
import type { GroupRole } from '../../policies/roles.ts'
import { type Database, run } from '../storage/database.ts'
import { keyFact } from '../storage/membership-facts.ts'
import { type Affiliation, affiliationsOf } from './profile/affiliations.ts'
import { fieldValuesOf } from './profile/group-fields.ts'
import { type HistoryStep, membershipHistory } from './history.ts'
import { type Eyes, statesShownTo } from './list-members.ts'
import { rolesIn } from './permission.ts'

/** What a member says of themself to their groups. */
export interface MemberProfile {
  readonly affiliation: string
  /** With those of before, newest first. */
  readonly affiliations: readonly Affiliation[]
  readonly airport: string
  readonly languages: string
  readonly timeZone: string
  /** The address for this group; undefined where there is none, or the member keeps it back. */
  readonly email: string | undefined
  readonly phone: string
  readonly sms: string
  readonly im: string
  readonly postal: string
  readonly biography: string
  readonly sshKey: string
  readonly hasPhoto: boolean
  /** Fields of the group that are filled in. */
  readonly fields: readonly { readonly label: string; readonly value: string }[]
}

/** The OpenPGP certificate that the group encrypts to. */
export interface MemberKey {
  readonly fingerprint: string
  readonly state: 'none' | 'revoked' | 'expired' | 'good'
  readonly expiresMicros: number | undefined
}

/** One member as somebody may see them. */
export interface MemberView {
  readonly accountNo: number
  readonly name: string
  readonly displayName: string
  readonly state: MemberState | 'suspended'
  /** State of the membership, whatever the account is. */
  readonly membershipState: MemberState
  readonly sinceMicros: number
  readonly joinedMicros: number
  readonly roles: ReadonlySet<GroupRole>
  /** Undefined for somebody whom the group has not let in: they have said nothing to it. */
  readonly profile: MemberProfile | undefined
  readonly key: MemberKey | undefined
  /** For administrators; empty for members. */
  readonly history: readonly HistoryStep[]
}

interface Row {
  readonly account_no: number
  readonly name: string
  readonly display_name: string
  readonly active: boolean
  readonly time_zone: string
  readonly email: string | null
  readonly state: MemberState
  readonly roles: string
  readonly state_micros: number | string
  readonly created_micros: number | string
  readonly affiliation: string | null
  readonly airport: string | null
  readonly languages: string | null
  readonly phone: string | null
  readonly sms: string | null
  readonly im: string | null
  readonly postal: string | null
  readonly biography: string | null
  readonly ssh_key: string | null
  readonly hide_email: boolean | null
  readonly has_photo: boolean
  readonly fingerprint: string | null
  readonly proven_micros: number | string | null
  readonly retired_micros: number | string | null
  readonly revoked_micros: number | string | null
  readonly expires_micros: number | string | null
}

const ONE = `
  select m.account_no, a.name, a.active, a.time_zone, m.state, m.roles, m.state_micros, m.created_micros,
         case when m.state in ('nominated', 'vetted', 'failed') then coalesce(
           (select n.name from nomination n where n.group_no = m.group_no and n.account_no = m.account_no
             order by n.nomination_no desc limit 1), a.name) else a.display_name end as display_name,
         coalesce(d.address, a.email) as email, p.affiliation, p.airport, p.languages, p.phone, p.sms, p.im, p.postal,
         p.biography, p.ssh_key, p.hide_email,
         exists (select 1 from photo where photo.account_no = m.account_no) as has_photo,
         c.fingerprint, c.proven_micros, c.retired_micros, c.revoked_micros, c.expires_micros
    from membership m
    join account a on a.account_no = m.account_no
    left join account_address d on d.address_no = m.address_no
    left join profile p on p.account_no = m.account_no
    left join certificate c on c.certificate_no = m.certificate_no
   where m.group_no = $1::int and a.name = $2::text`

/**
 * Reads one member as a reader may see them, by group and name together. Vouches are for vouches.ts.
 * @returns undefined for nobody, and for whom these eyes do not see
 */
export async function viewMember(
  database: Database,
  wanted: { readonly groupNo: number; readonly name: string; readonly eyes: Eyes; readonly nowMicros: number },
): Promise<MemberView | undefined> {
  const { groupNo, name, eyes, nowMicros } = wanted
  const { row, history } = await database.transaction(async (trx) => {
    const [found] = (await run<Row>(trx, ONE, [groupNo, name])).rows
    if (!found || eyes === 'member') return { row: found, history: [] }
    return { row: found, history: await membershipHistory(trx, groupNo, found.account_no) }
  })
  if (!row || !statesShownTo(eyes).includes(row.state)) return undefined
  return {
    accountNo: row.account_no,
    name: row.name,
    displayName: row.display_name || row.name,
    state: row.active ? row.state : 'suspended',
    membershipState: row.state,
    sinceMicros: Number(row.state_micros),
    joinedMicros: Number(row.created_micros),
    roles: rolesIn(row.roles),
    profile: statesShownTo('member').includes(row.state) ? await profileOf(database, groupNo, row) : undefined,
    key: keyOf(row, nowMicros),
    history,
  }
}

async function profileOf(database: Database, groupNo: number, row: Row): Promise<MemberProfile> {
  const affiliations = await affiliationsOf(database, row.account_no)
  const fields = await fieldValuesOf(database, groupNo, row.account_no)
  return {
    affiliation: row.affiliation ?? '',
    affiliations,
    airport: row.airport ?? '',
    languages: row.languages ?? '',
    timeZone: row.time_zone,
    email: row.hide_email ? undefined : (row.email ?? undefined),
    phone: row.phone ?? '',
    sms: row.sms ?? '',
    im: row.im ?? '',
    postal: row.postal ?? '',
    biography: row.biography ?? '',
    sshKey: row.ssh_key ?? '',
    hasPhoto: row.has_photo,
    fields: fields.filter(({ value }) => value !== ''),
  }
}

function keyOf(row: Row, nowMicros: number): MemberKey | undefined {
  if (row.fingerprint === null) return undefined
  const { state } = keyFact(row, nowMicros)
  const expiresMicros = row.expires_micros === null ? undefined : Number(row.expires_micros)
  return { fingerprint: row.fingerprint, state, expiresMicros }
}
