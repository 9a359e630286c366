import { ASSET_KINDS, isAssetKind, MAX_ASSET_NOTE } from '../../../policies/asset.ts'
import {
  addAsset,
  ASSETS_PAGE,
  countAssets,
  listAssets,
  type OwnAsset,
  removeAsset,
} from '../../members/profile/assets.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { emptyState } from '../components/empty-state.ts'
import { selectField, textField } from '../components/field.ts'
import { actionButton, form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { pagination } from '../components/pagination.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { line, rowNumber } from '../form.ts'
import { type Html, html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { assetImportRoutes } from './assets-import.ts'
import { accountTabs } from './tabs.ts'

const HERE = '/account/assets'

/** What one answers for: one's own list, and nobody else's business but that of one's group administrators. */
export const assetRoutes: readonly Route[] = [
  signedIn('see-self').get(HERE, (visit) => assetsPage(visit, {})),
  signedIn('set-self').post(HERE, add),
  signedIn('set-self').post(`${HERE}/remove`, remove),
  ...assetImportRoutes,
]

async function add(visit: Visit): Promise<Answer> {
  const { form: sent, context, account, session, words } = visit
  const kind = line(sent, 'kind')
  if (!isAssetKind(kind)) return await assetsPage(visit, { kind: words.profile.assetKindWrong })
  const owner = { accountNo: account.accountNo, name: account.name, actor: account.name }
  try {
    const kept = await addAsset(context, owner, { kind, value: sent.get('value') ?? '', note: sent.get('note') ?? '' })
    session.toast = words.profile.assetAdded(kept.value)
  } catch (error) {
    const fields = { bad_asset: 'value', asset_already: 'value', too_many_assets: 'value', bad_note: 'note' }
    return await assetsPage(visit, mistakeAt(error, fields))
  }
  return seeOther(HERE)
}

async function remove({ form: sent, context, account, session, words }: Visit): Promise<Answer> {
  const owner = { accountNo: account.accountNo, name: account.name, actor: account.name }
  await removeAsset(context, owner, rowNumber(sent, 'asset'))
  session.toast = words.profile.assetRemoved
  return seeOther(HERE)
}

async function assetsPage(visit: Visit, mistakes: Readonly<Record<string, string>>): Promise<Page> {
  const { context, account, words, query } = visit
  const text = words.profile
  const after = (query.get('after') ?? '').slice(0, 300)
  const found = await listAssets(context.database, account.accountNo, after)
  const counts = await countAssets(context.database, account.accountNo)
  const shown = found.slice(0, ASSETS_PAGE)
  const last = shown.at(-1)
  const sums = ASSET_KINDS.filter((kind) => counts[kind] > 0).map((kind) => `${text.assetKinds[kind]}: ${counts[kind]}`)
  return page(
    text.assetsTitle,
    html`${accountTabs(visit, 'assets')}
    ${pageHeader({
      title: text.assetsTitle,
      lead: text.assetsLead,
      actions: html`<a class="button quiet" href="${HERE}/import">${text.assetsImport}</a>`,
    })}
    ${mistakeSummary(visit, mistakes)} ${panel(text.assetAdd, addForm(visit, mistakes))}
    ${sums.length > 0 && html`<p>${sums.join(' · ')}</p>`}
    ${
      shown.length === 0
        ? emptyState({ what: text.assetsNone, why: text.assetsNoneWhy })
        : assetTable(visit, shown, (asset) =>
            actionButton(visit, {
              action: `${HERE}/remove`,
              label: text.addressRemove,
              about: asset.value,
              fields: { asset: String(asset.assetNo) },
            }),
          )
    }
    ${pagination(visit, {
      first: after === '' ? undefined : HERE,
      next:
        found.length > shown.length && last
          ? `${HERE}?after=${encodeURIComponent(`${last.kind} ${last.value}`)}`
          : undefined,
    })}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

/** Assets as a table; `act` puts something beside each. */
export function assetTable(visit: Visit, assets: readonly OwnAsset[], act?: (asset: OwnAsset) => Html): Html {
  const text = visit.words.profile
  return table({
    caption: text.assetList,
    columns: [
      { label: text.asset },
      { label: text.assetKind },
      { label: text.assetNote },
      ...(act ? [{ label: text.addressActs }] : []),
    ],
    rows: assets.map((asset) => [asset.value, text.assetKinds[asset.kind], asset.note, ...(act ? [act(asset)] : [])]),
  })
}

function addForm(
  { form: sent, words: { profile: text }, ...visit }: Visit,
  mistakes: Readonly<Record<string, string>>,
) {
  return form(visit, {
    action: HERE,
    submit: text.assetSave,
    fields: [
      selectField({
        name: 'kind',
        label: text.assetKind,
        options: ASSET_KINDS.map((kind) => [kind, text.assetKinds[kind]] as const),
        value: sent.get('kind') ?? 'cidr',
        mistake: mistakes['kind'],
      }),
      textField({
        name: 'value',
        label: text.asset,
        hint: text.assetHint,
        value: sent.get('value') ?? '',
        maxLength: 300,
        required: true,
        mistake: mistakes['value'],
      }),
      textField({
        name: 'note',
        label: text.assetNote,
        hint: text.assetNoteHint,
        value: sent.get('note') ?? '',
        maxLength: MAX_ASSET_NOTE,
        mistake: mistakes['note'],
      }),
    ],
  })
}
