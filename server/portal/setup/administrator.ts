import { BadPasswordError } from '../../auth/factors/password-rules.ts'
import { NotFoundError, TrustGroupError } from '../../errors.ts'
import { acceptSetupLink, isSetupLink } from '../../site/setup-link.ts'
import { type Answer, page, type Page, seeOther } from '../answer.ts'
import { codeBlock } from '../components/code-block.ts'
import { textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { line } from '../form.ts'
import { html } from '../html.ts'
import { beginSession } from '../sign-in/begin-session.ts'
import type { OpenVisit } from '../visit.ts'
import type { Words } from '../words/words.ts'
import { pathOf, stepPage } from './steps.ts'

/** 32 bytes in base64url. */
const TOKEN = /^[\w-]{43}$/

type Mistakes = Readonly<Record<string, string>>

/** The form behind the one-time link. */
export async function showAdministrator(visit: OpenVisit): Promise<Answer> {
  const token = await goodToken(visit)
  return token === undefined ? missingPage(visit) : formPage(visit, token, {})
}

/** Makes the first administrator, uses up the link, and signs in whoever has sent the form. */
export async function makeAdministrator(visit: OpenVisit): Promise<Answer> {
  // before the password is hashed: only the holder of a good link may cost us 30 ms
  const token = await goodToken(visit)
  if (token === undefined) return missingPage(visit)
  const { form: given, context, language, words } = visit
  const password = given.get('password') ?? ''
  if (password !== given.get('again')) return formPage(visit, token, { again: words.setup.notSame })
  const name = line(given, 'name')
  try {
    const person = { displayName: line(given, 'display-name'), email: line(given, 'email'), language }
    await acceptSetupLink(context, token, { name, password, ...person })
  } catch (error) {
    if (error instanceof NotFoundError) return missingPage(visit)
    const mistakes = mistakesOf(words, error)
    if (mistakes) return formPage(visit, token, mistakes)
    throw error
  }
  const account = (await context.freshness.read()).access.accountNamed(name)
  if (!account) throw new Error('the first administrator is not there')
  await beginSession(visit, account, ['setup-link'])
  visit.session.toast = words.setup.made(account.displayName)
  return seeOther(pathOf('second-factor'))
}

async function goodToken({ context, params }: OpenVisit): Promise<string | undefined> {
  const token = params['token'] ?? ''
  return TOKEN.test(token) && (await isSetupLink(context, token)) ? token : undefined
}

function formPage(visit: OpenVisit, token: string, mistakes: Mistakes): Page {
  const { words, form: given } = visit
  const { setup } = words
  const wrong = Object.keys(mistakes).length > 0
  const fields = [
    textField({
      name: 'name',
      label: setup.name,
      hint: setup.nameHint,
      mistake: mistakes['name'],
      value: line(given, 'name'),
      autocomplete: 'username',
      maxLength: 64,
      required: true,
      autofocus: !wrong,
    }),
    textField({
      name: 'display-name',
      label: setup.displayName,
      hint: setup.displayNameHint,
      mistake: mistakes['display-name'],
      value: line(given, 'display-name'),
      autocomplete: 'name',
      maxLength: 100,
    }),
    textField({
      name: 'email',
      label: setup.email,
      hint: setup.emailHint,
      mistake: mistakes['email'],
      value: line(given, 'email'),
      type: 'email',
      autocomplete: 'email',
      maxLength: 254,
    }),
    textField({
      name: 'password',
      label: setup.password,
      hint: setup.passwordHint,
      mistake: mistakes['password'],
      type: 'password',
      autocomplete: 'new-password',
      minLength: 15,
      required: true,
    }),
    textField({
      name: 'again',
      label: setup.again,
      mistake: mistakes['again'],
      type: 'password',
      autocomplete: 'new-password',
      required: true,
    }),
  ]
  const body = html`<p>${setup.administratorIntro}</p>
    <p>${setup.linkOnce}</p>
    ${mistakeSummary(visit, mistakes)} ${form(visit, { action: `/setup/${token}`, fields, submit: setup.make })}`
  return stepPage(visit, 'administrator', body, wrong ? 422 : 200)
}

/** The mistake of which field an error tells, in the visitor's words; undefined when it tells of none. */
function mistakesOf({ setup }: Words, error: unknown): Mistakes | undefined {
  if (error instanceof BadPasswordError) return { password: setup.passwordFaults[error.fault] }
  if (!(error instanceof TrustGroupError)) return undefined
  switch (error.code) {
    case 'bad_name':
      return { name: setup.wrongName }
    case 'name_taken':
      return { name: setup.nameTaken }
    case 'bad_display_name':
      return { 'display-name': setup.wrongDisplayName }
    case 'bad_email':
      return { email: setup.wrongEmail }
    default:
      return undefined
  }
}

/** One page for a link that is wrong, used or expired: which of the three is nobody's business. */
function missingPage({ words: { setup, shell } }: OpenVisit): Page {
  return page(
    setup.missingTitle,
    html`<h1>${setup.missingTitle}</h1>
      <p>${setup.missing}</p>
      <p>${setup.missingRemedy}</p>
      ${codeBlock('npx vouchsafe init')}
      <p>${setup.missingElse} <a href="/sign-in">${shell.signIn}</a></p>`,
    { status: 404 },
  )
}
