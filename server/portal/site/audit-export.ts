import { exportAudit, EXPORT_FORMATS } from '../../site/audit-export.ts'
import { BadRequestError } from '../../errors.ts'
import { type Answer, page } from '../answer.ts'
import { breadcrumb } from '../components/breadcrumb.ts'
import { facts } from '../components/facts.ts'
import { form } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'
import { filterFacts, filterFields, filterOf, filterPath } from './audit-filter.ts'

/** Says what a file would hold, before it is made. Whoever comes here has just proven themselves. */
export function exportPage(visit: Visit): Answer {
  const { audit } = visit.words
  const wanted = filterOf(visit, visit.query)
  const chosen = filterFacts(visit, wanted)
  const download = (format: string, submit: string, hint: string): Html =>
    html`<p>${hint}</p>
      ${form(visit, {
        action: '/site/audit/export',
        submit,
        tone: 'quiet',
        fields: html`<input type="hidden" name="format" value="${format}" />${filterFields(wanted)}`,
      })}`
  return page(
    audit.exportTitle,
    html`${breadcrumb(audit.title, [{ path: filterPath('/site/audit', wanted), label: audit.title }])}
    ${pageHeader({ title: audit.exportTitle, lead: audit.exportLead })}
    ${panel(audit.exportWhat, chosen.length === 0 ? html`<p>${audit.everything}</p>` : facts(chosen))}
    ${panel('CSV', download('csv', audit.csv, audit.csvHint))}
    ${panel('JSON', download('jsonl', audit.jsonl, audit.jsonlHint))}`,
  )
}

/** The file itself. */
export async function exportFile(visit: Visit): Promise<Answer> {
  const format = EXPORT_FORMATS.find((each) => each === visit.form.get('format'))
  if (!format) throw new BadRequestError('bad_format', 'choose CSV or JSON lines on the page of the export')
  const { filter } = filterOf(visit, visit.form)
  const chunks = await exportAudit(visit.context, { actor: visit.account.name, format, filter })
  const day = new Date(visit.nowMicros / 1000).toISOString().slice(0, 10)
  return {
    kind: 'download',
    name: `audit-${day}.${format}`,
    mediaType: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl',
    chunks,
  }
}
