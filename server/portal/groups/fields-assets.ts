import { ASSETS_PAGE } from '../../members/profile/assets.ts'
import { lookAtAssets } from '../../members/profile/assets-look.ts'
import { assetTable } from '../account/assets.ts'
import { type Page, page } from '../answer.ts'
import { byOf } from '../by.ts'
import { emptyState } from '../components/empty-state.ts'
import { pageHeader } from '../components/page-header.ts'
import { pagination } from '../components/pagination.ts'
import { html } from '../html.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'

/** What a member answers for, for administrators of the group. Every look is on the record. */
export const memberAssetRoutes: readonly Route[] = [
  inGroup('see-assets').get('/groups/:group/members/:name/assets', memberAssetsPage),
]

async function memberAssetsPage(visit: GroupVisit): Promise<Page> {
  const { context, group, params, query, words } = visit
  const text = words.profile
  const account = params['name'] ?? ''
  const after = (query.get('after') ?? '').slice(0, 300)
  const found = await lookAtAssets(context, { ...byOf(visit), group: group.name, account, after })
  const shown = found.slice(0, ASSETS_PAGE)
  const last = shown.at(-1)
  const here = `/groups/${group.name}/members/${account}/assets`
  return page(
    `${text.memberAssets(account)} · ${group.title}`,
    html`${pageHeader({ title: text.memberAssets(account), lead: text.memberAssetsLead })}
    ${shown.length === 0 ? emptyState({ what: text.memberAssetsNone, why: text.memberAssetsNoneWhy }) : assetTable(visit, shown)}
    ${pagination(visit, {
      first: after === '' ? undefined : here,
      next:
        found.length > shown.length && last
          ? `${here}?after=${encodeURIComponent(`${last.kind} ${last.value}`)}`
          : undefined,
    })}`,
  )
}
