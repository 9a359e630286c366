import type { MapChanges, ParticipantEntry } from '../../../policies/participant-map.ts'
import { badge } from '../components/badge.ts'
import { table } from '../components/table.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import type { Visit } from '../visit.ts'

/** More are counted, not listed. */
const MOST = 200

/** What became of one version of the map in another, block by block. */
export function changesTable({ words }: Visit, { added, removed, changed }: MapChanges): Html {
  const text = words.participants
  const rows: readonly HtmlValue[][] = [
    ...removed.map((entry) => [entry.block, badge(text.removed, 'bad'), nameOf(entry), '']),
    ...changed.map(({ before, after }) => [after.block, badge(text.changed, 'warn'), nameOf(before), nameOf(after)]),
    ...added.map((entry) => [entry.block, badge(text.added, 'good'), '', nameOf(entry)]),
  ]
  return html`${table({
    caption: text.changesCaption,
    columns: [{ label: text.block }, { label: text.change }, { label: text.before }, { label: text.after }],
    rows: rows.slice(0, MOST),
  })}
  ${rows.length > MOST && html`<p class="note">${text.moreChanges(rows.length - MOST)}</p>`}`
}

function nameOf({ site, participant, tlp }: ParticipantEntry): string {
  return [participant === site ? site : `${site} → ${participant}`, ...(tlp ? [tlp] : [])].join(', ')
}
