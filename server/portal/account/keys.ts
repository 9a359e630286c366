import { listGroupKeys, listKeys, type GroupKey } from '../../keys/list-keys.ts'
import { finishByOldKey } from '../../keys/pin-certificate.ts'
import { stopChange } from '../../keys/stop-change.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { codeBlock } from '../components/code-block.ts'
import { emptyState } from '../components/empty-state.ts'
import { textArea } from '../components/field.ts'
import { actionButton, form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { line, rowNumber } from '../form.ts'
import { type Html, html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { addKeyRoutes } from './keys-add.ts'
import { refusalAt } from './keys-refusal.ts'
import { oneKeyRoutes } from './keys-one.ts'
import { fingerprint, keyBadges, keyEnd } from './keys-show.ts'
import { accountTabs } from './tabs.ts'

/** One's own OpenPGP keys. */
export const keyRoutes: readonly Route[] = [
  signedIn('see-self').get('/account/keys', (visit) => keysPage(visit, {})),
  signedIn('set-self').post('/account/keys/stop', stop),
  signedIn('set-self').post('/account/keys/change', change),
  ...addKeyRoutes, // before those of `:fingerprint`, which would take `add` for one
  ...oneKeyRoutes,
]

async function stop(visit: Visit): Promise<Answer> {
  const { context, form: sent, session, words } = visit
  await stopChange(context, { ...byOf(visit), group: line(sent, 'group'), changeNo: rowNumber(sent, 'change') })
  session.toast = words.keys.stopped
  return seeOther('/account/keys')
}

/** The old key signs for the new one. */
async function change(visit: Visit): Promise<Answer> {
  const { context, form: sent, session, words, account } = visit
  const changeNo = rowNumber(sent, 'change')
  try {
    await finishByOldKey(context, {
      ...byOf(visit),
      owner: account,
      group: line(sent, 'group'),
      changeNo,
      signature: sent.get(`signature-${changeNo}`) ?? '',
    })
  } catch (error) {
    return await keysPage(visit, refusalAt(error, `signature-${changeNo}`))
  }
  session.toast = words.keys.changed
  return seeOther('/account/keys')
}

async function keysPage(visit: Visit, mistakes: Readonly<Record<string, string>>): Promise<Page> {
  const { context, account, words, nowMicros } = visit
  const text = words.keys
  const owned = await listKeys(context.database, account.accountNo, nowMicros)
  const groups = await listGroupKeys(context, account)
  const add = html`<a class="button" href="/account/keys/add">${text.add}</a>`
  return page(
    text.title,
    html`${accountTabs(visit, 'keys')}
    ${pageHeader({ title: text.title, lead: text.lead, actions: owned.length > 0 ? add : undefined })}
    ${mistakeSummary(visit, mistakes)}
    ${
      owned.length === 0
        ? emptyState({ what: text.none, why: text.noneWhy, action: add })
        : table({
            caption: text.list,
            columns: [text.fingerprint, text.algorithm, text.health, text.expires].map((label) => ({ label })),
            rows: owned.map((key) => [
              html`<a href="/account/keys/${key.fingerprint}">${fingerprint(key.fingerprint)}</a>`,
              key.algorithm,
              keyBadges(visit, key),
              keyEnd(visit, key.expiresMicros),
            ]),
          })
    }
    ${groups.length > 0 && panel(text.groups, groupTable(visit, groups), 'groups')}
    ${groups.map((each) => waitingPanel(visit, each, mistakes))}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function groupTable(visit: Visit, groups: readonly GroupKey[]): Html {
  const text = visit.words.keys
  return table({
    caption: text.groupList,
    columns: [text.group, text.groupKey].map((label) => ({ label })),
    rows: groups.map(({ group, title, pinned }) => [
      html`<a href="/groups/${group}">${title}</a>`,
      pinned === undefined ? text.noKey : fingerprint(pinned),
    ]),
  })
}

function waitingPanel(
  visit: Visit,
  { group, title, waiting }: GroupKey,
  mistakes: Readonly<Record<string, string>>,
): Html | undefined {
  if (!waiting) return undefined
  const text = visit.words.keys
  const { changeNo, readyMicros, statement } = waiting
  const name = `signature-${changeNo}`
  const hidden = html`<input type="hidden" name="group" value="${group}" />
    <input type="hidden" name="change" value="${changeNo}" />`
  return panel(
    text.signChange(title),
    html`<p>${text.to}: ${fingerprint(waiting.fingerprint)}. ${text.waitsUntil}: ${time(visit, readyMicros)}</p>
      ${actionButton(visit, {
        action: '/account/keys/stop',
        label: text.stop,
        about: title,
        tone: 'danger',
        fields: { group, change: String(changeNo) },
      })}
      ${
        statement !== undefined &&
        html`<p>${text.signChangeLead}</p>
          ${codeBlock(statement)}
          ${form(visit, {
            action: '/account/keys/change',
            submit: text.sign,
            fields: html`${hidden}${textArea({
              name,
              label: text.signature,
              hint: text.signatureHint,
              rows: 8,
              mistake: mistakes[name],
            })}`,
          })}`
      }`,
    `change-${changeNo}`,
  )
}
