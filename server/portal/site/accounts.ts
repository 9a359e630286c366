import { findAccounts, ACCOUNTS_PAGE, type FoundAccount } from '../../site/find-accounts.ts'
import { type Page, page } from '../answer.ts'
import { badge } from '../components/badge.ts'
import { emptyState } from '../components/empty-state.ts'
import { selectField, textField } from '../components/field.ts'
import { form } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { pagination } from '../components/pagination.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { line } from '../form.ts'
import { html, type HtmlValue } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { accountPages } from './account.ts'
import { recoverRoutes } from './account-recovery.ts'
import { siteInvitationRoutes } from './invitations.ts'

/** Accounts, for administrators of the site. */
export const accountAdminRoutes: readonly Route[] = [
  signedIn('see-accounts').get('/site/accounts', accountsPage),
  ...accountPages,
  ...recoverRoutes,
  ...siteInvitationRoutes,
]

async function accountsPage(visit: Visit): Promise<Page> {
  const { context, query, words } = visit
  const text = words.accounts
  const asked = {
    text: line(query, 'q').slice(0, 100),
    state: line(query, 'state'),
    after: line(query, 'after').slice(0, 64),
  }
  const active = asked.state === 'active' ? true : asked.state === 'suspended' ? false : undefined
  const found = await findAccounts(context.database, { ...asked, active })
  const shown = found.slice(0, ACCOUNTS_PAGE)
  const last = shown.at(-1)
  const path = (after?: string) => {
    const parameters = Object.entries({ q: asked.text, state: asked.state, ...(after !== undefined && { after }) })
    const given = new URLSearchParams(parameters.filter(([, value]) => value !== '')).toString()
    return given === '' ? '/site/accounts' : `/site/accounts?${given}`
  }
  return page(
    words.shell.accounts,
    html`${pageHeader({
      title: words.shell.accounts,
      lead: text.lead,
      actions: html`<a class="button" href="/site/invitations">${text.invite}</a>`,
    })}
    ${form(visit, {
      action: '/site/accounts',
      method: 'get',
      tone: 'quiet',
      submit: text.find,
      fields: [
        textField({ name: 'q', label: text.search, value: asked.text, type: 'search', maxLength: 100 }),
        selectField({
          name: 'state',
          label: text.state,
          value: asked.state,
          options: [
            ['', text.anyState],
            ['active', text.states.active],
            ['suspended', text.states.suspended],
          ],
        }),
      ],
    })}
    ${
      shown.length === 0
        ? emptyState({
            what: text.none,
            why: text.noneWhy,
            action: html`<a class="button quiet" href="/site/accounts">${text.showAll}</a>`,
          })
        : table({
            caption: text.caption,
            columns: [text.account, text.role, text.state, text.lastSignIn].map((label) => ({ label })),
            rows: shown.map((account) => rowOf(visit, account)),
          })
    }
    ${pagination(visit, {
      first: asked.after === '' ? undefined : path(),
      next: found.length > shown.length && last ? path(last.name) : undefined,
    })}`,
  )
}

function rowOf(visit: Visit, account: FoundAccount): readonly HtmlValue[] {
  const text = visit.words.accounts
  return [
    html`<a href="/site/accounts/${account.name}">${account.displayName}</a
      >${account.displayName !== account.name && html` <span class="hint">${account.name}</span>`}`,
    account.isProgram ? badge(text.program) : account.role === 'administrator' ? text.administrator : text.plain,
    account.active ? badge(text.states.active, 'good') : badge(text.states.suspended, 'bad'),
    account.lastSignInMicros === undefined ? text.never : time(visit, account.lastSignInMicros),
  ]
}
