import type { PolicyKey } from '../../../policies/group-policy.ts'
import { changeGroup } from '../../members/groups.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { checkBox, textArea, textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { policyFields, policyFrom } from './policy-form.ts'

/** What an administrator of a group can change of it. */
export const settingsRoutes: readonly Route[] = [
  inGroup('set-group').get('/groups/:group/settings', (visit) =>
    settingsPage(visit, { rules: { ...visit.group.policy, ...policyFrom(visit.query) } }),
  ),
  inGroup('set-group').post('/groups/:group/settings', save),
]

interface Settings {
  readonly title: string
  readonly purpose: string
  readonly secondFactor: boolean
}

/** What the page shows instead of what is saved, and what is wrong with it. */
interface Shown {
  readonly settings?: Settings
  readonly rules?: Readonly<Record<PolicyKey, unknown>>
  readonly mistakes?: Readonly<Record<string, string>>
}

async function save(visit: GroupVisit): Promise<Answer> {
  const { form: sent, context, group, session, words } = visit
  const settings = {
    title: line(sent, 'title'),
    purpose: (sent.get('purpose') ?? '').replaceAll('\r\n', '\n').trim(),
    secondFactor: sent.has('second_factor'),
  }
  try {
    await changeGroup(context, { ...byOf(visit), group: group.name, ...settings })
  } catch (error) {
    const mistakes = mistakeAt(error, { bad_title: 'title', bad_purpose: 'purpose' })
    return settingsPage(visit, { settings, mistakes })
  }
  session.toast = words.groups.settingsSaved
  return seeOther(`/groups/${group.name}/settings`)
}

function fieldsLink({ group, words }: GroupVisit): Html {
  return html`<a class="button quiet" href="/groups/${group.name}/fields">${words.profile.fieldsTitle}</a>`
}

/** Name and purpose, and the rules: two forms, for only rules are rehearsed. */
export function settingsPage(visit: GroupVisit, { settings, rules, mistakes = {} }: Shown): Page {
  const { words, group } = visit
  const { groups: text, policy } = words
  const { title, purpose, secondFactor } = settings ?? group
  return page(
    `${text.settingsTitle} · ${group.title}`,
    html`${pageHeader({ title: text.settingsTitle, lead: group.title, actions: fieldsLink(visit) })}
    ${mistakeSummary(visit, mistakes)}
    ${form(visit, {
      action: `/groups/${group.name}/settings`,
      submit: text.settingsSave,
      fields: [
        textField({
          name: 'title',
          label: text.settingsTitleField,
          hint: text.settingsTitleHint,
          value: title,
          maxLength: 100,
          required: true,
          mistake: mistakes['title'],
        }),
        textArea({
          name: 'purpose',
          label: text.settingsPurpose,
          hint: text.settingsPurposeHint,
          value: purpose,
          maxLength: 2000,
          rows: 6,
          mistake: mistakes['purpose'],
        }),
        checkBox({
          name: 'second_factor',
          label: text.settingsFactor,
          hint: text.settingsFactorHint,
          checked: secondFactor,
        }),
      ],
    })}
    ${panel(
      policy.title,
      html`<p>${policy.lead}</p>
        <div>
          ${form(visit, {
            action: `/groups/${group.name}/settings/rehearsal`,
            method: 'get',
            submit: policy.rehearse,
            fields: policyFields(visit, rules ?? group.policy, mistakes),
          })}
        </div>`,
      'rules',
    )}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}
