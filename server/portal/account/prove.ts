import { factorsOf } from '../../auth/factors/held-factors.ts'
import { takeSecondFactor } from '../../auth/factors/second-factor.ts'
import { sessionHash } from '../../auth/sessions/session-store.ts'
import type { Means } from '../../auth/sessions/web-session.ts'
import { TooManyRequestsError } from '../../errors.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { type Answer, ownPath, type Page, page, seeOther } from '../answer.ts'
import { disclosure } from '../components/disclosure.ts'
import { textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import { proveAgain, renewSession } from '../sign-in/begin-session.ts'
import { PASSKEY_SCRIPT, passkeyButton } from '../sign-in/passkey-button.ts'
import type { Visit } from '../visit.ts'
import { codeField } from './generator-steps.ts'
import { outsideProofs } from './prove-outside.ts'

const PATH = '/account/prove'

/** Showing again that it is you, before a dangerous act: with the second factor where there is one. */
export const proveRoutes: readonly Route[] = [
  signedIn('see-self').get(PATH, (visit) => provePage(visit)),
  signedIn('see-self').post(PATH, prove),
]

type Mistakes = Readonly<Record<string, string>>

async function prove(visit: Visit): Promise<Answer> {
  const { context, account, form: sent, nowMicros, words } = visit
  const field = ['code', 'recovery'].find((name) => sent.has(name)) ?? 'password'
  try {
    const means = field === 'password' ? await byPassword(visit) : await byCode(visit, line(sent, field))
    if (means) {
      await context.database.transaction((trx) =>
        recordAudit(trx, nowMicros, [
          { kind: 'proof_given', actor: account.name, detail: { account: account.name, means } },
        ]),
      )
      await renewSession(visit, account.credentialGeneration)
      proveAgain(visit, means)
      return seeOther(nextOf(visit))
    }
  } catch (error) {
    if (!(error instanceof TooManyRequestsError)) throw error
    for (const [header, value] of Object.entries(error.headers)) visit.response.setHeader(header, value)
    return await provePage(visit, { [field]: words.signIn.tooMany }, error.status)
  }
  const detail = { account: account.name, why: field, network: visit.network, device: visit.device }
  await context.refusals.note({ kind: 'proof_refused', actor: account.name, detail })
  return await provePage(visit, { [field]: words.credentials.wrongProof })
}

async function byCode(visit: Visit, code: string): Promise<Means | undefined> {
  const right = await takeSecondFactor(visit.context, visit.account, code, placeOf(visit))
  return right?.means
}

/** Counts only for an account without a second factor: what protects the sign-in must protect this too. */
async function byPassword(visit: Visit): Promise<Means | undefined> {
  const { account, form: sent } = visit
  return !account.secondFactor && (await isPassword(visit, sent.get('password') ?? '')) ? 'password' : undefined
}

/** Whether it is the account's password; counted. @throws {TooManyRequestsError} after too many wrong ones */
export async function isPassword(visit: Visit, password: string): Promise<boolean> {
  const { context, account } = visit
  const place = placeOf(visit)
  const counted = await context.attempts.begin({ what: 'password', name: account.name, ...place })
  const right = await context.passwords.verify(account.passwordHash, password, { ...place, familiar: true })
  if (right) await context.attempts.succeeded(counted)
  return right
}

/** Each session has its own count: whoever has stolen one cannot use up the tries of the others. */
function placeOf({ network, session, request }: Visit): { readonly network: string; readonly knownBrowser: string } {
  const since = session.signedInMicros ?? 0
  return { network, knownBrowser: `session ${since} ${sessionHash(request.sessionID).toString('hex')}` }
}

async function provePage(
  visit: Visit,
  mistakes: Mistakes = {},
  status = Object.keys(mistakes).length > 0 ? 422 : 200,
): Promise<Page> {
  const words = visit.words.credentials
  const { context, account, nowMicros } = visit
  const { accountNo } = account
  const next = nextOf(visit)
  const held = await context.database.transaction((trx) => factorsOf(trx, accountNo, nowMicros))
  const passkey = await passkeyButton(visit, { action: '/account/prove/passkey', purpose: 'prove', next, accountNo })
  const ways = account.secondFactor
    ? html`${passkey} ${held.generators > 0 && codeForm(visit, next, mistakes['code'])}
      ${held.recoveryCodes > 0 && recoveryForm(visit, next, mistakes['recovery'])}`
    : held.password
      ? passwordForm(visit, next, mistakes['password'])
      : await outsideProofs(visit, next)
  return page(
    words.proveTitle,
    html`${pageHeader({ title: words.proveTitle, lead: words.proveLead })} ${mistakeSummary(visit, mistakes)} ${ways}`,
    { status, scripts: passkey ? [PASSKEY_SCRIPT] : [] },
  )
}

function codeForm(visit: Visit, next: string, mistake?: string): Html {
  const words = visit.words.credentials
  const fields = [hiddenNext(next), codeField(words.proveCode, { mistake, hint: words.codeHint })]
  return form(visit, { action: PATH, submit: words.prove, fields })
}

function recoveryForm(visit: Visit, next: string, mistake?: string): Html {
  const { credentials, signIn } = visit.words
  const field = textField({
    name: 'recovery',
    label: signIn.recovery,
    hint: signIn.recoveryHint,
    mistake,
    autocomplete: 'off',
    required: true,
    maxLength: 40,
  })
  return disclosure(
    credentials.proveRecovery,
    form(visit, { action: PATH, submit: credentials.prove, tone: 'quiet', fields: [hiddenNext(next), field] }),
    mistake !== undefined,
  )
}

function passwordForm(visit: Visit, next: string, mistake?: string): Html {
  const words = visit.words.credentials
  const field = textField({
    name: 'password',
    label: words.provePassword,
    type: 'password',
    mistake,
    autocomplete: 'current-password',
    required: true,
    maxLength: 1024,
    autofocus: true,
  })
  return form(visit, { action: PATH, submit: words.prove, fields: [hiddenNext(next), field] })
}

function hiddenNext(next: string): Html {
  return html`<input type="hidden" name="next" value="${next}" />`
}

function nextOf({ form: sent, query }: Visit): string {
  return ownPath(sent.get('next') ?? query.get('next'))
}
