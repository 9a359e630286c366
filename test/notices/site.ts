import { addNotice } from '../../server/notices/add-notice.ts'
import { setMailRelay, type WantedMail } from '../../server/notices/mail-settings.ts'
import type { NoticeKind } from '../../policies/notice.ts'
import { findNotice, listNotices } from '../../server/storage/notices.ts'
import type { TestSite } from '../support/site.ts'

/** Gives an account an address and a language. */
export async function addressed(site: TestSite, name: string, email: string, language = 'en'): Promise<number> {
  return await site.context.database.transaction(async (trx) => {
    await trx
      .updateTable('site')
      .set((row) => ({ access_generation: row('access_generation', '+', 1) }))
      .execute()
    const row = await trx
      .updateTable('account')
      .set({ email, language })
      .where('name', '=', name)
      .returning('account_no')
      .executeTakeFirstOrThrow()
    return row.account_no
  })
}

/** Puts a notice into the outbox and answers with its number. */
export async function notify(
  site: TestSite,
  to: Parameters<typeof addNotice>[2]['to'],
  kind: NoticeKind = 'password-changed',
  path = '/account/security',
): Promise<number> {
  await site.context.database.transaction((trx) => addNotice(trx, site.context, { kind, to, path }))
  const [newest] = await listNotices(site.context.database, { limit: 1 })
  if (!newest) throw new Error('the notice is not in the outbox')
  return newest.notice_no
}

/** The row of a notice. */
export async function noticeRow(site: TestSite, noticeNo: number) {
  const row = await findNotice(site.context.database, noticeNo)
  if (!row) throw new Error(`there is no notice ${noticeNo}`)
  return row
}

/** Sets the mail settings of a site. */
export async function setMail(site: TestSite, wanted: WantedMail): Promise<void> {
  await setMailRelay(site.context, 'test', wanted)
}

/** A relay on this machine. */
export function relayAt(port: number, more: Partial<Extract<WantedMail, { way: 'relay' }>> = {}): WantedMail {
  return { way: 'relay', host: '127.0.0.1', port, tls: 'none', user: '', from: 'notices@example.test', ...more }
}
