import {
  confirmGenerator,
  generatorsOf,
  removeGenerator,
  startGenerator,
  unconfirmedGenerator,
} from '../../auth/factors/code-generators.ts'
import { factorsOf, isSecondFactorDemanded } from '../../auth/factors/held-factors.ts'
import { makeRecoveryCodes, RECOVERY_CODES } from '../../auth/factors/recovery-codes.ts'
import { ConflictError } from '../../errors.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { emptyState } from '../components/empty-state.ts'
import { actionButton, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { line, rowNumber } from '../form.ts'
import { type Html, html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import { proveAgain, renewSession } from '../sign-in/begin-session.ts'
import type { Visit } from '../visit.ts'
import { confirmSteps, MAX_GENERATOR_NAME, recoveryCodeList, startForm } from './generator-steps.ts'
import { accountTabs } from './tabs.ts'

const PATH = '/account/codes'
const CONFIRM = '/account/codes/confirm'

/** One's own code generators and recovery codes. */
export const codeRoutes: readonly Route[] = [
  signedIn('see-self').get(PATH, (visit) => codesPage(visit)),
  signedIn('set-credentials').post(PATH, start),
  signedIn('set-credentials').get(CONFIRM, (visit) => confirmPage(visit)),
  signedIn('set-credentials').post(CONFIRM, confirm),
  signedIn('set-credentials').post('/account/codes/remove', remove),
  signedIn('set-credentials').post('/account/codes/recovery', renewCodes),
]

async function start(visit: Visit): Promise<Answer> {
  const words = visit.words.credentials
  const name = line(visit.form, 'name')
  if (name === '' || name.length > MAX_GENERATOR_NAME) {
    return await codesPage(visit, { name: words.badName(MAX_GENERATOR_NAME) })
  }
  const kind = visit.form.get('kind') === 'hotp' ? 'hotp' : 'totp'
  try {
    visit.session.generatorNo = await startGenerator(visit.context, { account: visit.account, kind, name })
  } catch (error) {
    if (error instanceof ConflictError) return await codesPage(visit, { name: words.tooManyGenerators })
    throw error
  }
  return seeOther(CONFIRM)
}

async function confirm(visit: Visit): Promise<Answer> {
  const { context, words, account, session } = visit
  const { generatorNo } = session
  const confirmed = await confirmGenerator(context, { account, generatorNo, code: line(visit.form, 'code') })
  if (!confirmed) return await confirmPage(visit, words.signIn.wrongCode)
  await renewSession(visit, confirmed.credentialGeneration)
  proveAgain(visit, confirmed.kind)
  if (confirmed.recoveryCodes) return shownOnce(visit, confirmed.recoveryCodes, words.credentials.added)
  visit.session.toast = words.credentials.added
  return seeOther(PATH)
}

async function remove(visit: Visit): Promise<Answer> {
  const { context, account, access, words } = visit
  const generatorNo = rowNumber(visit.form, 'generator')
  try {
    const demanded = isSecondFactorDemanded(access, account)
    await renewSession(visit, await removeGenerator(context, { account, generatorNo, demanded }))
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    const why = error.code === 'factor_demanded' ? words.credentials.lastFactor : words.credentials.lastWay
    return await codesPage(visit, { generators: why })
  }
  visit.session.toast = words.credentials.removed
  return seeOther(PATH)
}

async function renewCodes(visit: Visit): Promise<Answer> {
  if (!visit.account.secondFactor) return await codesPage(visit, { recovery: visit.words.credentials.needsFactor })
  const { codes, credentialGeneration } = await makeRecoveryCodes(visit.context, visit.account)
  await renewSession(visit, credentialGeneration)
  return shownOnce(visit, codes)
}

/** In the answer itself and nowhere else: the database has only hashes of them. */
function shownOnce(visit: Visit, codes: readonly string[], lead?: string): Page {
  const title = visit.words.credentials.codesTitle
  return page(title, html`${pageHeader({ title, lead })} ${recoveryCodeList(visit, codes, PATH)}`)
}

async function confirmPage(visit: Visit, mistake?: string): Promise<Answer> {
  const words = visit.words.credentials
  const generator = await unconfirmedGenerator(visit.context, visit.account.accountNo, visit.session.generatorNo)
  if (!generator) {
    visit.session.toast = words.nothingWaits
    return seeOther(PATH)
  }
  return page(
    words.confirmTitle,
    html`${accountTabs(visit, 'security')} ${pageHeader({ title: words.confirmTitle })}
    ${mistakeSummary(visit, mistake === undefined ? {} : { code: mistake })}
    ${confirmSteps(visit, visit.account, generator, { action: CONFIRM, mistake })}`,
    { status: mistake === undefined ? 200 : 422 },
  )
}

async function codesPage(visit: Visit, mistakes: Readonly<Record<string, string>> = {}): Promise<Page> {
  const words = visit.words.credentials
  const { context, account, nowMicros } = visit
  const held = await context.database.transaction((trx) => factorsOf(trx, account.accountNo, nowMicros))
  return page(
    words.codesPage,
    html`${accountTabs(visit, 'security')} ${pageHeader({ title: words.codesPage, lead: words.codesLead })}
    ${mistakeSummary(visit, mistakes)} ${panel(words.generators, await generatorList(visit), 'generators')}
    ${panel(words.addGenerator, startForm(visit, PATH, mistakes['name']), 'add')}
    ${panel(words.recovery, recovery(visit, held.recoveryCodes), 'recovery')}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

async function generatorList(visit: Visit): Promise<Html> {
  const words = visit.words.credentials
  const all = (await generatorsOf(visit.context, visit.account.accountNo)).filter(({ confirmed }) => confirmed)
  if (all.length === 0) return emptyState({ what: words.noGenerators, why: words.whyNoGenerators })
  return table({
    caption: words.generators,
    columns: [words.generator, words.kind, words.addedOn, words.lastUsed, words.remove].map((label) => ({ label })),
    rows: all.map((each) => [
      each.name,
      words.kinds[each.kind],
      time(visit, each.createdMicros),
      each.lastUsedMicros === undefined ? words.never : time(visit, each.lastUsedMicros),
      actionButton(visit, {
        action: '/account/codes/remove',
        label: words.remove,
        about: each.name,
        tone: 'danger',
        fields: { generator: String(each.generatorNo) },
      }),
    ]),
  })
}

function recovery(visit: Visit, left: number): Html {
  const words = visit.words.credentials
  if (!visit.account.secondFactor) {
    return html`<p>${words.recoveryWhat}</p>
      <p>${words.needsFactor}</p>`
  }
  return html`<p>${words.recoveryWhat} ${left === 0 ? words.recoveryNone : words.recoveryLeft(left, RECOVERY_CODES)}</p>
    ${actionButton(visit, { action: '/account/codes/recovery', label: words.makeCodes })}
    ${left > 0 && html`<p class="hint">${words.makeCodesHint}</p>`}`
}
