import { isScope, SCOPES } from '../../auth/programs/scopes.ts'
import { baseUrl } from '../../admin/base-url.ts'
import { microsOf } from '../../clock.ts'
import { listTokens, type ListedToken } from '../../site/list-tokens.ts'
import { addToken, revokeToken } from '../../site/tokens.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { badge } from '../components/badge.ts'
import { emptyState } from '../components/empty-state.ts'
import { checkBox, textField } from '../components/field.ts'
import { actionButton, form, mistakeSummary } from '../components/form.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { line, rowNumber } from '../form.ts'
import { type Html, html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { accountTabs } from './tabs.ts'

/** One's own API tokens: made, shown once, listed with their last use, revoked. */
export const tokenRoutes: readonly Route[] = [
  signedIn('see-self').get('/account/tokens', (visit) => tokensPage(visit, {})),
  signedIn('set-credentials').post('/account/tokens', make),
  signedIn('set-credentials').post('/account/tokens/revoke', revoke),
]

type Mistakes = Readonly<Record<string, string>>

async function tokensPage(visit: Visit, mistakes: Mistakes): Promise<Page> {
  const words = visit.words.tokens
  const listed = await listTokens(visit.context, visit.account.name)
  return page(
    words.title,
    html`${accountTabs(visit, 'tokens')}
      <h1>${words.title}</h1>
      <p>${words.intro}</p>
      ${mistakeSummary(visit, mistakes)}
      ${listed.length === 0 ? emptyState({ what: words.none, why: words.whyNone }) : tokenTable(visit, listed)}
      ${panel(words.add, addForm(visit, mistakes))}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function tokenTable(visit: Visit, listed: readonly ListedToken[]): Html {
  const words = visit.words.tokens
  const tone = { good: 'good', expired: 'warn', revoked: 'plain' } as const
  return table({
    caption: words.list,
    columns: [words.name, words.scopes, words.state, words.created, words.expires, words.lastUsed, words.revoke].map(
      (label) => ({ label }),
    ),
    rows: listed.map((token) => [
      token.name,
      token.scopes.join(', '),
      badge(words.states[token.state] ?? token.state, tone[token.state]),
      time(visit, microsOf(token.created) ?? 0),
      time(visit, microsOf(token.expires) ?? 0),
      token.last_used === null ? words.never : time(visit, microsOf(token.last_used) ?? 0),
      token.state === 'good' &&
        actionButton(visit, {
          action: '/account/tokens/revoke',
          label: words.revoke,
          about: token.name,
          tone: 'danger',
          fields: { token: String(token.number) },
        }),
    ]),
  })
}

function addForm(visit: Visit, mistakes: Mistakes): Html {
  const words = visit.words.tokens
  const chosen = new Set(visit.form.getAll('scope'))
  return form(visit, {
    action: '/account/tokens',
    submit: words.add,
    fields: [
      textField({
        name: 'name',
        label: words.name,
        hint: words.nameHint,
        value: line(visit.form, 'name'),
        mistake: mistakes['name'],
        required: true,
        maxLength: 100,
      }),
      html`<fieldset id="scope">
        <legend>${words.scopes}</legend>
        ${mistakes['scope'] && html`<p class="mistake">${mistakes['scope']}</p>`}
        ${Object.keys(SCOPES)
          .filter(isScope)
          .map((scope) =>
            checkBox({
              name: 'scope',
              id: `scope-${scope.replace(':', '-')}`,
              value: scope,
              label: words.scopeNames[scope],
              checked: chosen.has(scope),
            }),
          )}
      </fieldset>`,
      textField({
        name: 'days',
        label: words.days,
        hint: words.daysHint,
        value: line(visit.form, 'days') || '365',
        mistake: mistakes['days'],
        inputMode: 'numeric',
        required: true,
      }),
    ],
  })
}

async function make(visit: Visit): Promise<Answer> {
  const words = visit.words.tokens
  const label = line(visit.form, 'name')
  const scopes = visit.form.getAll('scope')
  const days = Number(line(visit.form, 'days'))
  const mistakes: Record<string, string> = {}
  if (label === '' || label.length > 100) mistakes['name'] = words.badName
  if (scopes.length === 0 || !scopes.every(isScope)) mistakes['scope'] = words.badScope
  if (!Number.isInteger(days) || days < 1 || days > 365) mistakes['days'] = words.badDays
  if (Object.keys(mistakes).length > 0) return await tokensPage(visit, mistakes)
  const account = visit.account.name
  const { token } = await addToken(visit.context, {
    actor: account,
    account,
    label,
    scopes,
    days,
    strong: visit.actor.secondFactor,
  })
  return page(
    words.made,
    html`<h1>${words.made}</h1>
      <p>${words.madeText}</p>
      <pre><code>${token}</code></pre>
      <p>${words.tryIt}</p>
      <pre><code>${tryLine(visit, scopes, token)}</code></pre>
      <p><a href="/account/tokens">${words.back}</a></p>`,
  )
}

function tryLine({ context }: Visit, scopes: readonly string[], token: string): string {
  const path = scopes.includes('taxii') ? '/taxii2/' : scopes.includes('metrics') ? '/metrics' : '/api/v1/self'
  return `curl -H "Authorization: Bearer ${token}" ${baseUrl(context)}${path}`
}

async function revoke(visit: Visit): Promise<Answer> {
  await revokeToken(visit.context, {
    actor: visit.account.name,
    ofAccountNo: visit.account.accountNo,
    tokenNo: rowNumber(visit.form, 'token'),
  })
  visit.session.toast = visit.words.tokens.revoked
  return seeOther('/account/tokens')
}
