import { join } from 'node:path'
import { capturedMail } from '../../notices/capture.ts'
import { hiddenLink } from '../../notices/hidden-link.ts'
import type { NoticeRow } from '../../storage/notices.ts'
import { type Answer, page } from '../answer.ts'
import { breadcrumb } from '../components/breadcrumb.ts'
import { codeBlock } from '../components/code-block.ts'
import { facts } from '../components/facts.ts'
import { actionButton } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { time } from '../components/time.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'

/** What has become of a notice. */
export type NoticeState = 'waiting' | 'sent' | 'captured' | 'refused'

/** The state of a notice by what its row says. */
export function stateOf({ sent_micros, captured, refused_micros }: NoticeRow): NoticeState {
  if (refused_micros !== null) return 'refused'
  if (sent_micros === null) return 'waiting'
  return captured ? 'captured' : 'sent'
}

/** What a notice is about; a kind of another release as it is kept. */
export function kindName({ words }: Pick<Visit, 'words'>, { kind }: NoticeRow): string {
  return (Object.hasOwn(words.notices.kinds, kind) ? words.notices.kinds[kind] : undefined) ?? kind
}

/** Why a notice waits or was given up; undefined when nothing went wrong. */
export function causeOf({ words }: Pick<Visit, 'words'>, { last_error }: NoticeRow): string | undefined {
  if (last_error === null) return undefined
  const ours = Object.hasOwn(words.notices.causes, last_error) ? words.notices.causes[last_error] : undefined
  return ours ?? words.notices.said(last_error)
}

/** One notice with its mail, where that was kept. Everything in it is text: headers, body, and what a relay said. */
export async function noticePage(visit: Visit, notice: NoticeRow): Promise<Answer> {
  const { notices } = visit.words
  const state = stateOf(notice)
  const cause = causeOf(visit, notice)
  const title = notices.notice(notice.notice_no)
  return page(
    title,
    html`${breadcrumb(notices.title, [{ path: '/site/outbox', label: notices.title }])}
    ${pageHeader({
      title,
      lead: kindName(visit, notice),
      actions:
        state !== 'sent' &&
        actionButton(visit, {
          action: `/site/outbox/${notice.notice_no}/again`,
          label: state === 'waiting' ? notices.sendNow : notices.sendAgain,
        }),
    })}
    ${facts([
      [notices.state, notices.states[state]],
      [notices.to, notice.address],
      [notices.written, time(visit, notice.created_micros)],
      ...(notice.sent_micros === null
        ? []
        : [[state === 'captured' ? notices.keptAt : notices.sentAt, time(visit, notice.sent_micros)] as const]),
      ...(cause === undefined ? [] : [[notices.cause, cause] as const]),
      [notices.path, hiddenLink(notice.path)],
      [notices.language, notice.language],
      [notices.messageId, notice.message_id],
    ])}
    ${state === 'captured' && (await mailOf(visit, notice))}`,
  )
}

async function mailOf({ words, context }: Visit, { message_id }: NoticeRow): Promise<Html> {
  const { notices } = words
  const { dataFolder } = context.config
  const mail = await capturedMail(dataFolder, message_id)
  if (!mail) return panel(notices.mail, html`<p>${notices.noFile}</p>`)
  return panel(
    notices.mail,
    html`<p>${notices.hidden}</p>
      ${codeBlock(`${mail.head}\n\n${mail.text}`)}${codeBlock(join(dataFolder, 'outbox', `${message_id}.eml`), notices.file)}`,
  )
}
