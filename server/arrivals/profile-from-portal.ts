import { isTimeZone } from '../site/time-zone.ts'
import type { LeftBehind, PersonArrival, ProfileArrival } from './arrival.ts'
import { cleanLine, cleanText, someText } from './none.ts'
import { plainName } from './plain-name.ts'
import { portraitFrom } from './portrait.ts'
import type { PortalRow } from './read-portal.ts'

const SKILLS: ReadonlySet<string> = new Set(['native', 'expert', 'intermediate', 'basic'])

/** Takes what does not come. */
export type Leave = (row: LeftBehind) => void

/** The time zone, where it is the name of one. */
export function zoneOf(left: Leave, there: string, text: string | null): string {
  const zone = someText(text)
  if (zone === undefined || isTimeZone(zone)) return zone ?? ''
  const reason = 'is no name of a time zone, such as Europe/Amsterdam'
  left({ what: 'time-zone', which: `${there}: ${cleanLine(zone, 60)}`, code: 'no-zone', reason })
  return ''
}

/** The picture, where it is one. */
export function pictureOf(left: Leave, there: string, image: string | null): PersonArrival['picture'] {
  const base64 = someText(image)
  if (base64 === undefined) return undefined
  const portrait = portraitFrom(base64)
  if (portrait.ok) return portrait
  left({ what: 'picture', which: there, code: 'no-picture', reason: portrait.reason })
  return undefined
}

/** Details by the names of fields here. Trident writes another row each time: the newest of a kind counts. */
export function newestDetails(rows: readonly PortalRow<'member_details'>[]): ReadonlyMap<string, string> {
  const sorted = rows.toSorted((a, b) => (a.entered ?? 0) - (b.entered ?? 0))
  return new Map(
    sorted.flatMap((row) => {
      const [type, value] = [someText(row.type), someText(row.value)]
      return type === undefined || value === undefined ? [] : [[plainName(type, '_'), cleanLine(value, 500)]]
    }),
  )
}

/** What somebody says of themself. */
export function profileOf(
  left: Leave,
  member: PortalRow<'member'>,
  languages: readonly PortalRow<'member_language_skill'>[],
): ProfileArrival {
  const there = member.ident ?? ''
  const line = (text: string | null) => cleanLine(someText(text) ?? '', 200)
  const spoken = languages.flatMap((row) => {
    const [code, skill] = [row.language ?? '', row.skill ?? '']
    if (/^[a-z]{2}$/.test(code) && SKILLS.has(skill)) return [`${code}:${skill}`]
    const which = `${there}: ${cleanLine(`${code} ${skill}`, 60)}`
    left({
      what: 'language',
      which,
      code: 'no-language',
      reason: 'is no language of ISO 639-1 with a skill that we know',
    })
    return []
  })
  const airport = (someText(member.airport) ?? '').toUpperCase()
  return {
    // the nomination page of the portal fills in the domain of the address
    affiliation: line(member.affiliation).replace(/^@/, ''),
    airport: /^[A-Z]{3}$/.test(airport) ? airport : '',
    languages: spoken.toSorted().join(' '),
    phone: line(member.tel_info),
    sms: line(member.sms_info),
    im: cleanText(someText(member.im_info) ?? '', 500),
    postal: cleanText(someText(member.post_info) ?? '', 1000),
    biography: cleanText(someText(member.bio_info) ?? '', 4000),
    ssh_key: cleanText(someText(member.ssh_key) ?? '', 4000),
    hide_email: member.hide_email === true,
  }
}
