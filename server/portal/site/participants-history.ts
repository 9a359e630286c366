import { mapChanges } from '../../../policies/participant-map.ts'
import { NotFoundError } from '../../errors.ts'
import {
  currentParticipantMap,
  participantMapBefore,
  participantMapHistory,
  participantMapVersion,
} from '../../site/participants.ts'
import { restoreParticipantMap } from '../../site/participants-change.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { facts } from '../components/facts.ts'
import { actionButton } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { changesTable } from './participants-changes.ts'

const HERE = '/site/participants/history'

/** The versions of the map, what each changed, and the way back to one. */
export const participantHistoryRoutes: readonly Route[] = [
  signedIn('see-participants').get(HERE, historyPage),
  signedIn('see-participants').get(`${HERE}/:version`, versionPage),
  signedIn('set-participants').post(`${HERE}/:version/restore`, restore),
]

async function historyPage(visit: Visit): Promise<Page> {
  const text = visit.words.participants
  const versions = await participantMapHistory(visit.context.database)
  return page(
    `${text.history} · ${text.title}`,
    html`${pageHeader({ title: text.history, lead: text.historyLead })}
      ${table({
        caption: text.historyCaption,
        columns: [{ label: text.versionColumn }, { label: text.made }, { label: text.madeBy }, { label: text.note }],
        rows: versions.map(({ versionNo, madeMicros, madeBy, note }) => [
          html`<a href="${HERE}/${versionNo}">${text.versionName(versionNo)}</a>`,
          time(visit, madeMicros),
          madeBy,
          note,
        ]),
      })}
      <p><a href="/site/participants">${text.back}</a></p>`,
  )
}

async function versionPage(visit: Visit): Promise<Page> {
  const { database } = visit.context
  const text = visit.words.participants
  const version = await participantMapVersion(database, versionOf(visit))
  if (!version) throw new NotFoundError('this page')
  const before = await participantMapBefore(database, version.versionNo)
  const now = await currentParticipantMap(database)
  const changes = mapChanges(before?.entries ?? [], version.entries)
  return page(
    `${text.versionName(version.versionNo)} · ${text.title}`,
    html`${pageHeader({ title: text.versionName(version.versionNo), lead: version.note || undefined })}
      ${facts([
        [text.made, time(visit, version.madeMicros)],
        [text.madeBy, version.madeBy],
        [text.entries, version.entries.length],
      ])}
      ${panel(before ? text.changesTo(before.versionNo) : text.firstVersion, changesTable(visit, changes))}
      ${
        now &&
        now.versionNo !== version.versionNo &&
        actionButton(visit, { action: `${HERE}/${version.versionNo}/restore`, label: text.restore, tone: 'main' })
      }
      <p><a href="${HERE}">${text.history}</a></p>`,
  )
}

async function restore(visit: Visit): Promise<Answer> {
  const versionNo = versionOf(visit)
  const done = await restoreParticipantMap(visit.context, { ...byOf(visit), versionNo })
  visit.session.toast = visit.words.participants.restored(versionNo, done.versionNo)
  return seeOther('/site/participants')
}

function versionOf({ params }: Visit): number {
  const given = params['version'] ?? ''
  if (!/^[1-9]\d{0,8}$/.test(given)) throw new NotFoundError('this page')
  return Number(given)
}
