import type { ParticipantEntry } from '../../../policies/participant-map.ts'
import { writeMapCsv, writeMapText, writeMapYaml, writeSilkPrefixMap } from '../../../policies/participant-map-file.ts'
import { NotFoundError } from '../../errors.ts'
import { currentParticipantMap } from '../../site/participants.ts'
import { type Answer, page, type Page } from '../answer.ts'
import { pageHeader } from '../components/page-header.ts'
import { table } from '../components/table.ts'
import { html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'

interface Form {
  readonly name: string
  readonly mediaType: string
  readonly write: (entries: readonly ParticipantEntry[]) => string
}

const plain = 'text/plain; charset=utf-8'

/** The files that the map can be taken away as, by the last part of their address. */
const FORMS: Readonly<Record<string, Form>> = {
  yaml: { name: 'participants.yml', mediaType: 'application/yaml', write: writeMapYaml },
  csv: { name: 'participants.csv', mediaType: 'text/csv; charset=utf-8', write: writeMapCsv },
  text: { name: 'participants.txt', mediaType: plain, write: writeMapText },
  silk: { name: 'participants-ipv4.pmap.txt', mediaType: plain, write: (all) => writeSilkPrefixMap(all, 'ipv4') },
  'silk-ipv6': {
    name: 'participants-ipv6.pmap.txt',
    mediaType: plain,
    write: (all) => writeSilkPrefixMap(all, 'ipv6'),
  },
}

/** The map as a file for other programs. */
export const participantExportRoutes: readonly Route[] = [
  signedIn('see-participants').get('/site/participants/export', exportPage),
  signedIn('see-participants').get('/site/participants/export/:form', download),
]

async function download({ context, params }: Visit): Promise<Answer> {
  const wanted = params['form'] ?? ''
  const form = Object.hasOwn(FORMS, wanted) ? FORMS[wanted] : undefined
  if (!form) throw new NotFoundError('this page')
  const map = await currentParticipantMap(context.database)
  const { name, mediaType, write } = form
  return { kind: 'download', name, mediaType, chunks: [write(map?.entries ?? [])] }
}

function exportPage({ words }: Visit): Page {
  const text = words.participants
  return page(
    `${text.export} · ${text.title}`,
    html`${pageHeader({ title: text.export, lead: text.exportLead })}
      ${table({
        caption: text.export,
        columns: [{ label: text.formColumn }, { label: text.fileColumn }],
        rows: Object.entries(FORMS).map(([form, { name }]) => [
          text.forms[form] ?? form,
          html`<a class="button quiet" href="/site/participants/export/${form}">${name}</a>`,
        ]),
      })}
      <p><a href="/site/participants">${text.back}</a></p>`,
  )
}
