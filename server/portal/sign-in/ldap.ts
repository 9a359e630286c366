import { setTimeout as wait } from 'node:timers/promises'
import { countedName } from '../../auth/ldap/prove.ts'
import { type LdapRefusal, LdapStrategy } from '../../auth/ldap/strategy.ts'
import { authenticateWith } from '../../auth/passport.ts'
import { type LdapProvider, loadProvider } from '../../auth/providers/providers.ts'
import { NotFoundError } from '../../errors.ts'
import { giveBack } from '../../storage/attempts.ts'
import { type Answer, ownPath } from '../answer.ts'
import { line } from '../form.ts'
import { open, type Route } from '../route.ts'
import type { OpenVisit } from '../visit.ts'
import { freshVisit } from './fresh-visit.ts'
import { ldapPage } from './ldap-page.ts'
import { proven } from './proven.ts'

/** A refusal takes at least this long: a directory checks a password only where there is somebody, and that takes time. */
const LEAST_MILLIS = 300

/** Signing in with name and password of an LDAP directory. */
export const ldapSignInRoutes: readonly Route[] = [
  open.get('/sign-in/ldap/:provider', async (visit) => ldapPage(visit, await providerOf(visit))),
  open.post('/sign-in/ldap/:provider', async (visit) => {
    const provider = await providerOf(visit)
    const [name, password] = [line(visit.form, 'name'), visit.form.get('password') ?? '']
    const mistakes = missing(visit, name, password)
    if (Object.keys(mistakes).length > 0) return ldapPage(visit, provider, { mistakes })
    const began = performance.now()
    const answer = await attempt(visit, provider, { name, password })
    if (answer.kind !== 'refused') return answer.answer
    await wait(Math.max(0, LEAST_MILLIS - (performance.now() - began)))
    return ldapPage(visit, provider, { refusal: sentence(visit, provider, answer.why) })
  }),
]

type Attempted =
  { readonly kind: 'answered'; readonly answer: Answer } | { readonly kind: 'refused'; readonly why: string }

async function attempt(
  visit: OpenVisit,
  provider: LdapProvider,
  form: { readonly name: string; readonly password: string },
): Promise<Attempted> {
  const { context, network, device } = visit
  // counted as of a name at this directory: whether anybody has it makes no difference
  const counted = `ldap:${provider.name}:${countedName(form.name)}`
  const begun = await context.attempts.begin({ what: 'password', name: counted, network })
  const outcome = await authenticateWith(new LdapStrategy(context, provider, form), visit)
  if (outcome.kind === 'proven') {
    const next = ownPath(visit.form.get('next'))
    const answer = await proven(await freshVisit(visit), outcome.proof, next)
    if (!answer) return { kind: 'refused', why: 'wrong' }
    await context.attempts.succeeded(begun)
    await context.attempts.noteFamiliar(counted, network)
    return { kind: 'answered', answer }
  }
  if (outcome.kind === 'redirected') return { kind: 'answered', answer: { kind: 'sent' } }
  // nothing was tried at a directory that is away
  if (outcome.why === 'unavailable') await giveBack(context.database, [begun.own, ...begun.shared])
  const detail = { provider: provider.name, why: outcome.why, network, device }
  await context.refusals.note({ kind: 'sign_in_refused', actor: 'anonymous', detail })
  return { kind: 'refused', why: outcome.why }
}

async function providerOf({ context, params }: OpenVisit): Promise<LdapProvider> {
  const provider = await loadProvider(context, params['provider'] ?? '', 'ldap')
  if (!provider) throw new NotFoundError('this way to sign in')
  return provider
}

function missing({ words }: OpenVisit, name: string, password: string): Record<string, string> {
  return {
    ...(name === '' && { name: words.ldapSignIn.wantsName }),
    ...(password === '' && { password: words.ldapSignIn.wantsPassword }),
  }
}

function sentence({ words: { ldapSignIn: words } }: OpenVisit, { title }: LdapProvider, why: string): string {
  return isTold(why) ? TOLD[why](words, title) : words.wrong
}

type Words = OpenVisit['words']['ldapSignIn']

const TOLD: Readonly<Record<Exclude<LdapRefusal, 'wrong'>, (words: Words, title: string) => string>> = {
  unavailable: (words, title) => words.unavailable(title),
  'no-account': (words, title) => words.noAccount(title),
  expired: (words, title) => words.expired(title),
  locked: (words, title) => words.locked(title),
  'must-change': (words, title) => words.mustChange(title),
  disabled: (words, title) => words.disabled(title),
}

function isTold(why: string): why is keyof typeof TOLD {
  return Object.hasOwn(TOLD, why)
}
