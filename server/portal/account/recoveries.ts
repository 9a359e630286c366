import { approveByCode, type OpenRecovery, openRecoveriesFor } from '../../members/recovery/standing-vouchers-desk.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { emptyState } from '../components/empty-state.ts'
import { facts } from '../components/facts.ts'
import { textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { time } from '../components/time.ts'
import { line, rowNumberOf } from '../form.ts'
import { type Html, html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'

/** People for whom one vouches, and who cannot get in: approved with the code that they say. */
export const recoveryDeskRoutes: readonly Route[] = [
  signedIn('see-self').get('/account/recoveries', (visit) => recoveriesPage(visit, {})),
  signedIn('vouch-for-recovery').post('/account/recoveries/:recovery', approve),
]

type Mistakes = Readonly<Record<string, string>>

async function recoveriesPage(visit: Visit, mistakes: Mistakes): Promise<Page> {
  const text = visit.words.recoveries
  const open = await openRecoveriesFor(visit.context, visit.account)
  return page(
    text.title,
    html`${pageHeader({ title: text.title, lead: text.lead })} ${mistakeSummary(visit, mistakes)}
    ${
      open.length === 0
        ? emptyState({ what: text.none, why: text.whyNone })
        : open.map((each) => panel(each.displayName, recoveryPanel(visit, each, mistakes)))
    }`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function recoveryPanel(visit: Visit, each: OpenRecovery, mistakes: Mistakes): Html {
  const text = visit.words.recoveries
  const name = `code-${each.recoveryNo}`
  return html`${facts([
    [text.account, each.account],
    [text.opened, time(visit, each.openedMicros)],
    [text.what, each.removesFactors ? text.passwordAndFactors : text.password],
  ])}
  ${
    each.approved
      ? html`<p>${text.approved}</p>`
      : form(visit, {
          action: `/account/recoveries/${each.recoveryNo}`,
          submit: text.approve,
          fields: textField({
            name,
            label: text.code,
            hint: text.codeHint,
            maxLength: 20,
            autocomplete: 'off',
            required: true,
            mistake: mistakes[name],
          }),
        })
  }`
}

async function approve(visit: Visit): Promise<Answer> {
  const { context, account, params, session, words, form: sent } = visit
  const recoveryNo = rowNumberOf(params['recovery'])
  const name = `code-${recoveryNo}`
  try {
    await approveByCode(context, { recoveryNo, code: line(sent, name), voucher: account })
  } catch (error) {
    return await recoveriesPage(visit, mistakeAt(error, { wrong_code: name }))
  }
  session.toast = words.recoveries.done
  return seeOther('/account/recoveries')
}
