import { addMember } from '../../members/memberships.ts'
import { makeInvitation } from '../../members/invitations/invitations.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { line } from '../form.ts'
import { html } from '../html.ts'
import { inviteFields, keepInvitation } from '../invite-form.ts'
import { mistakeAt } from '../mistake-at.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'

/** Inviting people into a group, and adding those who have an account. */
export const inviteRoutes: readonly Route[] = [
  inGroup('manage-members').get('/groups/:group/invite', (visit) => invitePage(visit, {})),
  inGroup('manage-members').post('/groups/:group/invite', invite),
  inGroup('manage-members').post('/groups/:group/members', add),
]

async function invite(visit: GroupVisit): Promise<Answer> {
  const { form: sent, context, group } = visit
  const [email, displayName] = [line(sent, 'email'), line(sent, 'display_name')]
  try {
    const made = await makeInvitation(context, { ...byOf(visit), group: group.name, email, displayName })
    keepInvitation(visit, made.token, email)
    return seeOther(`/groups/${group.name}/invitations`)
  } catch (error) {
    return invitePage(visit, mistakeAt(error, { bad_address: 'email', bad_display_name: 'display_name' }))
  }
}

async function add(visit: GroupVisit): Promise<Answer> {
  const { form: sent, context, group, session, words } = visit
  const account = line(sent, 'account')
  try {
    await addMember(context, { ...byOf(visit), group: group.name, account })
  } catch (error) {
    return invitePage(visit, mistakeAt(error, { not_found: 'account', member_already: 'account' }))
  }
  session.toast = words.groups.done.added(account)
  return seeOther(`/groups/${group.name}/members`)
}

function invitePage(visit: GroupVisit, mistakes: Readonly<Record<string, string>>): Page {
  const { words, group, form: sent } = visit
  const text = words.groups
  return page(
    `${text.inviteTitle} · ${group.title}`,
    html`${pageHeader({ title: text.inviteTitle, lead: text.inviteLead })} ${mistakeSummary(visit, mistakes)}
      ${form(visit, {
        action: `/groups/${group.name}/invite`,
        fields: inviteFields(visit, mistakes),
        submit: text.inviteSubmit,
      })}
      ${panel(
        text.addTitle,
        form(visit, {
          action: `/groups/${group.name}/members`,
          tone: 'quiet',
          fields: textField({
            name: 'account',
            label: text.addName,
            hint: text.addNameHint,
            value: line(sent, 'account'),
            maxLength: 64,
            autocomplete: 'off',
            mistake: mistakes['account'],
          }),
          submit: text.addSubmit,
        }),
      )}
      <p><a href="/groups/${group.name}/members">${text.backToMembers}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}
