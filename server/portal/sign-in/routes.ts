import { page, seeOther } from '../answer.ts'
import { html } from '../html.ts'
import { open, type Route } from '../route.ts'
import type { OpenVisit } from '../visit.ts'
import { endSession } from './begin-session.ts'
import { proven } from './proven.ts'

/** Every way to sign in and out. */
export const signInRoutes: readonly Route[] = [
  open.get('/sign-in', (visit) => signInPage(visit, undefined)),
  open.post('/sign-in', async (visit) => {
    const { form, access, context, network } = visit
    const account = access.accountNamed(form.get('name') ?? '')
    const hash = account?.active ? account.passwordHash : undefined
    const right = await context.passwords.verify(hash, form.get('password') ?? '', network)
    const answer =
      right && account
        ? await proven(visit, { accountNo: account.accountNo, means: ['password'] }, form.get('next') ?? '/')
        : undefined
    return answer ?? { ...signInPage(visit, 'wrong'), status: 422 }
  }),
  open.post('/sign-out', async (visit) => {
    await endSession(visit)
    return seeOther('/sign-in')
  }),
]

function signInPage(visit: OpenVisit, mistake: string | undefined) {
  return page(
    visit.words.shell.signIn,
    html`<h1>${visit.words.shell.signIn}</h1>
      ${mistake && html`<p role="alert">${mistake}</p>`}
      <form method="post" action="/sign-in">
        <input type="hidden" name="next" value="${visit.query.get('next') ?? visit.form.get('next') ?? '/'}" />
        <label>Name <input name="name" autocomplete="username" /></label>
        <label>Password <input name="password" type="password" autocomplete="current-password" /></label>
        <button>${visit.words.shell.signIn}</button>
      </form>`,
  )
}
