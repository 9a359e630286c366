import { baseUrl } from '../../admin/base-url.ts'
import { microsOf } from '../../clock.ts'
import { addServiceToken, endServiceAccount } from '../../members/service-accounts.ts'
import { type ListedService, listServices } from '../../members/service-accounts-list.ts'
import { NotFoundError } from '../../errors.ts'
import { listTokens, type ListedToken } from '../../site/list-tokens.ts'
import { revokeToken } from '../../site/tokens.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { badge } from '../components/badge.ts'
import { codeBlock } from '../components/code-block.ts'
import { confirm } from '../components/confirm.ts'
import { emptyState } from '../components/empty-state.ts'
import { facts } from '../components/facts.ts'
import { textField } from '../components/field.ts'
import { actionButton, form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { line, rowNumber } from '../form.ts'
import { type Html, html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { accountTabs } from './tabs.ts'

const PATH = '/account/services/:service'

/** One program of one's own: its tokens, and its end. Somebody else's is as absent. */
export const serviceRoutes: readonly Route[] = [
  signedIn('see-self').get(PATH, (visit) => servicePage(visit, {})),
  signedIn('set-credentials').post(`${PATH}/tokens`, makeToken),
  signedIn('set-credentials').post(`${PATH}/tokens/revoke`, revoke),
  signedIn('set-credentials').get(`${PATH}/end`, endPage),
  signedIn('set-credentials').post(`${PATH}/end`, end),
]

type Mistakes = Readonly<Record<string, string>>

/** @throws {NotFoundError} for whatever is no program of the visitor that works */
async function serviceOf(visit: Visit): Promise<ListedService> {
  const listed = await listServices(visit.context.database, { owner: visit.account.name })
  const service = listed.find(({ account }) => account === visit.params['service'])
  if (!service) throw new NotFoundError('this page')
  return service
}

async function servicePage(visit: Visit, mistakes: Mistakes): Promise<Page> {
  const service = await serviceOf(visit)
  const text = visit.words.services
  const base = `/account/services/${service.account}`
  const tokens = await listTokens(visit.context, service.account)
  return page(
    service.account,
    html`${accountTabs(visit, 'services')}
      ${pageHeader({
        title: service.account,
        actions: html`<a class="button quiet" href="${base}/end">${text.end}</a>`,
      })}
      ${mistakeSummary(visit, mistakes)}
      ${facts([
        [text.group, service.groupTitle],
        [text.may, service.canWrite ? text.readsAndWrites : text.reads],
        [text.purpose, service.purpose || '–'],
      ])}
      ${panel(
        text.tokens,
        tokens.length === 0
          ? emptyState({ what: text.noTokens, why: text.whyNoTokens })
          : tokenTable(visit, tokens, `${base}/tokens/revoke`),
      )}
      ${panel(text.addToken, tokenForm(visit, `${base}/tokens`, mistakes))}
      <p><a href="/account/services">${text.backToAll}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function tokenTable(visit: Visit, tokens: readonly ListedToken[], action: string): Html {
  const words = visit.words.tokens
  const tone = { good: 'good', expired: 'warn', revoked: 'plain' } as const
  return table({
    caption: visit.words.services.tokens,
    columns: [words.name, words.state, words.created, words.expires, words.lastUsed, words.revoke].map((label) => ({
      label,
    })),
    rows: tokens.map((token) => [
      token.name,
      badge(words.states[token.state] ?? token.state, tone[token.state]),
      time(visit, microsOf(token.created) ?? 0),
      time(visit, microsOf(token.expires) ?? 0),
      token.last_used === null ? words.never : time(visit, microsOf(token.last_used) ?? 0),
      token.state === 'good' &&
        actionButton(visit, {
          action,
          label: words.revoke,
          about: token.name,
          tone: 'danger',
          fields: { token: String(token.number) },
        }),
    ]),
  })
}

function tokenForm(visit: Visit, action: string, mistakes: Mistakes): Html {
  const words = visit.words.tokens
  return form(visit, {
    action,
    submit: visit.words.services.addToken,
    fields: [
      textField({
        name: 'name',
        label: words.name,
        hint: words.nameHint,
        value: line(visit.form, 'name'),
        maxLength: 100,
        required: true,
        mistake: mistakes['name'],
      }),
      textField({
        name: 'days',
        label: words.days,
        hint: words.daysHint,
        value: line(visit.form, 'days') || '365',
        inputMode: 'numeric',
        required: true,
        mistake: mistakes['days'],
      }),
    ],
  })
}

async function makeToken(visit: Visit): Promise<Answer> {
  const { context, form: sent, words } = visit
  const { account, group } = await serviceOf(visit)
  const label = line(sent, 'name')
  if (label === '') return await servicePage(visit, { name: words.tokens.badName })
  let token
  try {
    const strong = visit.actor.secondFactor
    const wanted = {
      ...byOf(visit),
      owner: visit.account.name,
      account,
      label,
      days: Number(line(sent, 'days')),
      strong,
    }
    ;({ token } = await addServiceToken(context, wanted))
  } catch (error) {
    return await servicePage(visit, mistakeAt(error, { bad_label: 'name', bad_expiry: 'days' }))
  }
  const root = visit.access.roots.find(({ groupNo }) => groupNo === visit.access.group(group)?.groupNo)
  const address = `${baseUrl(context)}/${root ? `${root.path}/collections` : 'taxii2'}/`
  return page(
    words.services.tokenMade,
    html`<h1>${words.services.tokenMade}</h1>
      <p>${words.tokens.madeText}</p>
      ${codeBlock(token)}
      <p>${words.tokens.tryIt}</p>
      ${codeBlock(`curl -H "Authorization: Bearer ${token}" ${address}`)}
      <p><a href="/account/services/${account}">${words.services.back}</a></p>`,
  )
}

async function revoke(visit: Visit): Promise<Answer> {
  const service = await serviceOf(visit)
  const ofAccountNo = visit.access.accountNamed(service.account)?.accountNo ?? 0
  const tokenNo = rowNumber(visit.form, 'token')
  await revokeToken(visit.context, { actor: visit.account.name, ofAccountNo, tokenNo })
  visit.session.toast = visit.words.tokens.revoked
  return seeOther(`/account/services/${service.account}`)
}

async function endPage(visit: Visit): Promise<Page> {
  const { account } = await serviceOf(visit)
  const text = visit.words.services
  return page(
    text.end,
    html`<h1>${text.end}</h1>
      ${confirm(visit, {
        question: text.endQuestion(account),
        consequence: text.endConsequence,
        action: `/account/services/${account}/end`,
        submit: text.end,
        back: { path: `/account/services/${account}`, label: text.keep },
      })}`,
  )
}

async function end(visit: Visit): Promise<Answer> {
  const { account } = await serviceOf(visit)
  await endServiceAccount(visit.context, { ...byOf(visit), owner: visit.account.name, account })
  visit.session.toast = visit.words.services.ended(account)
  return seeOther('/account/services')
}
