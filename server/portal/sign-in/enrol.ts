import { confirmGenerator, startGenerator, unconfirmedGenerator } from '../../auth/factors/code-generators.ts'
import { confirmSteps, MAX_GENERATOR_NAME, recoveryCodeList, startForm } from '../account/generator-steps.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { actionButton, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { line } from '../form.ts'
import { html } from '../html.ts'
import { open, type Route } from '../route.ts'
import type { OpenVisit } from '../visit.ts'
import { freshVisit } from './fresh-visit.ts'
import { passkeyEnrolLink } from './passkey-enrol.ts'
import { countCode, type Pending, pendingOf } from './pending.ts'
import { proven } from './proven.ts'
import { endedByCodes, startAgain } from './second.ts'

const PATH = '/sign-in/enrol'

/** Where a second factor is demanded and somebody has none: it is added before the session begins. */
export const enrolRoutes: readonly Route[] = [
  open.get(PATH, async (visit) => {
    const under = pendingOf(visit)
    if (!under) return await startAgain(visit)
    return under.account.secondFactor ? seeOther('/sign-in/second') : await enrolPage(visit, under)
  }),
  open.post(PATH, async (visit) => {
    const under = pendingOf(visit)
    if (!under || under.account.secondFactor) return await startAgain(visit)
    return visit.form.has('code') ? await confirm(visit, under) : await start(visit, under)
  }),
]

async function start(visit: OpenVisit, under: Pending): Promise<Answer> {
  const name = line(visit.form, 'name')
  if (name === '' || name.length > MAX_GENERATOR_NAME) {
    return await enrolPage(visit, under, { name: visit.words.credentials.badName(MAX_GENERATOR_NAME) })
  }
  const kind = visit.form.get('kind') === 'hotp' ? 'hotp' : 'totp'
  visit.session.generatorNo = await startGenerator(visit.context, { account: under.account, kind, name })
  return seeOther(PATH)
}

async function confirm(visit: OpenVisit, under: Pending): Promise<Answer> {
  const { words } = visit
  const { account, pending } = under
  if (!(await countCode(visit))) return await endedByCodes(visit)
  const { generatorNo } = visit.session
  const confirmed = await confirmGenerator(visit.context, { account, generatorNo, code: line(visit.form, 'code') })
  if (!confirmed) return await enrolPage(visit, under, { code: words.signIn.wrongCode })
  const proof = { ...pending, means: [...pending.means, confirmed.kind] }
  const answer = await proven(await freshVisit(visit), proof, pending.next)
  if (!answer) return await startAgain(visit)
  if (!confirmed.recoveryCodes) return answer
  return page(
    words.credentials.codesTitle,
    html`${pageHeader({ title: words.credentials.codesTitle, lead: words.credentials.added })}
    ${recoveryCodeList(visit, confirmed.recoveryCodes, pending.next)}`,
  )
}

async function enrolPage(
  visit: OpenVisit,
  { account }: Pending,
  mistakes: Readonly<Record<string, string>> = {},
): Promise<Page> {
  const { words, context } = visit
  const generator = await unconfirmedGenerator(context, account.accountNo, visit.session.generatorNo)
  return page(
    words.signIn.enrolTitle,
    html`${pageHeader({ title: words.signIn.enrolTitle, lead: words.signIn.enrolLead })}
    ${mistakeSummary(visit, mistakes)}
    ${
      generator
        ? confirmSteps(visit, account, generator, { action: PATH, mistake: mistakes['code'] })
        : startForm(visit, PATH, mistakes['name'])
    }
    ${passkeyEnrolLink(visit)} ${actionButton(visit, { action: '/sign-out', label: words.signIn.cancel })}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}
