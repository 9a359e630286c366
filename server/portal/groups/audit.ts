import { AUDIT_PAGE, groupAudit } from '../../members/group-audit.ts'
import { type Page, page } from '../answer.ts'
import { pageHeader } from '../components/page-header.ts'
import { pagination } from '../components/pagination.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { html } from '../html.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'

/** The part of the audit that is about one group. */
export const auditRoutes: readonly Route[] = [inGroup('see-group-audit').get('/groups/:group/audit', auditPage)]

async function auditPage(visit: GroupVisit): Promise<Page> {
  const { context, group, words, query } = visit
  const text = words.groups
  const before = /^[1-9]\d{0,14}$/.exec(query.get('before') ?? '')?.[0]
  const found = await groupAudit(context.database, group.name, before === undefined ? undefined : Number(before))
  const shown = found.slice(0, AUDIT_PAGE)
  const path = `/groups/${group.name}/audit`
  const last = shown.at(-1)
  return page(
    `${words.shell.groupAudit} · ${group.title}`,
    html`${pageHeader({ title: words.shell.groupAudit, lead: text.auditLead })}
    ${table({
      caption: text.auditCaption,
      columns: [text.auditWhen, text.auditWho, text.auditWhat, text.auditDetails].map((label) => ({ label })),
      rows: shown.map((entry) => [
        time(visit, entry.atMicros),
        entry.actor,
        text.auditKinds[entry.kind] ?? entry.kind.replaceAll('_', ' '),
        entry.detail.map(([name, value]) => `${name.replaceAll('_', ' ')}: ${value}`).join(' · '),
      ]),
    })}
    ${pagination(visit, {
      first: before === undefined ? undefined : path,
      next: found.length > shown.length && last ? `${path}?before=${last.seq}` : undefined,
    })}`,
  )
}
