import { mapChanges, type MapProblem, type ParticipantEntry } from '../../../policies/participant-map.ts'
import { mapFormOf, readMapFile, writeMapText } from '../../../policies/participant-map-file.ts'
import { currentParticipantMap } from '../../site/participants.ts'
import { MAX_MAP_NOTE, setParticipantMap } from '../../site/participants-change.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { textArea, textField } from '../components/field.ts'
import { fileField } from '../components/file-field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { table } from '../components/table.ts'
import { line } from '../form.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { changesTable } from './participants-changes.ts'

const HERE = '/site/participants/edit'
/** A longer text is edited in a file: it would make the page heavy, and a form takes no more than 256 KiB. */
const MAX_EDITED = 100_000

/** The map as text, or another file in its place: checked and compared first, saved then. */
export const participantEditRoutes: readonly Route[] = [
  signedIn('set-participants').get(HERE, async (visit) => {
    const map = await currentParticipantMap(visit.context.database)
    const text = writeMapText(map?.entries ?? [])
    const isLong = text.length > MAX_EDITED
    return editPage(visit, { text: isLong ? '' : text, basedOn: map?.versionNo ?? 0, isLong })
  }),
  signedIn('set-participants').upload(HERE, take),
]

interface Shown {
  readonly text: string
  readonly basedOn: number
  readonly isLong?: boolean
  readonly mistakes?: Readonly<Record<string, string>>
  readonly problems?: readonly MapProblem[]
  readonly checked?: { readonly before: readonly ParticipantEntry[]; readonly after: readonly ParticipantEntry[] }
}

async function take(visit: Visit): Promise<Answer> {
  const { form: sent, files, context, session, words } = visit
  const say = words.participants
  const uploaded = files.get('file')
  const text = (uploaded ? Buffer.from(uploaded).toString() : (sent.get('text') ?? '')).replaceAll('\r\n', '\n')
  const now = await currentParticipantMap(context.database)
  const given = /^\d{1,9}$/.test(sent.get('based_on') ?? '') ? Number(sent.get('based_on')) : 0
  const read = readMapFile(text, mapFormOf(text))
  if (!read.ok)
    return editPage(visit, { text, basedOn: given, problems: read.problems, mistakes: { text: say.notRead } })
  if (read.entries.length === 0 && now === undefined) {
    return editPage(visit, { text, basedOn: given, mistakes: { text: say.nothing } })
  }
  const checked = { before: now?.entries ?? [], after: read.entries }
  if (sent.get('act') !== 'save' || uploaded) {
    return editPage(visit, { text, basedOn: now?.versionNo ?? 0, checked })
  }
  try {
    const note = line(sent, 'note')
    const done = await setParticipantMap(context, { ...byOf(visit), entries: read.entries, note, basedOn: given })
    session.toast = say.saved(done.versionNo)
  } catch (error) {
    const mistakes = mistakeAt(error, { bad_note: 'note', changed_meanwhile: 'text' })
    return editPage(visit, { text, basedOn: now?.versionNo ?? 0, checked, mistakes })
  }
  return seeOther('/site/participants')
}

function editPage(visit: Visit, { text, basedOn, isLong = false, mistakes = {}, problems, checked }: Shown): Page {
  const say = visit.words.participants
  return page(
    `${say.edit} · ${say.title}`,
    html`${pageHeader({ title: say.edit, lead: say.editLead })} ${mistakeSummary(visit, mistakes)}
      ${problems && problemTable(visit, problems)} ${checked && comparison(visit, checked)}
      ${form(visit, {
        action: HERE,
        upload: true,
        submit: checked ? say.save : say.check,
        fields: [
          html`<input type="hidden" name="based_on" value="${basedOn}" />`,
          checked && html`<input type="hidden" name="act" value="save" />`,
          checked &&
            textField({
              name: 'note',
              label: say.note,
              hint: say.noteHint,
              value: line(visit.form, 'note'),
              maxLength: MAX_MAP_NOTE,
              mistake: mistakes['note'],
            }),
          textArea({
            name: 'text',
            label: say.text,
            hint: isLong ? say.textLong : say.textHint,
            value: text,
            rows: 16,
            mistake: mistakes['text'],
          }),
          !checked && fileField({ name: 'file', label: say.file, hint: say.fileHint, accept: '.yml,.yaml,.csv,.txt' }),
        ],
      })}
      <p><a href="/site/participants">${say.back}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function comparison(visit: Visit, { before, after }: NonNullable<Shown['checked']>): HtmlValue {
  const say = visit.words.participants
  const changes = mapChanges(before, after)
  const count = changes.added.length + changes.removed.length + changes.changed.length
  return html`<p role="status">
      ${count === 0 ? say.same : say.wouldChange(after.length, changes.added.length, changes.removed.length, changes.changed.length)}
    </p>
    ${count > 0 && changesTable(visit, changes)}`
}

function problemTable(visit: Visit, problems: readonly MapProblem[]): Html {
  const { participants: say, profile } = visit.words
  return table({
    caption: say.problems,
    columns: [{ label: profile.fileLine, numeric: true }, { label: profile.fileField }, { label: profile.fileProblem }],
    rows: problems.map(({ line: at, field, problem }) => [at, say.fields[field], problem]),
  })
}
