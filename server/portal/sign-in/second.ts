import { factorsOf } from '../../auth/factors/held-factors.ts'
import { rememberDevice, REMEMBERED_MICROS } from '../../auth/sessions/remembered-devices.ts'
import { type RightCode, takeSecondFactor } from '../../auth/factors/second-factor.ts'
import { TooManyRequestsError } from '../../errors.ts'
import type { Account } from '../../storage/access.ts'
import { codeField } from '../account/generator-steps.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { disclosure } from '../components/disclosure.ts'
import { checkBox, textField } from '../components/field.ts'
import { actionButton, form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { COOKIES, setCookie } from '../cookies.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import { open, type Route } from '../route.ts'
import type { OpenVisit } from '../visit.ts'
import { endSession } from './begin-session.ts'
import { placeOf } from './known-here.ts'
import { PASSKEY_SCRIPT, passkeyButton } from './passkey-button.ts'
import { countCode, type Pending, pendingOf } from './pending.ts'
import { proven } from './proven.ts'
import { signInPage } from './sign-in-page.ts'

/** The second step: a passkey, a code or a recovery code. */
export const secondStepRoutes: readonly Route[] = [
  open.get('/sign-in/second', async (visit) => {
    const under = pendingOf(visit)
    if (!under) return await startAgain(visit)
    return under.account.secondFactor ? await secondPage(visit, under) : seeOther('/sign-in/enrol')
  }),
  open.post('/sign-in/second', async (visit) => {
    const under = pendingOf(visit)
    return under?.account.secondFactor ? await takeStep(visit, under) : await startAgain(visit)
  }),
]

/** The page to sign in, for somebody whose sign-in was under way and is no more. */
export async function startAgain(visit: OpenVisit): Promise<Page> {
  await endSession(visit)
  return await signInPage(visit, { note: visit.words.signIn.startAgain })
}

/** The page to sign in, after too many wrong codes. */
export async function endedByCodes(visit: OpenVisit): Promise<Page> {
  await endSession(visit)
  return await signInPage(visit, { mistake: visit.words.signIn.tooManyCodes, status: 429 })
}

async function takeStep(visit: OpenVisit, under: Pending): Promise<Answer> {
  const { context, form: sent, words } = visit
  const { account } = under
  const field = sent.has('recovery') ? 'recovery' : 'code'
  if (!(await countCode(visit))) return await endedByCodes(visit)
  try {
    const right = await takeSecondFactor(context, account, line(sent, field), placeOf(visit, account.name))
    const answer = right && (await goOn(visit, under, right))
    if (answer) return answer
  } catch (error) {
    if (!(error instanceof TooManyRequestsError)) throw error
    for (const [header, value] of Object.entries(error.headers)) visit.response.setHeader(header, value)
    return await secondPage(visit, under, { [field]: words.signIn.tooMany }, error.status)
  }
  const detail = { account: account.name, why: field, network: visit.network, device: visit.device }
  await context.refusals.note({ kind: 'sign_in_refused', actor: 'anonymous', detail })
  return await secondPage(visit, under, {
    [field]: field === 'code' ? words.signIn.wrongCode : words.signIn.wrongRecovery,
  })
}

async function goOn(visit: OpenVisit, { pending, account }: Pending, right: RightCode): Promise<Answer | undefined> {
  const { means, left } = right
  const proof = { ...pending, means: [...pending.means, means] }
  const answer = await proven(visit, proof, pending.next)
  if (!answer) return undefined
  if (left !== undefined) visit.session.toast = visit.words.signIn.recoveryLeft(left)
  else if (visit.form.get('remember') === 'on') await remember(visit, account)
  return answer
}

async function remember({ context, response, device, network }: OpenVisit, account: Account): Promise<void> {
  const secret = await rememberDevice(context, { account, device, network })
  setCookie(context.config, response, COOKIES.device, secret, REMEMBERED_MICROS)
}

async function secondPage(
  visit: OpenVisit,
  under: Pending,
  mistakes: Readonly<Record<string, string>> = {},
  status = Object.keys(mistakes).length > 0 ? 422 : 200,
): Promise<Page> {
  const { context, words, nowMicros } = visit
  const { accountNo } = under.account
  const { next } = under.pending
  const held = await context.database.transaction((trx) => factorsOf(trx, accountNo, nowMicros))
  const passkey = await passkeyButton(visit, { action: '/sign-in/second/passkey', purpose: 'second', next, accountNo })
  return page(
    words.signIn.secondTitle,
    html`${pageHeader({ title: words.signIn.secondTitle, lead: words.signIn.secondLead(under.account.name) })}
    ${mistakeSummary(visit, mistakes)} ${passkey} ${held.generators > 0 && codeForm(visit, mistakes['code'])}
    ${held.recoveryCodes > 0 && recoveryForm(visit, mistakes['recovery'], held.generators === 0 && !passkey)}
    ${actionButton(visit, { action: '/sign-out', label: words.signIn.cancel })}`,
    { status, scripts: passkey ? [PASSKEY_SCRIPT] : [] },
  )
}

function codeForm(visit: OpenVisit, mistake?: string): Html {
  const words = visit.words.signIn
  return form(visit, {
    action: '/sign-in/second',
    submit: words.submit,
    fields: [
      codeField(words.code, { mistake, hint: words.codeHint }),
      checkBox({ name: 'remember', label: words.remember, hint: words.rememberHint }),
    ],
  })
}

function recoveryForm(visit: OpenVisit, mistake: string | undefined, isOpen: boolean): Html {
  const words = visit.words.signIn
  return disclosure(
    words.useRecovery,
    form(visit, {
      action: '/sign-in/second',
      submit: words.submitRecovery,
      tone: 'quiet',
      fields: textField({
        name: 'recovery',
        label: words.recovery,
        hint: words.recoveryHint,
        mistake,
        autocomplete: 'off',
        required: true,
        maxLength: 40,
      }),
    }),
    isOpen || mistake !== undefined,
  )
}
