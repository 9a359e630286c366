import { changeGroup } from '../../members/groups.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { checkBox, textArea, textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { line } from '../form.ts'
import { html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'

/** What an administrator of a group can change of it. */
export const settingsRoutes: readonly Route[] = [
  inGroup('set-group').get('/groups/:group/settings', (visit) => settingsPage(visit, visit.group, {})),
  inGroup('set-group').post('/groups/:group/settings', save),
]

interface Settings {
  readonly title: string
  readonly purpose: string
  readonly secondFactor: boolean
}

async function save(visit: GroupVisit): Promise<Answer> {
  const { form: sent, context, group, session, words } = visit
  const wanted = {
    title: line(sent, 'title'),
    purpose: (sent.get('purpose') ?? '').replaceAll('\r\n', '\n').trim(),
    secondFactor: sent.has('second_factor'),
  }
  try {
    await changeGroup(context, { ...byOf(visit), group: group.name, ...wanted })
  } catch (error) {
    return settingsPage(visit, wanted, mistakeAt(error, { bad_title: 'title', bad_purpose: 'purpose' }))
  }
  session.toast = words.groups.settingsSaved
  return seeOther(`/groups/${group.name}/settings`)
}

function settingsPage(visit: GroupVisit, shown: Settings, mistakes: Readonly<Record<string, string>>): Page {
  const { words, group } = visit
  const text = words.groups
  return page(
    `${text.settingsTitle} · ${group.title}`,
    html`${pageHeader({ title: text.settingsTitle, lead: group.title })} ${mistakeSummary(visit, mistakes)}
    ${form(visit, {
      action: `/groups/${group.name}/settings`,
      submit: text.settingsSave,
      fields: [
        textField({
          name: 'title',
          label: text.settingsTitleField,
          hint: text.settingsTitleHint,
          value: shown.title,
          maxLength: 100,
          required: true,
          mistake: mistakes['title'],
        }),
        textArea({
          name: 'purpose',
          label: text.settingsPurpose,
          hint: text.settingsPurposeHint,
          value: shown.purpose,
          maxLength: 2000,
          rows: 6,
          mistake: mistakes['purpose'],
        }),
        checkBox({
          name: 'second_factor',
          label: text.settingsFactor,
          hint: text.settingsFactorHint,
          checked: shown.secondFactor,
        }),
      ],
    })}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}
