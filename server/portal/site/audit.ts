import { setTimeout as wait } from 'node:timers/promises'
import { askForVerification, lastVerification } from '../../site/audit-verification.ts'
import { auditKinds, readAudit } from '../../storage/audit-reading.ts'
import { type Answer, page, seeOther } from '../answer.ts'
import { disclosure } from '../components/disclosure.ts'
import { emptyState } from '../components/empty-state.ts'
import { actionButton, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { pagination } from '../components/pagination.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { exportPage, exportFile } from './audit-export.ts'
import { filterForm, filterOf, filterPath } from './audit-filter.ts'
import { recordCells } from './audit-row.ts'
import { verificationOf } from './audit-verification.ts'

const HERE = '/site/audit'
const ROWS = 50
/** A press of the button waits so long for the walk: most chains are done by then. */
const PATIENCE_MILLIS = 3000
const LOOK_MILLIS = 100

/** The audit of the site: to read, to verify, to take away. */
export const auditRoutes: readonly Route[] = [
  signedIn('see-audit').get(HERE, auditPage),
  signedIn('see-audit').post(`${HERE}/verify`, verify),
  signedIn('export-audit').get(`${HERE}/export`, exportPage),
  signedIn('export-audit').post(`${HERE}/export`, exportFile),
]

async function auditPage(visit: Visit): Promise<Answer> {
  const { words, context } = visit
  const { database } = context
  const wanted = filterOf(visit, visit.query)
  const before = numberOf(visit.query.get('before'))
  const { records, next, searchedTo } = await readAudit(database, wanted.filter, { before, limit: ROWS })
  const kinds = await auditKinds(database)
  const rows = records.map((record) => recordCells(visit, record))
  const isWrong = Object.keys(wanted.mistakes).length > 0
  // a search that has not come to the end says how far it is
  const searched =
    next !== undefined && records.length < ROWS
      ? html`<p class="note">${words.audit.searched(searchedTo, (before ?? next + records.length) - 1)}</p>`
      : undefined
  const list =
    rows.length === 0 && next === undefined
      ? emptyState({ what: words.audit.none, why: words.audit.noneWhy })
      : rows.length > 0 &&
        table({
          caption: words.audit.list,
          columns: [{ label: words.audit.when }, { label: words.audit.what }],
          rows,
        })
  return page(
    words.audit.title,
    html`${mistakeSummary(visit, wanted.mistakes)}
    ${pageHeader({
      title: words.audit.title,
      lead: words.audit.lead,
      actions: html`<a class="button quiet" href="${filterPath(`${HERE}/export`, wanted)}"
        >${words.audit.exportOpen}</a
      >`,
    })}
    ${panel(
      words.audit.verify,
      html`${verificationOf(visit, await lastVerification(context))}
      ${actionButton(visit, { action: `${HERE}/verify`, label: words.audit.verifyNow })}`,
      'verify',
    )}
    ${disclosure(words.audit.filter, filterForm(visit, wanted, kinds), wanted.given.size > 0)} ${searched}${list}
    ${pagination(visit, {
      first: before === undefined ? undefined : filterPath(HERE, wanted),
      next: next === undefined ? undefined : filterPath(HERE, wanted, { before: String(next) }),
    })}`,
    isWrong ? { status: 422 } : {},
  )
}

async function verify(visit: Visit): Promise<Answer> {
  const { context, words, session, nowMicros } = visit
  await askForVerification(context, visit.account.name)
  session.toast = words.audit.verifyBegun
  for (let waited = 0; waited < PATIENCE_MILLIS; waited += LOOK_MILLIS) {
    const last = await lastVerification(context)
    if (last && last.atMicros > nowMicros) {
      session.toast = words.audit.verifyDone
      break
    }
    await wait(LOOK_MILLIS)
  }
  return seeOther(`${HERE}#verify`)
}

function numberOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
