import { ConflictError, NotFoundError } from '../../errors.ts'
import { approveNominee, withdrawNomination } from '../../members/vouching/approve.ts'
import { type OpenNomination, openNominations } from '../../members/vouching/nominations.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { confirm } from '../components/confirm.ts'
import { actionButton } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { time } from '../components/time.ts'
import { type Html, html } from '../html.ts'
import { sentence } from '../refusal.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { may } from './may.ts'
import { lookingOf, nomineeFacts } from './nominations.ts'
import { attestedNames } from './vouch-fields.ts'

const ONE = '/groups/:group/nominations/:nomination'

/** One nomination: who it is, who vouches and why; administrators decide here. */
export const nominationRoutes: readonly Route[] = [
  inGroup('see-nominations').get(ONE, async (visit) => onePage(visit, await nomineeOf(visit))),
  inGroup('manage-members').post(`${ONE}/approve`, approve),
  inGroup('manage-members').get(`${ONE}/withdraw`, async (visit) => withdrawPage(visit, await nomineeOf(visit))),
  inGroup('manage-members').post(`${ONE}/withdraw`, withdraw),
]

/** By group and number together. @throws {NotFoundError} for one that is over, or of another group */
async function nomineeOf(visit: GroupVisit): Promise<OpenNomination> {
  const given = visit.params['nomination'] ?? ''
  if (!/^[1-9]\d{0,8}$/.test(given)) throw new NotFoundError('this page')
  const [nominee] = await openNominations(visit.context.database, lookingOf(visit), Number(given))
  if (!nominee) throw new NotFoundError('this page')
  return nominee
}

async function approve(visit: GroupVisit): Promise<Answer> {
  const { context, group, session, words } = visit
  const text = words.nominations
  const nominee = await nomineeOf(visit)
  const { nominationNo, name } = nominee
  try {
    const { outcome, mailed } = await approveNominee(context, { ...byOf(visit), group: group.name, nominationNo })
    session.toast = outcome === 'recorded' ? text.recorded : mailed ? text.approved(name) : text.approvedUnmailed(name)
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    return onePage(visit, nominee, sentence(error.message))
  }
  return seeOther(`/groups/${group.name}/nominations`)
}

async function withdraw(visit: GroupVisit): Promise<Answer> {
  const { context, group, session, words } = visit
  const { nominationNo, name } = await nomineeOf(visit)
  await withdrawNomination(context, { ...byOf(visit), group: group.name, nominationNo })
  session.toast = words.nominations.withdrawn(name)
  return seeOther(`/groups/${group.name}/nominations`)
}

function onePage(visit: GroupVisit, nominee: OpenNomination, problem?: string): Page {
  const { group, words } = visit
  const text = words.nominations
  const path = `/groups/${group.name}/vouch/${nominee.handle}`
  return page(
    `${nominee.name} · ${group.title}`,
    html`${pageHeader({
        title: nominee.name,
        lead: text.tab,
        actions:
          may(visit, 'vouch') &&
          html`<a class="${nominee.hasOwnVouch ? 'button quiet' : 'button'}" href="${path}"
            >${nominee.hasOwnVouch ? text.change : text.vouch}</a
          >`,
      })}
      ${
        problem &&
        html`<div class="mistakes" role="alert">
          <h2>${text.cannot}</h2>
          <p>${problem}</p>
        </div>`
      }
      ${nomineeFacts(visit, nominee)}
      ${panel(text.about, nominee.biography === '' ? html`<p class="hint">${text.noBiography}</p>` : paragraphsOf(nominee.biography))}
      ${panel(text.whoVouches, vouchList(visit, nominee))}
      ${may(visit, 'manage-members') && panel(text.approveTitle, decision(visit, nominee))}
      <p><a href="/groups/${group.name}/nominations">${text.back}</a></p>`,
    { status: problem === undefined ? 200 : 409 },
  )
}

function paragraphsOf(text: string): readonly Html[] {
  return text.split(/\n{2,}/).map((each) => html`<p>${each}</p>`)
}

function vouchList(visit: GroupVisit, { vouches }: OpenNomination): Html {
  const { nominations: text } = visit.words
  if (vouches.length === 0) return html`<p class="hint">${text.noNames}</p>`
  return html`<ul>
    ${vouches.map(
      (each) =>
        html`<li>
          <strong>${each.voucher}</strong>,
          ${time(visit, each.madeMicros)}${each.isSigned && `, ${visit.words.vouching.signed}`}
          ${each.text !== undefined && each.text !== '' && paragraphsOf(each.text)}
          ${each.attested.length > 0 && html`<p class="hint">${text.affirms(attestedNames(visit, each.attested))}</p>`}
        </li>`,
    )}
  </ul>`
}

function decision(visit: GroupVisit, nominee: OpenNomination): Html {
  const { group, words } = visit
  const text = words.nominations
  const base = `/groups/${group.name}/nominations/${nominee.nominationNo}`
  const isVetted = nominee.state === 'vetted'
  return html`<p>${isVetted ? text.approveWhy : text.approveNotYet}</p>
    ${isVetted && group.policy.approvals > 1 && html`<p>${text.approveSecond}</p>`}
    ${isVetted && nominee.isOwn && html`<p>${text.approveOwn}</p>`}
    ${nominee.hasOwnApproval && html`<p>${text.recorded}</p>`}
    ${
      nominee.concerns > 0 &&
      may(visit, 'see-concerns') &&
      html`<p>${text.concern} <a href="/groups/${group.name}/concerns">${text.toConcerns}</a></p>`
    }
    ${
      isVetted &&
      nominee.concerns === 0 &&
      !nominee.hasOwnApproval &&
      actionButton(visit, { action: `${base}/approve`, label: text.approve, about: nominee.name, tone: 'main' })
    }
    <p><a class="button quiet" href="${base}/withdraw">${text.withdraw}</a></p>`
}

function withdrawPage(visit: GroupVisit, nominee: OpenNomination): Page {
  const { group, words } = visit
  const text = words.nominations
  const path = `/groups/${group.name}/nominations/${nominee.nominationNo}`
  return page(
    text.withdrawQuestion(nominee.name),
    html`${pageHeader({ title: text.withdraw, lead: group.title })}
    ${confirm(visit, {
      question: text.withdrawQuestion(nominee.name),
      consequence: text.withdrawConsequence,
      action: `${path}/withdraw`,
      submit: text.withdraw,
      back: { path, label: text.keep },
    })}`,
  )
}
