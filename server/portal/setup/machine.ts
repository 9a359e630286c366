import type { Check } from '../../doctor/check.ts'
import { doctor } from '../../doctor/doctor.ts'
import type { Answer, Page } from '../answer.ts'
import { badge } from '../components/badge.ts'
import { codeBlock } from '../components/code-block.ts'
import { disclosure } from '../components/disclosure.ts'
import { form } from '../components/form.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import type { Visit } from '../visit.ts'
import type { Words } from '../words/words.ts'
import { PASSPHRASE_LINE } from './passphrase-line.ts'
import { backLink, goOn, pathOf, stepPage } from './steps.ts'

const EXAMPLE = 'postgres://vouchsafe@db.example/vouchsafe'

/** The lines that move a site from the embedded database; test/setup runs them as they stand. */
export const MOVE_LINES: readonly string[] = [
  PASSPHRASE_LINE,
  'npx vouchsafe backup site.backup --passphrase-file passphrase',
  `DATABASE_URL=${EXAMPLE} npx vouchsafe restore site.backup --passphrase-file passphrase`,
  `DATABASE_URL=${EXAMPLE} npx vouchsafe restore --confirm`,
]

const TONES = { ok: 'good', warn: 'warn', fail: 'bad' } as const

/** Which database it is, what that means, and everything that `vouchsafe doctor` would say. */
export async function showMachine(visit: Visit): Promise<Page> {
  const { context, words } = visit
  const { setup } = words
  const { checks } = await doctor(context)
  const body = html`<p>${setup.machineIntro}</p>
    ${panel(setup.database, context.database.kind === 'embedded' ? embedded(words) : postgres(words))}
    ${panel(setup.doctor, findings(words, checks))}
    ${form(visit, {
      action: pathOf('machine'),
      fields: undefined,
      submit: setup.next,
      beside: backLink(visit, 'machine'),
    })}`
  return stepPage(visit, 'machine', body)
}

/** On; the page was to be read only. */
export async function leaveMachine(visit: Visit): Promise<Answer> {
  return await goOn(visit, 'machine')
}

function embedded({ setup }: Words): HtmlValue {
  return html`<p><strong>${setup.embedded}</strong></p>
    <p>${setup.embeddedLimits}</p>
    <h3>${setup.moveTitle}</h3>
    <p>${setup.moveIntro}</p>
    ${codeBlock(MOVE_LINES.join('\n'))}
    <p>${setup.moveAfter}</p>`
}

function postgres({ setup }: Words): HtmlValue {
  return html`<p><strong>${setup.postgres}</strong></p>
    <p>${setup.postgresFine}</p>`
}

function findings({ setup }: Words, checks: readonly Check[]): HtmlValue {
  const good = checks.filter(({ outcome }) => outcome === 'ok')
  const others = checks.filter(({ outcome }) => outcome !== 'ok')
  return html`${others.length === 0 ? html`<p>${setup.doctorFine}</p>` : checkTable(setup, setup.doctorRemedies, others)}
    <p>${setup.doctorAgain}</p>
    ${codeBlock('npx vouchsafe doctor')}
    ${good.length > 0 && disclosure(setup.doctorGood(good.length), checkTable(setup, setup.doctor, good))}`
}

/** What a check is about, in the reader's language; one that has no words yet has its name. */
export function labelOf(setup: Words['setup'], name: string): string {
  const labels: Readonly<Record<string, string>> = setup.checks
  const provider = /^provider (.+)$/.exec(name)?.[1]
  return provider === undefined ? (labels[name] ?? name) : setup.checkOfProvider(provider)
}

function checkTable(setup: Words['setup'], caption: string, checks: readonly Check[]): Html {
  return table({
    caption,
    columns: [setup.check, setup.outcome, setup.finding].map((label) => ({ label })),
    rows: checks.map(({ name, outcome, message, fix }) => [
      labelOf(setup, name),
      badge(setup.outcomes[outcome], TONES[outcome]),
      finding(message, fix),
    ]),
  })
}

/** In the words of the command, which are English everywhere. */
function finding(message: string, fix: string | undefined): Html {
  return html`<div lang="en">
    <p>${message}</p>
    ${fix !== undefined && html`<p><code>${fix}</code></p>`}
  </div>`
}
