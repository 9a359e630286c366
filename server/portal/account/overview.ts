import { factorsOf } from '../../auth/factors/held-factors.ts'
import { MAX_DISPLAY_NAME, setProfile } from '../../site/own-profile.ts'
import { isTimeZone, TIME_ZONES } from '../../site/time-zone.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { badge } from '../components/badge.ts'
import { emptyState } from '../components/empty-state.ts'
import { facts } from '../components/facts.ts'
import { selectField, textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { LANGUAGE_NAMES, wordsOf } from '../words/words.ts'
import { accountTabs } from './tabs.ts'

/** One's own account: who one is here, where one belongs, what protects it. */
export const overviewRoutes: readonly Route[] = [
  signedIn('see-self').get('/account', (visit) => overviewPage(visit, {})),
  signedIn('set-self').post('/account', save),
]

interface Given {
  readonly display_name?: string
  readonly language?: string
  readonly time_zone?: string
}

async function save(visit: Visit): Promise<Answer> {
  const { form: sent, words, account, context, session } = visit
  const given = {
    display_name: line(sent, 'display_name'),
    language: line(sent, 'language'),
    time_zone: line(sent, 'time_zone'),
  }
  const text = words.account
  const mistakes = {
    ...(given.display_name.length > MAX_DISPLAY_NAME && { display_name: text.displayNameLong(MAX_DISPLAY_NAME) }),
    ...(!wordsOf(given.language) && { language: text.languageWrong }),
    ...(!isTimeZone(given.time_zone) && { time_zone: text.timeZoneWrong }),
  }
  if (Object.keys(mistakes).length > 0) return await overviewPage(visit, mistakes, given)
  const profile = {
    displayName: given.display_name === account.name ? '' : given.display_name,
    language: given.language,
    timeZone: given.time_zone,
  }
  await setProfile(context, { account, profile })
  session.toast = (wordsOf(given.language) ?? words).account.profileSaved
  return seeOther('/account')
}

async function overviewPage(
  visit: Visit,
  mistakes: Readonly<Record<string, string>>,
  given: Given = {},
): Promise<Page> {
  const { words, account } = visit
  const text = words.account
  return page(
    text.title,
    html`${accountTabs(visit, 'overview')}
    ${pageHeader({ title: text.title, lead: account.role === 'administrator' ? text.siteAdministrator : undefined })}
    ${mistakeSummary(visit, mistakes)}
    ${facts([
      [text.name, html`${account.name}<br /><span class="hint">${text.nameNote}</span>`],
      [text.email, email(visit)],
      [text.lastSignIn, time(visit, visit.session.signedInMicros ?? visit.nowMicros)],
    ])}
    ${panel(text.protection, await protection(visit))} ${panel(text.profile, profileForm(visit, mistakes, given))}
    ${panel(text.groups, groups(visit))}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function email({ words, account }: Visit): Html {
  const text = words.account
  const label = account.email === undefined ? text.addEmail : text.changeEmail
  return html`${account.email ?? text.noEmail}<br /><a href="/account/email">${label}</a>`
}

function profileForm(visit: Visit, mistakes: Readonly<Record<string, string>>, given: Given): Html {
  const { account } = visit
  const text = visit.words.account
  const timeZone = given.time_zone ?? account.timeZone
  // an older name of a zone is not in the list, and stays as it is
  const zones = isTimeZone(timeZone) ? [...new Set([timeZone, ...TIME_ZONES])].toSorted() : TIME_ZONES
  return form(visit, {
    action: '/account',
    submit: text.save,
    fields: [
      textField({
        name: 'display_name',
        label: text.displayName,
        hint: text.displayNameHint,
        value: given.display_name ?? account.displayName,
        autocomplete: 'name',
        maxLength: MAX_DISPLAY_NAME,
        mistake: mistakes['display_name'],
      }),
      selectField({
        name: 'language',
        label: text.language,
        options: Object.entries(LANGUAGE_NAMES),
        value: given.language ?? account.language,
        mistake: mistakes['language'],
      }),
      selectField({
        name: 'time_zone',
        label: text.timeZone,
        hint: text.timeZoneHint,
        options: zones.map((zone) => [zone, zone.replaceAll('_', ' ')] as const),
        value: timeZone,
        mistake: mistakes['time_zone'],
      }),
    ],
  })
}

async function protection(visit: Visit): Promise<Html> {
  const { context, account, nowMicros } = visit
  const text = visit.words.account
  const held = await context.database.transaction((trx) => factorsOf(trx, account.accountNo, nowMicros))
  return html`<p>${account.secondFactor ? badge(text.strong, 'good') : held.password && badge(text.weak, 'warn')}</p>
    ${facts([
      [text.password, held.password ? text.hasPassword : text.noPassword],
      [text.passkeys, held.passkeys],
      [text.generators, held.generators],
      [text.recoveryCodes, held.recoveryCodes],
      [text.devices, held.devices],
    ])}
    <p><a href="/account/security">${text.toSecurity}</a></p>`
}

function groups({ words, access, account }: Visit): Html {
  const text = words.account
  const own = access.groupsOf(account.accountNo)
  if (own.length === 0) return emptyState({ what: text.noGroups, why: text.noGroupsWhy })
  return table({
    caption: text.groupList,
    columns: [{ label: text.group }, { label: text.roles }, { label: text.entry }],
    rows: own.map((group) => [
      html`<a href="/groups/${group.name}">${group.title}</a>`,
      ['member', ...(access.membership(account.accountNo, group.groupNo)?.roles ?? [])]
        .map((role) => text.roleNames[role] ?? role)
        .join(', '),
      html`<a href="/groups/${group.name}/you" aria-label="${text.entryOf(group.title)}">${text.entryChange}</a>`,
    ]),
  })
}
