import { groupKeyring, type KeyCare, keyHealth, type PendingChange, pendingChanges } from '../../keys/group-keys.ts'
import { stopChange } from '../../keys/stop-change.ts'
import { NotFoundError } from '../../errors.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { badge } from '../components/badge.ts'
import { codeBlock } from '../components/code-block.ts'
import { emptyState } from '../components/empty-state.ts'
import { actionButton } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { fingerprint, keyEnd } from '../account/keys-show.ts'
import { type Html, html } from '../html.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { may } from './may.ts'

/** The keys of a group: who can decrypt, what the others must do, and what is about to change. */
export const groupKeyRoutes: readonly Route[] = [
  inGroup('see-members').get('/groups/:group/keys', keysPage),
  inGroup('see-members').get('/groups/:group/keys/keyring', keyring),
  inGroup('manage-members').post('/groups/:group/keys/changes/:change/stop', stop),
]

async function keysPage(visit: GroupVisit): Promise<Page> {
  const { context, group, words, nowMicros } = visit
  const text = words.keys
  const { members, canDecrypt, care } = await keyHealth(context.database, group.groupNo, nowMicros)
  const manages = may(visit, 'manage-members')
  const pending = manages ? await pendingChanges(context.database, group.groupNo) : []
  return page(
    `${text.groupTitle} · ${group.title}`,
    html`${pageHeader({
      title: text.groupTitle,
      lead: text.groupLead(canDecrypt, members),
      actions: html`<a class="button quiet" href="/account/keys">${text.myKeys}</a>`,
    })}
    ${pending.length > 0 && pendingPanel(visit, pending)}
    ${care.length === 0 ? emptyState({ what: text.allGood, why: text.allGoodWhy }) : careTable(visit, care)}
    ${canDecrypt > 0 && keyringPanel(visit)}`,
  )
}

function keyringPanel({ group, words }: GroupVisit): Html {
  const text = words.keys
  return panel(
    text.keyring,
    html`<p>${text.keyringLead}</p>
      <p><a class="button" href="/groups/${group.name}/keys/keyring">${text.download}</a></p>
      ${codeBlock(text.importCommand)}`,
  )
}

function careTable(visit: GroupVisit, care: readonly KeyCare[]): Html {
  const text = visit.words.keys
  return table({
    caption: text.careCaption,
    columns: [text.member, text.health, text.expires, text.todo].map((label) => ({ label })),
    rows: care.map(({ account, displayName, reason, expiresMicros, fingerprint: hex }) => [
      displayName === account ? account : html`${displayName} <span class="hint">${account}</span>`,
      badge(text.care(reason), reason === 'expires-soon' ? 'warn' : 'bad'),
      hex === undefined ? '' : keyEnd(visit, expiresMicros),
      text.nextStep(reason),
    ]),
  })
}

function pendingPanel(visit: GroupVisit, pending: readonly PendingChange[]): Html {
  const text = visit.words.keys
  const base = `/groups/${visit.group.name}/keys/changes`
  return panel(
    text.pending,
    html`<p>${text.pendingLead}</p>
      ${table({
        caption: text.pendingCaption,
        columns: [text.member, text.from, text.to, text.asked2, text.waitsUntil, ''].map((label) => ({ label })),
        rows: pending.map((each) => [
          each.displayName === each.account
            ? each.account
            : html`${each.displayName} <span class="hint">${each.account}</span>`,
          each.from === undefined ? text.noKey : fingerprint(each.from),
          fingerprint(each.to),
          time(visit, each.askedMicros),
          time(visit, each.readyMicros),
          actionButton(visit, {
            action: `${base}/${each.changeNo}/stop`,
            label: text.stop,
            about: each.displayName,
            tone: 'danger',
          }),
        ]),
      })}`,
    'pending',
  )
}

async function keyring({ context, group, nowMicros }: GroupVisit): Promise<Answer> {
  const armored = await groupKeyring(context.database, group.groupNo, nowMicros)
  return { kind: 'download', name: `${group.name}.asc`, mediaType: 'application/pgp-keys', chunks: [armored] }
}

async function stop(visit: GroupVisit): Promise<Answer> {
  const { context, group, params, session, words } = visit
  const number = params['change'] ?? ''
  if (!/^[1-9]\d{0,8}$/.test(number)) throw new NotFoundError('this page')
  await stopChange(context, { ...byOf(visit), group: group.name, changeNo: Number(number) })
  session.toast = words.keys.stopped
  return seeOther(`/groups/${group.name}/keys`)
}
