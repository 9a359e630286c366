import { type AssetFile, readAssetFile } from '../../../policies/asset-file.ts'
import { type AssetImport, importAssets } from '../../members/profile/assets.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { textArea } from '../components/field.ts'
import { fileField } from '../components/file-field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { table } from '../components/table.ts'
import { html, type HtmlValue } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { accountTabs } from './tabs.ts'

const HERE = '/account/assets/import'
/** Problems on the page; the command line tells all. */
const MAX_SHOWN = 50

/** Assets out of a file, rehearsed first. */
export const assetImportRoutes: readonly Route[] = [
  signedIn('set-self').get(HERE, (visit) => importPage(visit, '', {})),
  signedIn('set-self').upload(HERE, take),
]

async function take(visit: Visit): Promise<Answer> {
  const { form: sent, files, context, account, session, words } = visit
  const uploaded = files.get('file')
  const text = uploaded ? Buffer.from(uploaded).toString() : (sent.get('text') ?? '')
  const owner = { accountNo: account.accountNo, name: account.name, actor: account.name }
  const own = readAssetFile(text, account.name)
  // a file about one person is theirs who brings it, whatever it calls them
  const file = own.others.length === 1 && own.assets.length === 0 ? readAssetFile(text) : own
  const rehearse = sent.get('act') !== 'import' || uploaded !== undefined
  let done: AssetImport
  try {
    done = await importAssets(context, owner, file, { rehearse })
  } catch (error) {
    return importPage(visit, text, mistakeAt(error, { too_many_assets: 'text' }))
  }
  if (rehearse) return importPage(visit, text, {}, { file, done })
  session.toast = words.profile.assetsImported(done.added, done.known)
  return seeOther('/account/assets')
}

function importPage(
  visit: Visit,
  text: string,
  mistakes: Readonly<Record<string, string>>,
  rehearsal?: { readonly file: AssetFile; readonly done: AssetImport },
): Page {
  const { words } = visit
  const say = words.profile
  const ready = rehearsal !== undefined && rehearsal.done.added > 0
  return page(
    say.assetsImport,
    html`${accountTabs(visit, 'assets')} ${pageHeader({ title: say.assetsImport, lead: say.assetsImportLead })}
      ${mistakeSummary(visit, mistakes)} ${rehearsal && reportOf(visit, rehearsal.file, rehearsal.done)}
      ${form(visit, {
        action: HERE,
        upload: true,
        submit: ready ? say.assetsImportDo(rehearsal.done.added) : say.assetsImportTry,
        fields: [
          !ready &&
            fileField({
              name: 'file',
              label: say.assetsFile,
              hint: say.assetsFileHint,
              accept: '.csv,.yml,.yaml,.txt',
            }),
          ready && html`<input type="hidden" name="act" value="import" />`,
          textArea({
            name: 'text',
            label: ready ? say.assetsTextReady : say.assetsText,
            hint: say.assetsTextHint,
            value: text,
            rows: 8,
            mistake: mistakes['text'],
          }),
        ],
      })}
      <p><a href="/account/assets">${words.profile.assetsTitle}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function reportOf({ words }: Visit, file: AssetFile, { added, known }: AssetImport): HtmlValue {
  const say = words.profile
  const problems = file.problems.slice(0, MAX_SHOWN)
  return html`<p role="status">
      ${say.assetsRehearsal({ added, known, doubles: file.doubles, refused: file.problems.length })}
    </p>
    ${
      problems.length > 0 &&
      table({
        caption: say.assetsProblems,
        columns: [{ label: say.fileLine, numeric: true }, { label: say.fileField }, { label: say.fileProblem }],
        rows: problems.map(({ line, field, problem }) => [line, say.fileFields[field] ?? field, problem]),
      })
    }`
}
