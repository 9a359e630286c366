import { ConflictError } from '../../errors.ts'
import { renewVouch, vouch, withdrawVouch } from '../../members/vouching/vouch.ts'
import { markUnknown } from '../../members/vouching/vouch-mark.ts'
import { type VouchDesk, vouchDesk } from '../../members/vouching/vouch-page.ts'
import { attestedRef } from '../../members/vouching/attestations.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { disclosure } from '../components/disclosure.ts'
import { facts } from '../components/facts.ts'
import { actionButton, form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { time } from '../components/time.ts'
import { type Html, html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { sentence } from '../refusal.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { may } from './may.ts'
import { attestedNames, paragraphs, type VouchDraft, vouchFields } from './vouch-fields.ts'

const ONE = '/groups/:group/vouch/:name'

/** Vouching for one person; a nominee is `~` and the number of the nomination. */
export const vouchRoutes: readonly Route[] = [
  inGroup('vouch').get(ONE, async (visit) => deskPage(visit, await deskOf(visit))),
  inGroup('vouch').post(ONE, give),
  inGroup('vouch').post(`${ONE}/renew`, renew),
  inGroup('vouch').post(`${ONE}/withdraw`, withdraw),
  inGroup('vouch').post(`${ONE}/unknown`, unknown),
]

/** Who it is about, and what there is; also for the pages beside this one. */
export async function deskOf(visit: GroupVisit): Promise<VouchDesk> {
  const { context, group, account, params, nowMicros } = visit
  const place = { group: group.name, vouchee: params['name'] ?? '', viewerNo: account.accountNo, nowMicros }
  return await vouchDesk(context.database, { ...byOf(visit), ...place })
}

/** The page of one person, from the pages beside it. */
export function deskPath({ group }: GroupVisit, { subject }: VouchDesk): string {
  return `/groups/${group.name}/vouch/${subject.handle}`
}

async function give(visit: GroupVisit): Promise<Answer> {
  const { form: sent, context, group, session, words } = visit
  const desk = await deskOf(visit)
  const draft = { text: paragraphs(sent, 'text'), attested: sent.getAll('attested') }
  const { handle, name } = desk.subject
  try {
    await vouch(context, { ...byOf(visit), group: group.name, vouchee: handle, ...draft })
  } catch (error) {
    const fields = { bad_vouch_text: 'text', bad_attestations: 'attested', vouch_self: 'text' }
    return deskPage(visit, desk, draft, mistakeAt(error, fields))
  }
  session.toast = words.vouching.given(name)
  return seeOther(`/groups/${group.name}/vouching`)
}

async function renew(visit: GroupVisit): Promise<Answer> {
  const { context, group, session, words } = visit
  const desk = await deskOf(visit)
  const { handle, name } = desk.subject
  try {
    await renewVouch(context, { ...byOf(visit), group: group.name, vouchee: handle })
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    return deskPage(visit, desk, undefined, { attested: sentence(error.message) })
  }
  session.toast = words.vouching.renewed(name)
  return seeOther(`/groups/${group.name}/vouching`)
}

async function withdraw(visit: GroupVisit): Promise<Answer> {
  const { context, group, session, words } = visit
  const { handle, name } = (await deskOf(visit)).subject
  await withdrawVouch(context, { ...byOf(visit), group: group.name, vouchee: handle })
  session.toast = words.vouching.withdrawn(name)
  return seeOther(`/groups/${group.name}/vouching`)
}

async function unknown(visit: GroupVisit): Promise<Answer> {
  const { context, group, session, words } = visit
  const { handle } = (await deskOf(visit)).subject
  await markUnknown(context, { ...byOf(visit), group: group.name, people: [handle], isUnknown: true })
  session.toast = words.vouching.marked(1)
  return seeOther(`/groups/${group.name}/vouching`)
}

function deskPage(
  visit: GroupVisit,
  desk: VouchDesk,
  draft: VouchDraft = { text: desk.own?.text ?? '', attested: desk.own?.attested.map(attestedRef) ?? [] },
  mistakes: Readonly<Record<string, string>> = {},
): Page {
  const { words, group } = visit
  const { subject, own, affiliation, attestations, isSelf, elsewhere } = desk
  const text = words.vouching
  const path = deskPath(visit, desk)
  const called = subject.nominationNo === undefined ? subject.handle : text.isNominee
  return page(
    `${text.title(subject.name)} · ${group.title}`,
    html`${pageHeader({
        title: text.title(subject.name),
        lead: [called, affiliation].filter((each) => each !== '' && each !== subject.name).join(' · '),
      })}
      ${mistakeSummary(visit, mistakes)} ${own && ownFacts(visit, desk)}
      ${
        isSelf
          ? html`<p>${text.thatIsYou}</p>`
          : html`${form(visit, {
              action: path,
              fields: vouchFields(visit, { attestations, draft, mistakes }),
              submit: own ? text.submitAgain : text.submit,
            })}
            ${
              elsewhere.length > 0 &&
              disclosure(
                text.reuse,
                html`<p>${text.reuseLead}</p>
                  ${elsewhere.map(
                    (each) =>
                      html`<blockquote>
                        ${each.text}
                        <footer class="hint">${each.group}</footer>
                      </blockquote>`,
                  )}`,
              )
            }
            ${own ? withdrawPanel(visit, path, subject.name) : otherPanels(visit, desk, path)}`
      }
      <p><a href="/groups/${group.name}/vouching">${text.toPanel}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function ownFacts(visit: GroupVisit, desk: VouchDesk): Html | undefined {
  const { own, attestations } = desk
  if (!own) return undefined
  const text = visit.words.vouching
  const current = new Set(attestations.map(attestedRef))
  const attested = own.attested.map((each) => ({ ...each, isCurrent: current.has(attestedRef(each)) }))
  const path = deskPath(visit, desk)
  return html`${facts([
      [text.ownSince, time(visit, own.madeMicros)],
      [text.ownUntil, own.expiresMicros === undefined ? text.ownNever : time(visit, own.expiresMicros)],
      [text.attest, attestedNames(visit, attested)],
      [text.signature, own.isSigned ? text.signed : text.notSigned],
    ])}
    <p class="buttons"><a class="button quiet" href="${path}/sign">${own.isSigned ? text.signAgain : text.sign}</a></p>`
}

function withdrawPanel(visit: GroupVisit, path: string, about: string): Html {
  const text = visit.words.vouching
  return panel(
    text.withdrawTitle,
    html`<p>${text.withdrawWhy}</p>
      ${actionButton(visit, { action: `${path}/withdraw`, label: text.withdraw, about, tone: 'danger' })}`,
  )
}

function otherPanels(visit: GroupVisit, { subject }: VouchDesk, path: string): Html {
  const text = visit.words.vouching
  const unknownToMe = actionButton(visit, { action: `${path}/unknown`, label: text.unknown, about: subject.name })
  return html`${panel(
    text.unknownTitle,
    html`<p>${text.unknownWhy}</p>
      ${unknownToMe}`,
  )}
  ${
    may(visit, 'raise-concern') &&
    panel(
      text.otherTitle,
      html`<p>${text.otherWhy}</p>
        <p class="buttons">
          ${
            subject.nominationNo !== undefined &&
            html`<a class="button quiet" href="${path}/decline">${text.decline}</a>`
          }
          <a class="button quiet" href="${path}/concern">${text.concern}</a>
        </p>`,
    )
  }`
}
