import { askStandingVouchers } from '../../members/recovery/standing-vouchers-ask.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { baseOf } from '../base-of.ts'
import { codeBlock } from '../components/code-block.ts'
import { checkBox, textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { line } from '../form.ts'
import { html } from '../html.ts'
import { open, type Route } from '../route.ts'
import { takeSecretOnce } from '../secret-once.ts'
import type { OpenVisit } from '../visit.ts'

const HERE = '/recovery/vouchers'

/** A way back by people who vouch for the owner. The answer is the same for every name. */
export const voucherRecoveryRoutes: readonly Route[] = [
  open.get(HERE, (visit) => askPage(visit, {})),
  open.post(HERE, ask),
  open.get(`${HERE}/asked`, askedPage),
]

async function ask(visit: OpenVisit): Promise<Answer> {
  const { context, access, form: sent, network, session, words } = visit
  const asked = line(sent, 'name').slice(0, 254)
  if (asked === '') return askPage(visit, { name: words.invitations.cannotEmpty })
  const removeFactors = sent.get('factors') === 'on'
  const { token, code } = await askStandingVouchers(context, access, { asked, removeFactors, network })
  session.secretOnce = { kind: 'recovery-vouchers', lines: [`${baseOf(visit)}/recovery/${token}`, code] }
  return seeOther(`${HERE}/asked`)
}

function askPage(visit: OpenVisit, mistakes: Readonly<Record<string, string>>): Page {
  const { words, form: sent } = visit
  const text = words.recoveries
  return page(
    text.askTitle,
    html`${pageHeader({ title: text.askTitle, lead: text.askLead })} ${mistakeSummary(visit, mistakes)}
      ${form(visit, {
        action: HERE,
        submit: text.askSubmit,
        fields: [
          textField({
            name: 'name',
            label: words.invitations.cannotName,
            value: line(sent, 'name'),
            autocomplete: 'username',
            maxLength: 254,
            required: true,
            mistake: mistakes['name'],
          }),
          checkBox({ name: 'factors', label: text.askFactors, checked: sent.get('factors') === 'on' }),
        ],
      })}
      <p><a href="/recovery">${text.askAdministrators}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function askedPage(visit: OpenVisit): Answer {
  const text = visit.words.recoveries
  const [url, code] = takeSecretOnce(visit, 'recovery-vouchers') ?? []
  if (url === undefined || code === undefined) return seeOther(HERE)
  return page(
    text.askedTitle,
    html`${pageHeader({ title: text.askedTitle, lead: text.asked })} ${codeBlock(code, text.yourCode)}
      <p>${text.codeWhy}</p>
      ${codeBlock(url, text.yourLink)}
      <p>${text.linkWhy}</p>`,
  )
}
