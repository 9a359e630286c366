import { type Database, run } from '../storage/database.ts'
import { keyFact } from '../storage/membership-facts.ts'
import { languagesIn } from './profile/profile-languages.ts'
import type { CardFields } from './vcard.ts'

/** How to reach a member, as they share it with the group. */
export interface GroupCard extends CardFields {
  readonly account: string
}

interface Row {
  readonly name: string
  readonly display_name: string
  readonly time_zone: string
  readonly email: string | null
  readonly hide_email: boolean | null
  readonly affiliation: string | null
  readonly phone: string | null
  readonly sms: string | null
  readonly im: string | null
  readonly postal: string | null
  readonly languages: string | null
  readonly fingerprint: string | null
  readonly proven_micros: number | string | null
  readonly retired_micros: number | string | null
  readonly revoked_micros: number | string | null
  readonly expires_micros: number | string | null
}

/** More than any group has; a file of so many cards has about 4 MB. */
const MAX_CARDS = 10_000

const CARDS = `
  select a.name, a.display_name, a.time_zone, coalesce(d.address, a.email) as email, p.hide_email, p.affiliation, p.phone,
         p.sms, p.im, p.postal, p.languages, c.fingerprint, c.proven_micros, c.retired_micros, c.revoked_micros,
         c.expires_micros
    from membership m
    join account a on a.account_no = m.account_no
    left join account_address d on d.address_no = m.address_no
    left join profile p on p.account_no = m.account_no
    left join certificate c on c.certificate_no = m.certificate_no
   where m.group_no = $1::int and a.active and m.state in ('active', 'inactive', 'soonidle', 'idle')
   order by lower(coalesce(nullif(a.display_name, ''), a.name)), a.name limit ${MAX_CARDS}`

/** How to reach every member who sees the group, by name, in one query. Keys are named only while they are good. */
export async function groupCards(
  database: Database,
  group: { readonly groupNo: number; readonly name: string; readonly title: string },
  nowMicros: number,
): Promise<readonly GroupCard[]> {
  const { rows } = await database.transaction((trx) => run<Row>(trx, CARDS, [group.groupNo]))
  return rows.map((row) => ({
    account: row.name,
    uid: `vouchsafe:${group.name}:${row.name}`,
    name: row.display_name || row.name,
    organisation: row.affiliation ?? '',
    email: row.hide_email ? '' : (row.email ?? ''),
    phone: row.phone ?? '',
    sms: row.sms ?? '',
    im: row.im ?? '',
    postal: row.postal ?? '',
    timeZone: row.time_zone,
    languages: languagesIn(row.languages ?? '').map(({ code }) => code),
    fingerprint: row.fingerprint !== null && keyFact(row, nowMicros).state === 'good' ? row.fingerprint : '',
    category: group.title,
  }))
}
