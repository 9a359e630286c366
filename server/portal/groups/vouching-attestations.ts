import {
  type Attestation,
  attestationsOf,
  retireAttestation,
  wordAttestation,
} from '../../members/vouching/attestations.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { checkBox, textArea, textField } from '../components/field.ts'
import { actionButton, form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { disclosure } from '../components/disclosure.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { paragraphs } from './vouch-fields.ts'
import { vouchingTabs } from './vouching-tabs.ts'

const ALL = '/groups/:group/attestations'

/** What vouchers of a group affirm: for its administrators. */
export const attestationRoutes: readonly Route[] = [
  inGroup('set-group').get(ALL, (visit) => attestationsPage(visit, {})),
  inGroup('set-group').post(ALL, add),
  inGroup('set-group').post(`${ALL}/:attestation/reword`, reword),
  inGroup('set-group').post(`${ALL}/:attestation/retire`, retire),
]

async function add(visit: GroupVisit): Promise<Answer> {
  const { form: sent, context, group, session, words } = visit
  const wanted = { name: line(sent, 'name'), text: paragraphs(sent, 'text'), required: sent.has('required') }
  try {
    await wordAttestation(context, { ...byOf(visit), group: group.name, act: 'add', ...wanted })
  } catch (error) {
    const fields = { bad_attestation_name: 'name', bad_attestation_text: 'text', attestation_already: 'name' }
    return await attestationsPage(visit, mistakeAt(error, fields))
  }
  session.toast = words.vouching.added
  return seeOther(`/groups/${group.name}/attestations`)
}

async function reword(visit: GroupVisit): Promise<Answer> {
  const { form: sent, context, group, session, words, params } = visit
  const name = params['attestation'] ?? ''
  const field = `reword-${name}`
  try {
    const text = paragraphs(sent, field)
    await wordAttestation(context, { ...byOf(visit), group: group.name, act: 'reword', name, text })
  } catch (error) {
    const fields = { bad_attestation_text: field, attestation_same: field }
    return await attestationsPage(visit, mistakeAt(error, fields))
  }
  session.toast = words.vouching.reworded
  return seeOther(`/groups/${group.name}/attestations`)
}

async function retire(visit: GroupVisit): Promise<Answer> {
  const { context, group, session, words, params } = visit
  await retireAttestation(context, { ...byOf(visit), group: group.name, name: params['attestation'] ?? '' })
  session.toast = words.vouching.retired
  return seeOther(`/groups/${group.name}/attestations`)
}

async function attestationsPage(visit: GroupVisit, mistakes: Readonly<Record<string, string>>): Promise<Page> {
  const { context, group, words, form: sent } = visit
  const text = words.vouching
  const attestations = await attestationsOf(context.database, group.groupNo)
  const base = `/groups/${group.name}/attestations`
  return page(
    `${text.attestationsTitle} · ${group.title}`,
    html`${pageHeader({ title: text.attestationsTitle, lead: text.attestationsLead })}
    ${vouchingTabs(visit, 'attestations')} ${mistakeSummary(visit, mistakes)}
    ${
      attestations.length > 0 &&
      table({
        caption: text.attestationsCaption,
        columns: [
          { label: text.attestation },
          { label: text.wording },
          { label: text.version, numeric: true },
          { label: text.required },
          { label: '' },
        ],
        rows: attestations.map((each) => [
          each.name,
          each.text,
          each.version,
          each.required ? text.yes : text.no,
          actionButton(visit, { action: `${base}/${each.name}/retire`, label: text.retire, about: each.name }),
        ]),
      })
    }
    ${attestations.map((each) => rewordForm(visit, each, mistakes))}
    ${panel(
      text.addTitle,
      form(visit, {
        action: base,
        tone: 'quiet',
        fields: [
          textField({
            name: 'name',
            label: text.addName,
            hint: text.addNameHint,
            value: line(sent, 'name'),
            maxLength: 30,
            autocomplete: 'off',
            required: true,
            mistake: mistakes['name'],
          }),
          textArea({
            name: 'text',
            label: text.addText,
            hint: text.addTextHint,
            value: paragraphs(sent, 'text'),
            maxLength: 2000,
            rows: 3,
            required: true,
            mistake: mistakes['text'],
          }),
          checkBox({ name: 'required', label: text.addRequired, checked: sent.size === 0 || sent.has('required') }),
        ],
        submit: text.add,
      }),
    )}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function rewordForm(visit: GroupVisit, each: Attestation, mistakes: Readonly<Record<string, string>>): Html {
  const { vouching: text } = visit.words
  const name = `reword-${each.name}`
  return disclosure(
    text.rewordTitle(each.name),
    form(visit, {
      action: `/groups/${visit.group.name}/attestations/${each.name}/reword`,
      tone: 'quiet',
      fields: textArea({
        name,
        label: text.wording,
        value: visit.form.has(name) ? paragraphs(visit.form, name) : each.text,
        maxLength: 2000,
        rows: 3,
        required: true,
        mistake: mistakes[name],
      }),
      submit: text.reword,
    }),
    name in mistakes,
  )
}
