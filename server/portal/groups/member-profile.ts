import { isAwake, localTime } from '../../members/profile/awake.ts'
import type { MemberProfile, MemberView } from '../../members/member-view.ts'
import type { ShownVouch, VouchesAbout } from '../../members/vouching/vouches.ts'
import { badge } from '../components/badge.ts'
import { facts } from '../components/facts.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import type { GroupVisit } from '../visit.ts'
import { languageNames } from './languages.ts'

type Fact = readonly [name: string, value: HtmlValue]

/** The certificate that the group encrypts to, by its whole fingerprint in groups of four. */
export function keyFacts(visit: GroupVisit, { key, profile }: MemberView): readonly Fact[] {
  const { groups } = visit.words
  if (!key) return profile ? [[groups.keyFingerprint, groups.noKey]] : []
  const shown = html`<code>${spaced(key.fingerprint)}</code>
    ${badge(groups.keyStates[key.state], key.state === 'good' ? 'good' : 'warn')}`
  return [
    [groups.keyFingerprint, shown],
    ...(key.expiresMicros === undefined ? [] : [[groups.keyExpires, time(visit, key.expiresMicros)] as const]),
  ]
}

/** A fingerprint in groups of four characters, as people compare them. */
export function spaced(fingerprint: string): string {
  return fingerprint.replaceAll(/.{4}(?=.)/g, '$& ')
}

/** What a member says of themself; fields that are empty are left out. */
export function profilePanels(visit: GroupVisit, member: MemberView): Html {
  const { groups } = visit.words
  const { profile } = member
  if (!profile) return html`<p>${groups.notLetIn}</p>`
  const there = localTime(profile.timeZone, visit.nowMicros)
  const awake = isAwake(profile.timeZone, visit.nowMicros) ? groups.awake : groups.asleep
  const about = filled([
    [groups.affiliation, profile.affiliation],
    [groups.airport, profile.airport],
    [groups.localTime, `${there} (${profile.timeZone}, ${awake})`],
    [groups.languages, languageNames(profile.languages, visit.language)],
    ...profile.fields.map(({ label, value }) => [label, value] as const),
    [groups.biography, paragraphs(profile.biography)],
    [groups.sshKey, profile.sshKey !== '' && html`<code>${profile.sshKey}</code>`],
  ])
  const photo = `/groups/${visit.group.name}/members/${member.name}/photo`
  return html`${panel(
    groups.profile,
    html`${profile.hasPhoto && html`<p><img class="portrait" src="${photo}" alt="${groups.photoOf(member.displayName)}" /></p>`}
    ${facts(about)} ${profile.affiliations.length > 1 && affiliationTable(visit, profile)}`,
  )}
  ${panel(groups.contact, contactFacts(visit, profile))}`
}

function contactFacts({ words }: GroupVisit, profile: MemberProfile): Html {
  const { groups } = words
  const entries: readonly Fact[] = [
    [groups.email, profile.email ?? groups.emailHidden],
    [groups.phone, profile.phone],
    [groups.sms, profile.sms],
    [groups.im, profile.im],
    [groups.postal, paragraphs(profile.postal)],
  ]
  return facts(filled(entries))
}

function filled(entries: readonly Fact[]): readonly Fact[] {
  return entries.filter(([, value]) => value !== '' && value !== false && value !== undefined)
}

function paragraphs(text: string): HtmlValue {
  return text === '' ? '' : text.split(/\n+/).map((line) => html`<p>${line}</p>`)
}

function affiliationTable(visit: GroupVisit, { affiliations }: MemberProfile): Html {
  const { groups } = visit.words
  return table({
    caption: groups.affiliations,
    columns: [groups.affiliation, groups.affiliationFrom, groups.affiliationUntil].map((label) => ({ label })),
    rows: affiliations.map(({ organisation, fromMicros, untilMicros }) => [
      organisation,
      time(visit, fromMicros),
      untilMicros === undefined ? groups.affiliationNow : time(visit, untilMicros),
    ]),
  })
}

/** Vouches for and by a member, as the group shows them; how many there are stands in the headings. */
export function vouchPanels(visit: GroupVisit, member: MemberView, vouches: VouchesAbout, own: boolean): Html {
  const { groups } = visit.words
  const { received, given, shownReceived, shownGiven } = vouches
  const rest = (count: number, shown: number) => count > shown && html`<p>${groups.vouchesNotShown}</p>`
  return html`${panel(
    (own ? groups.vouchesForYou : groups.vouchesFor)(received),
    html`${shownReceived.length > 0 && vouchTable(visit, shownReceived, 'received')}
    ${rest(received, shownReceived.length)}`,
    'received',
  )}
  ${panel(
    (own ? groups.vouchesByYou : groups.vouchesBy)(given),
    html`${shownGiven.length > 0 && vouchTable(visit, shownGiven, 'given')} ${rest(given, shownGiven.length)}`,
    'given',
  )}`
}

function vouchTable(visit: GroupVisit, vouches: readonly ShownVouch[], side: 'received' | 'given'): Html {
  const { groups } = visit.words
  const withText = vouches.some(({ text }) => text !== undefined)
  const link = (account: string | undefined, name: string) =>
    account === undefined ? name : html`<a href="/groups/${visit.group.name}/members/${account}">${name}</a>`
  return table({
    caption: groups.vouchCaption,
    columns: [
      { label: groups.vouchWho },
      ...(withText ? [{ label: groups.vouchText }] : []),
      { label: groups.vouchMade },
      { label: groups.vouchExpires },
    ],
    rows: vouches.map((vouch) => [
      side === 'received' ? link(vouch.voucherAccount, vouch.voucher) : link(vouch.voucheeAccount, vouch.vouchee),
      ...(withText ? [vouch.text ?? ''] : []),
      html`${time(visit, vouch.madeMicros)} ${vouch.isSigned && badge(groups.vouchSigned, 'good')}`,
      vouch.expiresMicros === undefined ? groups.vouchForever : time(visit, vouch.expiresMicros),
    ]),
  })
}
