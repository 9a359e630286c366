import { makeServiceAccount, MAX_SERVICE_PURPOSE } from '../../members/service-accounts.ts'
import { type ListedService, listServices } from '../../members/service-accounts-list.ts'
import type { TrustGroup } from '../../storage/access.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { emptyState } from '../components/empty-state.ts'
import { checkBox, selectField, textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { accountTabs } from './tabs.ts'

/** One's own programs: service accounts with which TAXII clients come. */
export const serviceListRoutes: readonly Route[] = [
  signedIn('see-self').get('/account/services', (visit) => servicesPage(visit, {})),
  signedIn('set-credentials').post('/account/services', make),
]

type Mistakes = Readonly<Record<string, string>>

async function servicesPage(visit: Visit, mistakes: Mistakes): Promise<Page> {
  const text = visit.words.services
  const listed = await listServices(visit.context.database, { owner: visit.account.name })
  const groups = groupsSeen(visit)
  return page(
    text.title,
    html`${accountTabs(visit, 'services')} ${pageHeader({ title: text.title, lead: text.intro })}
    ${mistakeSummary(visit, mistakes)}
    ${listed.length === 0 ? emptyState({ what: text.none, why: text.whyNone }) : serviceTable(visit, listed)}
    ${panel(text.add, groups.length > 0 ? addForm(visit, groups, mistakes) : html`<p class="hint">${text.noGroup}</p>`)}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

/** Those whose collections a program of the visitor can read. */
function groupsSeen({ access, account }: Visit): readonly TrustGroup[] {
  return access
    .groupsOf(account.accountNo)
    .filter(({ groupNo }) => access.membership(account.accountNo, groupNo)?.active)
}

function serviceTable(visit: Visit, listed: readonly ListedService[]): Html {
  const text = visit.words.services
  return table({
    caption: text.list,
    columns: [text.program, text.group, text.may, text.purpose, text.made, text.used].map((label) => ({ label })),
    rows: listed.map((each) => [
      html`<a href="/account/services/${each.account}">${each.account}</a>`,
      each.groupTitle,
      each.canWrite ? text.readsAndWrites : text.reads,
      each.purpose || '–',
      time(visit, each.createdMicros),
      each.usedMicros === undefined ? text.never : time(visit, each.usedMicros),
    ]),
  })
}

function addForm(visit: Visit, groups: readonly TrustGroup[], mistakes: Mistakes): Html {
  const text = visit.words.services
  const { form: sent } = visit
  return form(visit, {
    action: '/account/services',
    submit: text.add,
    fields: [
      selectField({
        name: 'group',
        label: text.group,
        options: groups.map(({ name, title }) => [name, title]),
        value: line(sent, 'group'),
        mistake: mistakes['group'],
      }),
      textField({
        name: 'name',
        label: text.name,
        hint: text.nameHint(visit.account.name),
        value: line(sent, 'name'),
        maxLength: 24,
        required: true,
        autocomplete: 'off',
        mistake: mistakes['name'],
      }),
      textField({
        name: 'purpose',
        label: text.purpose,
        hint: text.purposeHint,
        value: line(sent, 'purpose'),
        maxLength: MAX_SERVICE_PURPOSE,
        mistake: mistakes['purpose'],
      }),
      checkBox({ name: 'write', label: text.canWrite, checked: sent.get('write') === 'on' }),
    ],
  })
}

async function make(visit: Visit): Promise<Answer> {
  const { context, form: sent, session, words } = visit
  const group = line(sent, 'group')
  // one that is not there and one of others get the same words
  if (!groupsSeen(visit).some(({ name }) => name === group)) {
    return await servicesPage(visit, { group: words.services.badGroup })
  }
  try {
    const { account } = await makeServiceAccount(context, {
      ...byOf(visit),
      owner: visit.account.name,
      group,
      name: line(sent, 'name'),
      purpose: line(sent, 'purpose'),
      canWrite: sent.get('write') === 'on',
    })
    session.toast = words.services.done(account)
    return seeOther(`/account/services/${account}`)
  } catch (error) {
    return await servicesPage(
      visit,
      mistakeAt(error, {
        bad_service_name: 'name',
        bad_name: 'name',
        name_taken: 'name',
        too_many: 'name',
        bad_purpose: 'purpose',
      }),
    )
  }
}
