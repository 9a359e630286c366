import { factorsOf } from '../../auth/factors/held-factors.ts'
import { ConflictError, NotFoundError } from '../../errors.ts'
import { appointAdministrator, unappointAdministrator } from '../../members/site-administrators.ts'
import { type By } from '../../members/permission.ts'
import { accountFacts } from '../../site/find-accounts.ts'
import { restoreAccount, suspendAccount } from '../../site/suspension.ts'
import type { Account } from '../../storage/access.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { badge } from '../components/badge.ts'
import { confirm } from '../components/confirm.ts'
import { facts } from '../components/facts.ts'
import { actionButton } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { time } from '../components/time.ts'
import { type Html, html } from '../html.ts'
import { sentence } from '../refusal.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { plural } from '../words/words.ts'
import { shutPage } from './shut.ts'

const ONE = '/site/accounts/:name'

/** One account: what it is, which ways in it has, and what an administrator of the site can do about it. */
export const accountPages: readonly Route[] = [
  signedIn('see-accounts').get(ONE, (visit) => accountPage(visit, accountOf(visit))),
  signedIn('suspend-account').get(`${ONE}/suspend`, (visit) => suspendPage(visit, accountOf(visit))),
  signedIn('suspend-account').post(`${ONE}/suspend`, (visit) =>
    act(visit, suspendAccount, () => undefined, `/site/accounts/${accountOf(visit).name}/shut`),
  ),
  signedIn('suspend-account').get(`${ONE}/shut`, (visit) => shutPage(visit, accountOf(visit))),
  signedIn('suspend-account').post(`${ONE}/restore`, (visit) =>
    act(visit, restoreAccount, visit.words.accounts.restored),
  ),
  signedIn('appoint-administrator').post(`${ONE}/appoint`, (visit) =>
    act(visit, appointAdministrator, visit.words.accounts.appointed),
  ),
  signedIn('appoint-administrator').post(`${ONE}/unappoint`, (visit) =>
    act(visit, unappointAdministrator, visit.words.accounts.unappointed),
  ),
]

/** The account that the address names. @throws {NotFoundError} */
export function accountOf({ access, params }: Visit): Account {
  const account = access.accountNamed(params['name'] ?? '')
  if (!account) throw new NotFoundError('this page')
  return account
}

async function act(
  visit: Visit,
  use: (context: Visit['context'], wanted: By & { readonly name: string }) => Promise<unknown>,
  said: (name: string) => string | undefined,
  next?: string,
): Promise<Answer> {
  const account = accountOf(visit)
  try {
    await use(visit.context, { ...byOf(visit), name: account.name })
  } catch (error) {
    // the last administrator of something: said on the page, with what to do first
    if (error instanceof ConflictError) return await accountPage(visit, account, sentence(error.message))
    throw error
  }
  const toast = said(account.displayName)
  if (toast !== undefined) visit.session.toast = toast
  return seeOther(next ?? `/site/accounts/${account.name}`)
}

async function accountPage(visit: Visit, account: Account, problem?: string): Promise<Page> {
  const { context, nowMicros, words } = visit
  const text = words.accounts
  const [known, factors] = [
    await accountFacts(context.database, account, nowMicros),
    await context.database.transaction((trx) => factorsOf(trx, account.accountNo, nowMicros)),
  ]
  const yesOrNo = (has: boolean) => (has ? text.yes : text.no)
  return page(
    account.displayName,
    html`${pageHeader({ title: account.displayName, lead: account.displayName === account.name ? undefined : account.name })}
      ${
        problem &&
        html`<div class="mistakes" role="alert">
          <h2>${text.cannot}</h2>
          <p>${problem}</p>
        </div>`
      }
      ${facts([
        [text.state, account.active ? badge(text.states.active, 'good') : badge(text.states.suspended, 'bad')],
        [text.role, account.role === 'administrator' ? text.administrator : text.plain],
        [text.email, account.email ?? text.noEmail],
        [text.made, time(visit, known.createdMicros)],
        [text.lastSignIn, known.lastSignInMicros === undefined ? text.never : time(visit, known.lastSignInMicros)],
      ])}
      ${panel(
        text.credentials,
        facts([
          [text.password, yesOrNo(factors.password)],
          [text.passkeys, yesOrNo(factors.passkeys > 0)],
          [text.generators, yesOrNo(factors.generators > 0)],
          [text.recoveryCodes, yesOrNo(factors.recoveryCodes > 0)],
          [text.devices, yesOrNo(factors.devices > 0)],
          [text.identities, yesOrNo(factors.identities > 0)],
          [text.sessions, known.sessions],
          [text.tokens, known.tokens],
          [text.certificates, known.certificates],
        ]),
      )}
      ${panel(text.memberships, memberships(visit, account))} ${acts(visit, account)}
      <p><a href="/site/accounts">${text.backToAccounts}</a></p>`,
    { status: problem === undefined ? 200 : 409 },
  )
}

/** How many, and not which: this page is no way around the glass. The audit names who was added where. */
function memberships({ access, words, language }: Visit, account: Account): Html {
  const text = words.accounts
  const count = access.groups.filter((group) => access.membership(account.accountNo, group.groupNo)).length
  if (count === 0) return html`<p>${text.noMemberships}</p>`
  return html`<p>${text.memberOf(plural(language, count, text.groupOne, text.groupOther))}</p>`
}

function acts(visit: Visit, account: Account): Html {
  const text = visit.words.accounts
  const base = `/site/accounts/${account.name}`
  if (!account.active) {
    return panel(
      text.suspendedNow,
      html`<p>${text.restoreWhy}</p>
        ${actionButton(visit, { action: `${base}/restore`, label: text.restore, tone: 'main' })}
        <p><a href="${base}/shut">${text.shutCaption}</a></p>`,
    )
  }
  const own = account.accountNo === visit.account.accountNo
  const isAdministrator = account.role === 'administrator'
  return html`${
    !own &&
    panel(
      text.recover,
      html`<p>${text.recoverLead}</p>
        <p><a class="button quiet" href="${base}/recover">${text.recover}</a></p>`,
    )
  }
  ${panel(
    isAdministrator ? text.unappoint : text.appoint,
    html`<p>${isAdministrator ? text.unappointWhy : text.appointWhy}</p>
      ${actionButton(visit, {
        action: `${base}/${isAdministrator ? 'unappoint' : 'appoint'}`,
        label: isAdministrator ? text.unappoint : text.appoint,
      })}`,
  )}
  ${panel(
    text.suspend,
    html`<p>${text.suspendConsequence}</p>
      <p><a class="button danger" href="${base}/suspend">${text.suspend}</a></p>`,
  )}`
}

function suspendPage(visit: Visit, account: Account): Page {
  const text = visit.words.accounts
  const path = `/site/accounts/${account.name}`
  return page(
    text.suspendQuestion(account.displayName),
    html`${pageHeader({ title: text.suspend, lead: account.name })}
    ${confirm(visit, {
      question: text.suspendQuestion(account.displayName),
      consequence: text.suspendConsequence,
      action: `${path}/suspend`,
      submit: text.suspend,
      back: { path, label: text.keepActive },
    })}`,
  )
}
