import { addCertificate, type Added, addressesOf } from '../../keys/add-certificate.ts'
import { lookUpKey } from '../../keys/look-up.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { codeBlock } from '../components/code-block.ts'
import { emptyState } from '../components/empty-state.ts'
import { textArea } from '../components/field.ts'
import { fileField } from '../components/file-field.ts'
import { actionButton, form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { line } from '../form.ts'
import { html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { refusalAt } from './keys-refusal.ts'
import { accountTabs } from './tabs.ts'

/** Adding a key: whoever took over a session must not put theirs there, so a recent proof is wanted (ASVS 5.0 7.5.1). */
export const addKeyRoutes: readonly Route[] = [
  signedIn('set-credentials').get('/account/keys/add', (visit) => addPage(visit, {})),
  signedIn('set-credentials').upload('/account/keys/add', upload),
  signedIn('set-credentials').post('/account/keys/look-up', lookUp),
]

async function upload(visit: Visit): Promise<Answer> {
  const { context, account, form: sent, files } = visit
  const sentKey = files.get('file') ?? sent.get('key') ?? ''
  return await adding(visit, () => addCertificate(context, { owner: account, upload: sentKey }), 'key')
}

async function lookUp(visit: Visit): Promise<Answer> {
  const { context, account, form: sent } = visit
  return await adding(visit, () => lookUpKey(context, { owner: account, address: line(sent, 'address') }), 'look-up')
}

async function adding(visit: Visit, add: () => Promise<Added>, field: string): Promise<Answer> {
  const { session, words } = visit
  let added
  try {
    added = await add()
  } catch (error) {
    return await addPage(visit, refusalAt(error, field))
  }
  session.toast = words.keys[added.outcome]
  return seeOther(`/account/keys/${added.fingerprint}`)
}

/** What was pasted is not shown again: it may have been a secret key. */
async function addPage(visit: Visit, mistakes: Readonly<Record<string, string>>): Promise<Page> {
  const { context, account, words } = visit
  const text = words.keys
  const addresses = [...(await addressesOf(context.database, account.accountNo))]
  const toAddresses = html`<a class="button" href="/account/email">${text.toAddresses}</a>`
  return page(
    text.addTitle,
    html`${accountTabs(visit, 'keys')} ${pageHeader({ title: text.addTitle, lead: text.addLead })}
      ${mistakeSummary(visit, mistakes)}
      ${
        addresses.length === 0
          ? emptyState({ what: text.noAddress, why: text.noAddressWhy, action: toAddresses })
          : html`${form(visit, {
                action: '/account/keys/add',
                submit: text.upload,
                upload: true,
                fields: html`${textArea({
                  name: 'key',
                  label: text.paste,
                  hint: text.pasteHint,
                  rows: 10,
                  mistake: mistakes['key'],
                })}${fileField({ name: 'file', label: text.file, hint: text.fileHint, accept: '.asc,.pgp,.gpg,.key' })}`,
              })}
              <p>${text.command}</p>
              ${codeBlock(`gpg --armor --export-options export-minimal --export ${addresses[0] ?? ''}`)}
              ${panel(
                text.lookUp,
                html`<p>${text.lookUpLead}</p>
                  <div class="buttons">
                    ${addresses.map((address) =>
                      actionButton(visit, {
                        action: '/account/keys/look-up',
                        label: text.lookUpAddress(address),
                        fields: { address },
                      }),
                    )}
                  </div>`,
                'look-up',
              )}`
      }
      <p><a href="/account/keys">${text.backToKeys}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}
