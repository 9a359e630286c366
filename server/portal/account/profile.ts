import { type Affiliation, affiliationsOf } from '../../members/profile/affiliations.ts'
import { furloughOf, isAway } from '../../members/profile/furlough.ts'
import { photoChanged } from '../../members/profile/photo.ts'
import { profileOf, saveProfile } from '../../members/profile/profile.ts'
import { checkProfile, type MemberProfile } from '../../members/profile/profile-fields.ts'
import { writeLanguages } from '../../members/profile/profile-languages.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { banner } from '../components/banner.ts'
import { disclosure } from '../components/disclosure.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { line } from '../form.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import { sentence } from '../refusal.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { profileFields } from './profile-form.ts'
import { accountTabs } from './tabs.ts'

/** What one says of oneself to the members of one's groups. */
export const profileRoutes: readonly Route[] = [
  signedIn('see-self').get('/account/profile', async (visit) => {
    const profile = await profileOf(visit.context.database, visit.account.accountNo)
    return await profilePage(visit, { ...profile, languages: writeLanguages(profile.languages) }, {})
  }),
  signedIn('set-self').post('/account/profile', save),
]

async function save(visit: Visit): Promise<Answer> {
  const { form: sent, context, account, session, words } = visit
  const written: MemberProfile = {
    affiliation: line(sent, 'affiliation'),
    airport: line(sent, 'airport'),
    languages: line(sent, 'languages'),
    phone: line(sent, 'phone'),
    sms: line(sent, 'sms'),
    im: line(sent, 'im'),
    postal: sent.get('postal') ?? '',
    biography: sent.get('biography') ?? '',
    sshKey: line(sent, 'sshKey'),
    hideEmail: sent.has('hideEmail'),
  }
  const checked = checkProfile(written)
  if (!checked.ok) {
    const problems = Object.entries(checked.problems).map(([field, problem]) => [field, sentence(problem)])
    return await profilePage(visit, written, Object.fromEntries(problems))
  }
  await saveProfile(context, { account, profile: checked.profile })
  session.toast = words.profile.profileSaved
  return seeOther('/account/profile')
}

async function profilePage(
  visit: Visit,
  shown: MemberProfile,
  mistakes: Readonly<Record<string, string>>,
): Promise<Page> {
  const { context, account, nowMicros, words } = visit
  const text = words.profile
  const affiliations = await affiliationsOf(context.database, account.accountNo)
  const furlough = await furloughOf(context.database, account.accountNo, nowMicros)
  const photo = await photoChanged(context.database, account.accountNo)
  return page(
    text.profileTitle,
    html`${accountTabs(visit, 'profile')}
    ${pageHeader({ title: text.profileTitle, lead: text.profileLead, actions: waysOn(visit) })}
    ${isAway(furlough, nowMicros) && banner({ tone: 'plain', text: text.awayNow, link: { path: '/account/away', label: text.awayTitle } })}
    ${mistakeSummary(visit, mistakes)}
    ${photo !== undefined && html`<p><img src="/account/photo/${photo}" alt="${text.photoAlt}" width="96" class="portrait" /></p>`}
    ${form(visit, { action: '/account/profile', submit: words.account.save, fields: profileFields(visit, shown, mistakes) })}
    ${affiliations.length > 0 && disclosure(text.affiliations, affiliationTable(visit, affiliations))}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function waysOn({ words: { profile } }: Visit): HtmlValue {
  return [
    html`<a class="button quiet" href="/account/email">${profile.addressTitle}</a>`,
    html`<a class="button quiet" href="/account/photo">${profile.photoTitle}</a>`,
    html`<a class="button quiet" href="/account/away">${profile.awayTitle}</a>`,
  ]
}

function affiliationTable(visit: Visit, affiliations: readonly Affiliation[]): Html {
  const text = visit.words.profile
  return table({
    caption: text.affiliationsCaption,
    columns: [{ label: text.affiliation }, { label: text.from }, { label: text.until }],
    rows: affiliations.map(({ organisation, fromMicros, untilMicros }) => [
      organisation,
      time(visit, fromMicros),
      untilMicros === undefined ? text.untilNow : time(visit, untilMicros),
    ]),
  })
}
