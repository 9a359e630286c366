import {
  fieldsOf,
  type GroupField,
  MAX_FIELD_LABEL,
  retireGroupField,
  setGroupField,
} from '../../members/profile/group-fields.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { emptyState } from '../components/empty-state.ts'
import { textField } from '../components/field.ts'
import { actionButton, form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'

/** What a group wants to know of its members beside their profiles. */
export const groupFieldRoutes: readonly Route[] = [
  inGroup('set-group').get('/groups/:group/fields', (visit) => fieldsPage(visit, {})),
  inGroup('set-group').post('/groups/:group/fields', save),
  inGroup('set-group').post('/groups/:group/fields/retire', retire),
]

async function save(visit: GroupVisit): Promise<Answer> {
  const { form: sent, context, group, session, words } = visit
  const field = { name: line(sent, 'name'), label: line(sent, 'label') }
  try {
    await setGroupField(context, { ...byOf(visit), group: group.name, ...field })
  } catch (error) {
    const mistakes = mistakeAt(error, { bad_field_name: 'name', bad_field_label: 'label', too_many_fields: 'name' })
    return await fieldsPage(visit, mistakes, field)
  }
  session.toast = words.profile.fieldSaved(field.label)
  return seeOther(`/groups/${group.name}/fields`)
}

async function retire(visit: GroupVisit): Promise<Answer> {
  const { form: sent, context, group, session, words } = visit
  await retireGroupField(context, { ...byOf(visit), group: group.name, name: line(sent, 'name') })
  session.toast = words.profile.fieldRetired
  return seeOther(`/groups/${group.name}/fields`)
}

async function fieldsPage(
  visit: GroupVisit,
  mistakes: Readonly<Record<string, string>>,
  written: GroupField = { name: '', label: '' },
): Promise<Page> {
  const { context, group, words } = visit
  const text = words.profile
  const fields = await fieldsOf(context.database, group.groupNo)
  return page(
    `${text.fieldsTitle} · ${group.title}`,
    html`${pageHeader({ title: text.fieldsTitle, lead: text.fieldsLead })} ${mistakeSummary(visit, mistakes)}
    ${fieldTable(visit, fields)}
    ${panel(
      text.fieldAdd,
      form(visit, {
        action: `/groups/${group.name}/fields`,
        submit: text.fieldSave,
        fields: [
          textField({
            name: 'label',
            label: text.fieldLabel,
            hint: text.fieldLabelHint,
            value: written.label,
            maxLength: MAX_FIELD_LABEL,
            required: true,
            mistake: mistakes['label'],
          }),
          textField({
            name: 'name',
            label: text.fieldName,
            hint: text.fieldNameHint,
            value: written.name,
            maxLength: 30,
            required: true,
            mistake: mistakes['name'],
          }),
        ],
      }),
    )}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function fieldTable(visit: GroupVisit, fields: readonly GroupField[]): Html {
  const text = visit.words.profile
  if (fields.length === 0) return emptyState({ what: text.fieldsNone, why: text.fieldsNoneWhy })
  return table({
    caption: text.fieldList,
    columns: [{ label: text.fieldLabel }, { label: text.fieldName }, { label: text.addressActs }],
    rows: fields.map(({ name, label }) => [
      label,
      html`<code>${name}</code>`,
      actionButton(visit, {
        action: `/groups/${visit.group.name}/fields/retire`,
        label: text.fieldRetire,
        about: label,
        fields: { name },
      }),
    ]),
  })
}
