import type { DueVouch } from '../../members/vouching/vouches-due.ts'
import { badge } from '../components/badge.ts'
import { actionButton } from '../components/form.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { type Html, html } from '../html.ts'
import type { GroupVisit } from '../visit.ts'

/** One's own vouches that end soon, each with the button that renews it; nothing where none does. */
export function duePanel(visit: GroupVisit, due: readonly DueVouch[]): Html | undefined {
  if (due.length === 0) return undefined
  const { vouching: text } = visit.words
  const base = `/groups/${visit.group.name}/vouch`
  return panel(
    text.dueTitle,
    html`<p>${text.dueLead}</p>
      ${table({
        caption: text.dueCaption,
        columns: [{ label: text.person }, { label: text.dueUntil }, { label: text.dueSaid }, { label: '' }],
        rows: due.map((each) => [
          html`<a href="${base}/${each.handle}">${each.name}</a>`,
          html`${time(visit, each.expiresMicros)}${each.isOver && html` ${badge(text.expired, 'bad')}`}`,
          html`${each.text}
          ${each.newAffiliations.length > 0 && html`<p class="hint">${text.dueMoved(each.newAffiliations.join(', '))}</p>`}`,
          actionButton(visit, { action: `${base}/${each.handle}/renew`, label: text.renew, about: each.name }),
        ]),
      })}`,
    'due',
  )
}
