import { type Invitation } from '../members/invitations/invitations.ts'
import { baseOf } from './base-of.ts'
import { badge } from './components/badge.ts'
import { codeBlock } from './components/code-block.ts'
import { emptyState } from './components/empty-state.ts'
import { textField } from './components/field.ts'
import { actionButton } from './components/form.ts'
import { panel } from './components/panel.ts'
import { table } from './components/table.ts'
import { time } from './components/time.ts'
import { line } from './form.ts'
import { type Html, html } from './html.ts'
import { takeSecretOnce } from './secret-once.ts'
import type { Visit } from './visit.ts'

/** The fields of an invitation, for groups and for the site. */
export function inviteFields({ words, form: sent }: Visit, mistakes: Readonly<Record<string, string>>): Html {
  const text = words.groups
  return html`${textField({
    name: 'email',
    label: text.inviteEmail,
    hint: text.inviteEmailHint,
    type: 'email',
    value: line(sent, 'email'),
    maxLength: 254,
    autocomplete: 'off',
    mistake: mistakes['email'],
  })}${textField({
    name: 'display_name',
    label: text.inviteName,
    hint: text.inviteNameHint,
    value: line(sent, 'display_name'),
    maxLength: 100,
    autocomplete: 'off',
    mistake: mistakes['display_name'],
  })}`
}

/** Says where the new link went: to an address, or onto the next page, which shows it once. */
export function keepInvitation(visit: Visit, token: string, email: string): void {
  if (email === '') visit.session.secretOnce = { kind: 'invitation', lines: [`${baseOf(visit)}/invitation/${token}`] }
  else visit.session.toast = visit.words.groups.inviteMailed(email)
}

/** The link that was just made, where there is one to hand over. */
export function newInvitation(visit: Visit): Html | undefined {
  const { groups } = visit.words
  const [url] = takeSecretOnce(visit, 'invitation') ?? []
  if (url === undefined) return undefined
  return panel(
    groups.inviteLink,
    html`<p>${groups.inviteLinkWhy}</p>
      ${codeBlock(url)}`,
  )
}

/** Invitations with their states. @param base address of the list, to which the forms go */
export function invitationTable(visit: Visit, invitations: readonly Invitation[], base: string): Html {
  const text = visit.words.groups
  if (invitations.length === 0) return emptyState({ what: text.noInvitations, why: text.noInvitationsWhy })
  const tones = { open: 'good', used: 'plain', withdrawn: 'plain', expired: 'warn' } as const
  return table({
    caption: text.invitationsCaption,
    columns: [
      { label: text.invitationFor },
      { label: text.state },
      { label: text.invitationBy },
      { label: text.invitationMade },
      { label: text.invitationExpires },
      { label: '' },
    ],
    rows: invitations.map((each) => [
      [each.displayName, each.email].filter(Boolean).join(', ') || text.invitationAnybody,
      badge(text.invitationStates[each.state], tones[each.state]),
      each.madeBy,
      time(visit, each.createdMicros),
      time(visit, each.expiresMicros),
      each.state === 'open' &&
        actionButton(visit, {
          action: `${base}/${each.id}/withdraw`,
          label: text.withdraw,
          about: [each.displayName, each.email].filter(Boolean).join(', ') || text.invitationAnybody,
        }),
    ]),
  })
}
