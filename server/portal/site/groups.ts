import { NotFoundError } from '../../errors.ts'
import { breakGlass } from '../../members/break-glass.ts'
import { makeGroup } from '../../members/groups.ts'
import { listGroups } from '../../members/list-members.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { emptyState } from '../components/empty-state.ts'
import { checkBox, textArea, textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { table } from '../components/table.ts'
import { line } from '../form.ts'
import { html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'

/** Trust groups as the site sees them: that they are there, and the door with the glass. */
export const groupAdminRoutes: readonly Route[] = [
  signedIn('manage-groups').get('/site/groups', groupsPage),
  signedIn('manage-groups').get('/site/new-group', (visit) => newGroupPage(visit, {})),
  signedIn('manage-groups').post('/site/new-group', make),
  signedIn('break-glass').get('/site/groups/:name/look', (visit) => lookPage(visit, {})),
  signedIn('break-glass').post('/site/groups/:name/look', look),
]

async function groupsPage(visit: Visit): Promise<Page> {
  const { context, words, access, account } = visit
  const text = words.accounts
  const groups = await listGroups(context)
  const add = html`<a class="button" href="/site/new-group">${text.makeGroup}</a>`
  const rows = groups.map((group) => {
    const known = access.group(group.name)
    const isMember = known && access.membership(account.accountNo, known.groupNo)?.active
    return [
      isMember ? html`<a href="/groups/${group.name}">${group.title}</a>` : group.title,
      group.name,
      group.administrators,
      group.second_factor ? text.demanded : '',
      html`<a href="/site/groups/${group.name}/look" aria-label="${text.breakGlass}: ${group.title}"
        >${text.breakGlass}</a
      >`,
    ]
  })
  return page(
    words.shell.groups,
    html`${pageHeader({ title: words.shell.groups, lead: text.groupsLead, actions: rows.length > 0 ? add : undefined })}
    ${
      rows.length === 0
        ? emptyState({
            what: text.noGroups,
            why: text.noGroupsWhy,
            action: add,
            command: `vouchsafe group add water --title "Water utilities" --administrator ${account.name}`,
          })
        : table({
            caption: text.groupsCaption,
            columns: [
              { label: text.groupName },
              { label: text.groupAddress },
              { label: text.groupAdministrators, numeric: true },
              { label: text.groupFactor },
              { label: '' },
            ],
            rows,
          })
    }`,
  )
}

async function make(visit: Visit): Promise<Answer> {
  const { form: sent, context, session, words } = visit
  const wanted = {
    name: line(sent, 'name'),
    title: line(sent, 'title'),
    purpose: (sent.get('purpose') ?? '').replaceAll('\r\n', '\n').trim(),
    secondFactor: sent.has('second_factor'),
    administrator: line(sent, 'administrator'),
  }
  try {
    await makeGroup(context, { ...byOf(visit), ...wanted })
  } catch (error) {
    const fields = {
      bad_group_name: 'name',
      name_taken: 'name',
      bad_title: 'title',
      bad_purpose: 'purpose',
      not_found: 'administrator',
    }
    return newGroupPage(visit, mistakeAt(error, fields))
  }
  session.toast = words.accounts.groupMade(wanted.title)
  return seeOther('/site/groups')
}

function newGroupPage(visit: Visit, mistakes: Readonly<Record<string, string>>): Page {
  const { words, form: sent, account, request } = visit
  const text = words.accounts
  return page(
    text.newTitle,
    html`${pageHeader({ title: text.newTitle })} ${mistakeSummary(visit, mistakes)}
    ${form(visit, {
      action: '/site/new-group',
      submit: text.newSubmit,
      fields: [
        textField({
          name: 'title',
          label: text.newTitleField,
          hint: text.newTitleHint,
          value: line(sent, 'title'),
          maxLength: 100,
          required: true,
          mistake: mistakes['title'],
        }),
        textField({
          name: 'name',
          label: text.newName,
          hint: text.newNameHint,
          value: line(sent, 'name'),
          maxLength: 40,
          required: true,
          mistake: mistakes['name'],
        }),
        textArea({
          name: 'purpose',
          label: text.newPurpose,
          hint: text.newPurposeHint,
          value: sent.get('purpose') ?? '',
          maxLength: 2000,
          mistake: mistakes['purpose'],
        }),
        textField({
          name: 'administrator',
          label: text.newAdministrator,
          hint: text.newAdministratorHint,
          value: request.method === 'GET' ? account.name : line(sent, 'administrator'),
          maxLength: 64,
          required: true,
          mistake: mistakes['administrator'],
        }),
        checkBox({ name: 'second_factor', label: text.newFactor, checked: sent.has('second_factor') }),
      ],
    })}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

async function look(visit: Visit): Promise<Answer> {
  const { context, form: sent, params } = visit
  const group = params['name'] ?? ''
  try {
    await breakGlass(context, { ...byOf(visit), group, reason: line(sent, 'reason') })
  } catch (error) {
    return lookPage(visit, mistakeAt(error, { bad_reason: 'reason' }))
  }
  return seeOther(`/groups/${group}`)
}

function lookPage(visit: Visit, mistakes: Readonly<Record<string, string>>): Page {
  const { access, params, words, form: sent } = visit
  const group = access.group(params['name'] ?? '')
  if (!group) throw new NotFoundError('this page')
  const text = words.accounts
  return page(
    text.glassTitle(group.title),
    html`${pageHeader({ title: text.glassTitle(group.title), lead: text.glassLead })} ${mistakeSummary(visit, mistakes)}
    ${form(visit, {
      action: `/site/groups/${group.name}/look`,
      submit: text.glassSubmit,
      tone: 'danger',
      beside: html`<a class="button quiet" href="/site/groups">${text.glassBack}</a>`,
      fields: textArea({
        name: 'reason',
        label: text.glassReason,
        hint: text.glassReasonHint,
        value: line(sent, 'reason'),
        rows: 4,
        maxLength: 500,
        required: true,
        mistake: mistakes['reason'],
      }),
    })}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}
