import { compileParticipantMap, type ParticipantEntry } from '../../../policies/participant-map.ts'
import { currentParticipantMap, type MapVersion } from '../../site/participants.ts'
import { type Page, page } from '../answer.ts'
import { emptyState } from '../components/empty-state.ts'
import { textField } from '../components/field.ts'
import { form } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { pagination } from '../components/pagination.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { tlpChip } from '../components/tlp-chip.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { participantEditRoutes } from './participants-edit.ts'
import { participantExportRoutes } from './participants-export.ts'
import { participantHistoryRoutes } from './participants-history.ts'

const HERE = '/site/participants'
const ROWS = 200

/** Whose addresses and domains of the region are whose. */
export const participantRoutes: readonly Route[] = [
  signedIn('see-participants').get(HERE, mapPage),
  ...participantEditRoutes,
  ...participantExportRoutes,
  ...participantHistoryRoutes,
]

async function mapPage(visit: Visit): Promise<Page> {
  const { context, words, query } = visit
  const text = words.participants
  const map = await currentParticipantMap(context.database)
  const entries = map?.entries ?? []
  const from = startOf(query.get('from'), entries.length)
  const next = from + ROWS
  return page(
    text.title,
    html`${pageHeader({ title: text.title, lead: text.lead, actions: waysOn(visit, map) })}
    ${entries.length > 0 && panel(text.ask, askForm(visit, entries))}
    ${
      map === undefined || entries.length === 0
        ? emptyState({ what: text.none, why: text.noneWhy, command: 'vouchsafe participants import map.yml' })
        : html`<p>
              ${text.version(map.versionNo, entries.length)} ${time(visit, map.madeMicros)},
              ${map.madeBy}${map.note && `: ${map.note}`}
            </p>
            ${entryTable(visit, text.caption, entries.slice(from, next))}`
    }
    ${pagination(visit, {
      first: from === 0 ? undefined : HERE,
      next: next < entries.length ? `${HERE}?from=${next}` : undefined,
    })}`,
  )
}

function startOf(given: string | null, count: number): number {
  const from = /^\d{1,6}$/.test(given ?? '') ? Number(given) : 0
  return from < count ? from - (from % ROWS) : 0
}

function waysOn({ words: { participants: text } }: Visit, map: MapVersion | undefined): HtmlValue {
  return [
    html`<a class="button" href="${HERE}/edit">${text.edit}</a>`,
    map && html`<a class="button quiet" href="${HERE}/history">${text.history}</a>`,
    map && html`<a class="button quiet" href="${HERE}/export">${text.export}</a>`,
  ]
}

function askForm(visit: Visit, entries: readonly ParticipantEntry[]): Html {
  const text = visit.words.participants
  const asked = (visit.query.get('ask') ?? '').slice(0, 300)
  const found = asked === '' ? undefined : compileParticipantMap(entries).siteOf(asked)
  return html`${form(visit, {
    method: 'get',
    action: HERE,
    submit: text.askSubmit,
    tone: 'quiet',
    fields: textField({ name: 'ask', label: text.askLabel, hint: text.askHint, value: asked, maxLength: 300 }),
  })}
  ${asked !== '' && html`<p role="status">${found ? text.friend(asked, found) : text.stranger(asked)}</p>`}`
}

/** Entries of a map. */
export function entryTable({ words }: Visit, caption: string, entries: readonly ParticipantEntry[]): Html {
  const text = words.participants
  return table({
    caption,
    columns: [{ label: text.block }, { label: text.site }, { label: text.participant }, { label: text.tlp }],
    rows: entries.map(({ block, site, participant, tlp }) => [block, site, participant, tlp ? tlpChip(tlp) : '']),
  })
}
