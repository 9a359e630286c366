import { listSignals, rebutSignal, settleSignal, type Signal } from '../../members/vouching/signals.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { badge } from '../components/badge.ts'
import { disclosure } from '../components/disclosure.ts'
import { emptyState } from '../components/empty-state.ts'
import { facts } from '../components/facts.ts'
import { textArea } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { time } from '../components/time.ts'
import { type Html, html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { paragraphs } from './vouch-fields.ts'
import { vouchingTabs } from './vouching-tabs.ts'

const ONE = '/groups/:group/concerns/:signal'

/** What members told the administrators of a group in confidence. */
export const concernRoutes: readonly Route[] = [
  inGroup('see-concerns').get('/groups/:group/concerns', (visit) => concernsPage(visit, {})),
  inGroup('see-concerns').post(`${ONE}/rebut`, (visit) => note(visit, 'rebut')),
  inGroup('see-concerns').post(`${ONE}/settle`, (visit) => note(visit, 'settle')),
]

async function note(visit: GroupVisit, act: 'rebut' | 'settle'): Promise<Answer> {
  const { form: sent, context, group, session, params, words } = visit
  const use = act === 'rebut' ? rebutSignal : settleSignal
  const given = params['signal'] ?? ''
  const signalNo = /^[1-9]\d{0,8}$/.test(given) ? Number(given) : 0
  try {
    await use(context, { ...byOf(visit), group: group.name, signalNo, text: paragraphs(sent, `${act}-${signalNo}`) })
  } catch (error) {
    return await concernsPage(visit, mistakeAt(error, { bad_note: `signal-${signalNo}` }))
  }
  session.toast = act === 'rebut' ? words.vouching.rebutted : words.vouching.settled
  return seeOther(`/groups/${group.name}/concerns`)
}

async function concernsPage(visit: GroupVisit, mistakes: Readonly<Record<string, string>>): Promise<Page> {
  const { context, group, words, account } = visit
  const text = words.vouching
  const signals = await listSignals(context.database, group.groupNo, account.accountNo)
  return page(
    `${text.concernsTitle} · ${group.title}`,
    html`${pageHeader({ title: text.concernsTitle, lead: text.concernsLead })} ${vouchingTabs(visit, 'concerns')}
    ${mistakeSummary(visit, mistakes)}
    ${
      signals.length === 0
        ? emptyState({ what: text.noConcerns, why: text.noConcernsWhy })
        : signals.map((signal) => signalPanel(visit, signal))
    }`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function signalPanel(visit: GroupVisit, signal: Signal): Html {
  const { vouching: text } = visit.words
  const { signalNo, settledMicros, expiresMicros } = signal
  const isOver = expiresMicros !== undefined && expiresMicros <= visit.nowMicros
  const state =
    settledMicros === undefined ? (isOver ? text.over : text.waiting) : text.settledBy(signal.settledBy ?? '')
  return panel(
    text.about(signal.about),
    html`<p>
        ${badge(text.kinds[signal.kind], signal.kind === 'concern' ? 'bad' : 'warn')}
        ${badge(state, settledMicros === undefined && !isOver ? 'warn' : 'plain')}
      </p>
      ${facts([
        [text.by, signal.by],
        [text.made, time(visit, signal.madeMicros)],
        [text.heardUntil, expiresMicros === undefined ? '' : time(visit, expiresMicros)],
        [text.why, signal.reason],
        ...(signal.rebuttal === '' ? [] : [[text.rebuttal, signal.rebuttal] as const]),
        ...(settledMicros === undefined
          ? []
          : [[text.settlement, html`${signal.settlement} (${time(visit, settledMicros)})`] as const]),
      ])}
      ${settledMicros === undefined && noteForms(visit, signal)}`,
    `signal-${signalNo}`,
  )
}

function noteForms(visit: GroupVisit, { signalNo, rebuttal, about }: Signal): Html {
  const { vouching: text } = visit.words
  const base = `/groups/${visit.group.name}/concerns/${signalNo}`
  const one = (act: 'rebut' | 'settle', title: string, label: string, hint: string, submit: string, value: string) =>
    disclosure(
      title,
      form(visit, {
        action: `${base}/${act}`,
        tone: 'quiet',
        fields: textArea({ name: `${act}-${signalNo}`, label, hint, value, maxLength: 2000, required: true }),
        submit,
      }),
    )
  return html`${one('rebut', text.rebutTitle(about), text.rebuttal, text.rebuttalHint, text.rebut, rebuttal)}
  ${one('settle', text.settleTitle(about), text.settlement, text.settlementHint, text.settle, '')}`
}
