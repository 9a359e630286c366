import { BadRequestError, ConflictError } from '../../errors.ts'
import { blockMember, memorialiseMember, removeMember } from '../../members/departures.ts'
import { fateSharing, type FateSharing } from '../../members/vouching/fate-sharing.ts'
import type { MemberView } from '../../members/member-view.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { confirm } from '../components/confirm.ts'
import { checkBox, textArea } from '../components/field.ts'
import { mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { type Html, html } from '../html.ts'
import { sentence } from '../refusal.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { shownMember } from './member.ts'
import { stateBadge } from './state-badge.ts'

const ONE = '/groups/:group/members/:name'
const ACTS = ['block', 'memorialise', 'remove'] as const
type Act = (typeof ACTS)[number]

const USE = { block: blockMember, memorialise: memorialiseMember, remove: removeMember } as const
const DONE = { block: 'blocked', memorialise: 'memorialised', remove: 'removed' } as const

/** Blocking, remembering and removing a member: first what hangs on them, then the question. */
export const departureRoutes: readonly Route[] = ACTS.flatMap((act) => [
  inGroup('manage-members').get(`${ONE}/${act}`, async (visit) => await askPage(visit, act, await shownMember(visit))),
  inGroup('manage-members').post(`${ONE}/${act}`, (visit) => depart(visit, act)),
])

async function depart(visit: GroupVisit, act: Act): Promise<Answer> {
  const { context, group, form: sent, session, words, account } = visit
  const member = await shownMember(visit)
  const reason = (sent.get('reason') ?? '').replaceAll('\r\n', '\n').trim()
  const wanted = { group: group.name, account: member.name, reason, voidVouches: sent.has('void_vouches') }
  try {
    await USE[act](context, { ...byOf(visit), ...wanted })
  } catch (error) {
    if (error instanceof ConflictError) return await askPage(visit, act, member, { problem: sentence(error.message) })
    if (error instanceof BadRequestError && error.code === 'bad_reason') {
      return await askPage(visit, act, member, { reason: sentence(error.message) })
    }
    throw error
  }
  session.toast = words.groups.done[DONE[act]](member.displayName)
  if (member.accountNo === account.accountNo) return seeOther('/')
  return seeOther(act === 'remove' ? `/groups/${group.name}/members` : `/groups/${group.name}/members/${member.name}`)
}

async function askPage(
  visit: GroupVisit,
  act: Act,
  member: MemberView,
  wrong: { readonly problem?: string; readonly reason?: string } = {},
): Promise<Page> {
  const { context, words, group, form: sent, nowMicros } = visit
  const text = words.groups
  const path = `/groups/${group.name}/members/${member.name}`
  const asked = {
    block: { title: text.block, question: text.blockQuestion, consequence: text.blockWhy },
    memorialise: { title: text.memorialise, question: text.memorialiseQuestion, consequence: text.memorialiseWhy },
    remove: { title: text.remove, question: text.removeQuestion, consequence: text.removeConsequence },
  }[act]
  const shared =
    act === 'memorialise'
      ? undefined
      : await fateSharing(context.database, { groupNo: group.groupNo, accountNo: member.accountNo, nowMicros })
  return page(
    asked.question(member.displayName),
    html`${pageHeader({ title: asked.title, lead: `${member.displayName} · ${group.title}` })}
    ${mistakeSummary(visit, wrong.reason === undefined ? {} : { reason: wrong.reason })}
    ${
      wrong.problem !== undefined &&
      html`<div class="mistakes" role="alert">
        <h2>${text.cannot}</h2>
        <p>${wrong.problem}</p>
      </div>`
    }
    ${shared && fateView(visit, shared)}
    ${confirm(visit, {
      question: asked.question(member.displayName),
      consequence: asked.consequence,
      action: `${path}/${act}`,
      submit: asked.title,
      back: { path, label: text.keep },
      fields: [
        textArea({
          name: 'reason',
          label: text.reason,
          hint: text.reasonHint,
          value: sent.get('reason') ?? '',
          maxLength: 1000,
          rows: 3,
          mistake: wrong.reason,
        }),
        ...(act === 'block'
          ? [
              checkBox({
                name: 'void_vouches',
                label: text.voidVouches,
                hint: text.voidVouchesHint,
                checked: sent.has('void_vouches'),
              }),
            ]
          : []),
      ],
    })}`,
    { status: wrong.problem !== undefined ? 409 : wrong.reason !== undefined ? 422 : 200 },
  )
}

/** Whom the member vouched for and what would follow for them, and who vouched for the member. */
function fateView(visit: GroupVisit, { vouchees, vouchers }: FateSharing): Html {
  const { membership: text, groups } = visit.words
  const base = `/groups/${visit.group.name}/members`
  const link = (account: string, name: string) => html`<a href="${base}/${account}">${name}</a>`
  const moving = vouchees.filter(({ becomes, state }) => becomes !== state).length
  return html`${panel(
    text.fateTitle,
    html`<p>${vouchees.length === 0 ? text.fateNobody : text.fateLead(vouchees.length, moving)}</p>
      ${
        vouchees.length > 0 &&
        table({
          caption: text.fateCaption,
          columns: [
            { label: groups.member },
            { label: groups.state },
            { label: text.fateVouches, numeric: true },
            { label: text.fateLeft, numeric: true },
            { label: text.fateBecomes },
          ],
          rows: vouchees.map((each) => [
            html`${each.state === 'nominated' || each.state === 'vetted' ? each.displayName : link(each.account, each.displayName)}
            ${!each.isDirect && html`<span class="hint">${text.fateIndirect}</span>`}`,
            stateBadge(visit, each.state),
            each.vouches,
            html`${each.left} ${each.isOnlyVouch && html`<strong>${text.fateOnly}</strong>`}`,
            each.becomes !== each.state
              ? stateBadge(visit, each.becomes)
              : each.byMicros === undefined
                ? text.fateStays
                : html`${text.fateUnless} ${time(visit, each.byMicros)}`,
          ]),
        })
      }`,
    'fate',
  )}
  ${
    vouchers.length > 0 &&
    panel(
      text.fateVouchers(vouchers.length),
      html`<ul>
        ${vouchers.map((each) => html`<li>${link(each.account, each.displayName)} ${stateBadge(visit, each.state)}</li>`)}
      </ul>`,
      'vouchers',
    )
  }`
}
