import { exportVouches, type VouchExport, vouchExportsOf } from '../../members/vouching/vouch-export.ts'
import { type Answer, type Page, page } from '../answer.ts'
import { byOf } from '../by.ts'
import { form } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { type Html, html } from '../html.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { vouchingTabs } from './vouching-tabs.ts'

const PATH = '/groups/:group/vouch-export'

/** Taking the vouches of a group away, which all its members are told. */
export const vouchExportRoutes: readonly Route[] = [
  inGroup('export-vouches').get(PATH, exportPage),
  inGroup('export-vouches').post(PATH, download),
]

async function exportPage(visit: GroupVisit): Promise<Page> {
  const { context, group, words } = visit
  const text = words.vouching
  const exports = await vouchExportsOf(context.database, group.groupNo)
  return page(
    `${text.exportTitle} · ${group.title}`,
    html`${pageHeader({ title: text.exportTitle, lead: text.exportLead })} ${vouchingTabs(visit, 'vouch-export')}
      <p class="hint">${text.exportHint}</p>
      ${form(visit, { action: `/groups/${group.name}/vouch-export`, fields: undefined, submit: text.exportSubmit })}
      ${vouchExportsPanel(visit, exports)}`,
  )
}

/** Who took the vouches away; nothing where nobody did. */
function vouchExportsPanel(visit: GroupVisit, exports: readonly VouchExport[]): Html | undefined {
  if (exports.length === 0) return undefined
  const { vouching: text } = visit.words
  return panel(
    text.exportsTitle,
    table({
      caption: text.exportsCaption,
      columns: [{ label: text.exportsWho }, { label: text.exportsWhen }, { label: text.exportsHow, numeric: true }],
      rows: exports.map((each) => [each.by, time(visit, each.atMicros), each.vouches]),
    }),
    'vouch-exports',
  )
}

async function download(visit: GroupVisit): Promise<Answer> {
  const { context, group, nowMicros } = visit
  const { csv } = await exportVouches(context, { ...byOf(visit), group: group.name })
  const day = new Date(nowMicros / 1000).toISOString().slice(0, 10)
  return {
    kind: 'download',
    name: `vouches-${group.name}-${day}.csv`,
    mediaType: 'text/csv; charset=utf-8',
    chunks: [csv],
  }
}
