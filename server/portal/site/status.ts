import type { Check } from '../../doctor/check.ts'
import { type StatusReport, statusReport } from '../../status/status-report.ts'
import { type Answer, page } from '../answer.ts'
import { badge } from '../components/badge.ts'
import { codeBlock } from '../components/code-block.ts'
import { facts } from '../components/facts.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { type Html, html } from '../html.ts'
import { sentence } from '../refusal.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { plural } from '../words/words.ts'

const TONES = { ok: 'good', warn: 'warn', fail: 'bad' } as const

/** How the server is. */
export const statusRoutes: readonly Route[] = [signedIn('see-status').get('/site/status', statusPage)]

/** It does not reload itself (WCAG 2.2.1, 2.2.4): a button looks again, and the page says when it was looked. */
async function statusPage(visit: Visit): Promise<Answer> {
  const { words, context } = visit
  const report = await statusReport(context)
  const wrong = report.checks.filter((check) => check.outcome !== 'ok').toSorted(worstFirst)
  const right = report.checks.filter((check) => check.outcome === 'ok')
  return page(
    words.status.title,
    html`${pageHeader({
        title: words.status.title,
        lead: words.status.lead,
        actions: html`<a class="button" href="/site/status">${words.status.checkNow}</a>`,
      })}
      <p>${summary(visit, wrong)} ${words.status.checkedAt} ${time(visit, report.atMicros)}</p>
      ${
        wrong.length > 0 &&
        panel(
          words.status.toMend,
          wrong.map((check) => toMend(visit, check)),
          'to-mend',
        )
      }
      ${panel(words.status.figures, figures(visit, report), 'figures')}
      ${table({
        caption: words.status.inOrder,
        columns: [{ label: words.status.name }, { label: words.status.found }],
        rows: right.map((check) => [capital(check.name), sentence(check.message)]),
      })}
      <p>${words.status.byCommand}</p>
      ${codeBlock('vouchsafe doctor')}`,
  )
}

function summary({ words, language }: Visit, wrong: readonly Check[]): Html {
  const count = (outcome: Check['outcome']) => wrong.filter((check) => check.outcome === outcome).length
  const [failed, warned] = [count('fail'), count('warn')]
  if (failed + warned === 0) return badge(words.status.good, 'good')
  const { one, other } = words.status.things
  return html`${failed > 0 && badge(words.status.someFail(plural(language, failed, one, other)), 'bad')}
  ${warned > 0 && badge(words.status.someWarn(plural(language, warned, one, other)), 'warn')}`
}

/** Messages hold words of others, for example of a mail relay: text like any other. */
function toMend({ words }: Visit, { name, outcome, message, fix }: Check): Html {
  return html`<h3>${capital(name)} ${badge(words.status.outcome[outcome], TONES[outcome])}</h3>
    <p>${sentence(message)}</p>
    ${fix !== undefined && codeBlock(fix, words.status.whatToDo)}`
}

function figures({ words, language }: Visit, report: StatusReport): Html {
  const { status } = words
  const number = (value: number) => value.toLocaleString(language)
  const millis = (report.latencyMicros / 1000).toLocaleString(language, { maximumFractionDigits: 1 })
  const mebibytes = (report.figures.databaseBytes / 1024 ** 2).toLocaleString(language, { maximumFractionDigits: 0 })
  return facts([
    [status.version, report.version],
    [status.database, report.databaseVersion],
    [status.latency, status.millis(millis)],
    [status.size, status.bytes(mebibytes, 'MiB')],
    [status.records, number(report.figures.auditRecords)],
    [status.accounts, number(report.figures.activeAccounts)],
    [status.sessions, number(report.figures.sessions)],
  ])
}

/** Checks are named for scripts: `data folder`. */
function capital(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`
}

function worstFirst(a: Check, b: Check): number {
  return Number(b.outcome === 'fail') - Number(a.outcome === 'fail')
}
