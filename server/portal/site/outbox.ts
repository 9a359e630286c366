import { sendAgain, sendTestNotice } from '../../notices/outbox.ts'
import { ConflictError, NotFoundError } from '../../errors.ts'
import { siteSettings } from '../../site/settings.ts'
import { findNotice, isOutgoing, listNotices, type NoticeRow } from '../../storage/notices.ts'
import { type Answer, page, seeOther } from '../answer.ts'
import { badge } from '../components/badge.ts'
import { codeBlock } from '../components/code-block.ts'
import { emptyState } from '../components/empty-state.ts'
import { actionButton } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { pagination } from '../components/pagination.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { type Html, html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { plural } from '../words/words.ts'
import { causeOf, kindName, noticePage, stateOf } from './outbox-notice.ts'

const HERE = '/site/outbox'
const ROWS = 50
const TONES = { waiting: 'warn', sent: 'good', captured: 'plain', refused: 'bad' } as const

/** The notices of the site: what went out, what waits and why, what was given up. */
export const outboxRoutes: readonly Route[] = [
  signedIn('see-outbox').get(HERE, outboxPage),
  signedIn('send-notice').post(`${HERE}/test`, test),
  signedIn('see-outbox').get(`${HERE}/:notice`, async (visit) => noticePage(visit, await noticeOf(visit))),
  signedIn('send-notice').post(`${HERE}/:notice/again`, again),
]

async function outboxPage(visit: Visit): Promise<Answer> {
  const { words, context } = visit
  const before = visit.query.get('before')
  const from = before !== null && /^\d{1,15}$/.test(before) ? Number(before) : undefined
  // one more than is shown, to know whether there are more
  const found = await listNotices(context.database, { before: from, limit: ROWS + 1 })
  const notices = found.slice(0, ROWS)
  const next = found.length > ROWS ? notices.at(-1)?.notice_no : undefined
  const test = actionButton(visit, { action: `${HERE}/test`, label: words.notices.test })
  return page(
    words.notices.title,
    html`${pageHeader({ title: words.notices.title, lead: words.notices.lead, actions: test })} ${await wayOut(visit)}
    ${
      notices.length === 0
        ? emptyState({ what: words.notices.none, why: words.notices.noneWhy })
        : table({
            caption: words.notices.list,
            columns: [
              { label: words.notices.about },
              { label: words.notices.to },
              { label: words.notices.written },
              { label: words.notices.state },
              { label: '' },
            ],
            rows: notices.map((notice) => cellsOf(visit, notice)),
          })
    }
    ${pagination(visit, {
      first: from === undefined ? undefined : HERE,
      next: next === undefined ? undefined : `${HERE}?before=${next}`,
    })}`,
  )
}

async function wayOut({ words, access, context }: Visit): Promise<Html> {
  const { mail } = siteSettings(access)
  const held = (await isOutgoing(context.database))
    ? undefined
    : html`<p>${words.notices.held}</p>
        ${codeBlock(words.notices.heldCommand)}`
  const link = html`<a href="/site/settings">${words.notices.toSettings}</a>`
  const text = mail.way === 'capture' ? words.notices.capture : words.notices.relay(`${mail.host}:${mail.port}`)
  return html`${held}
    <p>${text} ${link}</p>`
}

function cellsOf(visit: Visit, notice: NoticeRow): readonly (Html | string | undefined)[] {
  const { words, language } = visit
  const state = stateOf(notice)
  const number = notice.notice_no
  const cause = causeOf(visit, notice)
  const { one, other } = words.notices.times
  return [
    html`<a href="${HERE}/${number}">${kindName(visit, notice)}</a>`,
    notice.address,
    time(visit, notice.created_micros),
    html`${badge(words.notices.states[state], TONES[state])}
    ${cause !== undefined && html`<p class="note">${words.notices.attempts(plural(language, notice.attempts, one, other))}. ${cause}</p>`}`,
    state === 'sent'
      ? undefined
      : actionButton(visit, {
          action: `${HERE}/${number}/again`,
          label: state === 'waiting' ? words.notices.sendNow : words.notices.sendAgain,
          about: words.notices.aboutNotice(number),
        }),
  ]
}

async function noticeOf(visit: Visit): Promise<NoticeRow> {
  const text = visit.params['notice'] ?? ''
  const notice = /^\d{1,15}$/.test(text) ? await findNotice(visit.context.database, Number(text)) : undefined
  if (!notice) throw new NotFoundError('this page')
  return notice
}

async function again(visit: Visit): Promise<Answer> {
  const { notice_no } = await noticeOf(visit)
  await sendAgain(visit.context, visit.account.name, notice_no)
  visit.session.toast = visit.words.notices.again
  return seeOther(HERE)
}

async function test(visit: Visit): Promise<Answer> {
  try {
    await sendTestNotice(visit.context, visit.account)
    visit.session.toast = visit.words.notices.testAsked
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    visit.session.toast = visit.words.notices.noAddress
  }
  return seeOther(HERE)
}
