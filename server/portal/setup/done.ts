import { setSettings, siteSettings } from '../../site/settings.ts'
import { type Answer, type Page, seeOther } from '../answer.ts'
import { codeBlock } from '../components/code-block.ts'
import { form } from '../components/form.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'
import { PASSPHRASE_LINE } from './passphrase-line.ts'
import { backLink, pathOf, stepPage } from './steps.ts'

/** A passphrase that nobody has to think of, a first backup, and one every night; test/setup runs the first two. */
export const BACKUP_LINES: readonly string[] = [
  PASSPHRASE_LINE,
  'npx vouchsafe backup first.backup --passphrase-file passphrase',
  '0 3 * * *  cd /srv/vouchsafe && npx vouchsafe backup "$(date +\\%F).backup" --passphrase-file passphrase',
]

const ADDRESS_LINE =
  'VOUCHSAFE_PUBLIC_URL=https://intel.example.org:8443 npx vouchsafe serve --host 0.0.0.0 --port 8443 --tls-self-signed'

/** What comes next: each a link or a line to copy. */
export function showDone(visit: Visit): Page {
  const { setup } = visit.words
  const link = (path: string, label: string, why: string) =>
    html`<li>
      <a href="${path}"><strong>${label}</strong></a>
      <p>${why}</p>
    </li>`
  const lines = (label: string, why: string, block: Html) =>
    html`<li>
      <strong>${label}</strong>
      <p>${why}</p>
      ${block}
    </li>`
  const body = html`<p>${setup.doneIntro(siteSettings(visit.access).name)}</p>
    <ol class="next-steps">
      ${link('/site/groups', setup.nextGroup, setup.nextGroupWhy)}
      ${link('/site/accounts', setup.nextPeople, setup.nextPeopleWhy)}
      ${link('/site/providers', setup.nextProviders, setup.nextProvidersWhy)}
      ${lines(setup.nextBackup, setup.nextBackupWhy, codeBlock(BACKUP_LINES.join('\n')))}
      ${lines(setup.nextAddress, setup.nextAddressWhy, codeBlock(ADDRESS_LINE))}
    </ol>
    ${form(visit, {
      action: pathOf('done'),
      fields: undefined,
      submit: setup.finish,
      beside: backLink(visit, 'done'),
    })}`
  return stepPage(visit, 'done', body)
}

/** The set-up is not offered any more; everything in it can be changed elsewhere. */
export async function finish(visit: Visit): Promise<Answer> {
  await setSettings(visit.context, { actor: visit.account.name, settings: { setupStep: 0 } })
  visit.session.toast = visit.words.setup.ended
  return seeOther('/')
}
