import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { readCaptured } from '../../mail/read-captured.ts'
import { addNotice } from '../../server/notices/add-notice.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { capturedMail } from '../../server/notices/capture.ts'
import { sendAgain, sweepOutbox } from '../../server/notices/outbox.ts'
import { sendNotice } from '../../server/notices/send-notice.ts'
import { suspendAccount } from '../../server/site/suspension.ts'
import { run } from '../../server/storage/database.ts'
import { listNotices } from '../../server/storage/notices.ts'
import { testSite } from '../support/site.ts'
import { until } from '../support/until.ts'
import { addressed, noticeRow, notify } from './site.ts'

const site = await testSite()
after(() => site.close())
await site.addUser('alice')
const accountNo = await addressed(site, 'alice', 'alice@example.org')
const outbox = join(site.context.config.dataFolder, 'outbox')
const TOKEN = 'q7Yd0vV3mS1pQ9xJ2kL5nB8w'

describe('without a relay', () => {
  it('a notice becomes a file that only its owner reads', async () => {
    const number = await notify(site, { accountNo }, 'invitation', `/invitation/${TOKEN}`)
    await until(async () => (await noticeRow(site, number)).sent_micros !== null)
    const row = await noticeRow(site, number)
    assert.equal(row.captured, true)
    const file = join(outbox, `${row.message_id}.eml`)
    const { text } = readCaptured(await readFile(file, 'utf8'))
    assert.ok(text.includes(`/invitation/${TOKEN}\r\n`), text)
    const shown = await capturedMail(site.context.config.dataFolder, row.message_id)
    assert.ok(
      shown && !shown.head.includes(TOKEN) && !shown.text.includes(TOKEN.slice(4)),
      'the portal hides the token',
    )
    assert.match(shown.text, /\/invitation\/…\r\n/)
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    assert.equal((await stat(outbox)).mode & 0o777, 0o700)
    assert.deepEqual(
      (await readdir(outbox)).filter((name) => !name.endsWith('.eml')),
      [],
    )
  })

  it('is written once, however often the job runs', async () => {
    const number = await notify(site, { accountNo })
    await until(async () => (await noticeRow(site, number)).sent_micros !== null)
    await Promise.all([sendNotice(site.context, number), sendNotice(site.context, number)])
    assert.equal((await noticeRow(site, number)).attempts, 1)
  })
})

it('what is rolled back sends nothing', async () => {
  const before = (await listNotices(site.context.database, { limit: 100 })).length
  await assert.rejects(
    site.context.database.transaction(async (trx) => {
      await addNotice(trx, site.context, { kind: 'test', to: { accountNo }, path: '/site/status' })
      throw new Error('no')
    }),
    /no/,
  )
  assert.equal((await listNotices(site.context.database, { limit: 100 })).length, before)
})

it('an address with a line end is refused before anything is written', async () => {
  const before = (await listNotices(site.context.database, { limit: 100 })).length
  const to = { address: 'a@example.org\r\nRCPT TO:<evil@example.net>' }
  await assert.rejects(notify(site, to), { code: 'bad_address' })
  assert.equal((await listNotices(site.context.database, { limit: 100 })).length, before)
})

it('an address with a line end that somebody planted in the table is not written to', async () => {
  const address = 'a@example.org\r\nRCPT TO:<evil@example.net>'
  const number = await planted({ address, kind: 'test' })
  await sendNotice(site.context, number)
  const row = await noticeRow(site, number)
  assert.ok(row.refused_micros !== null)
  assert.equal(row.last_error, 'bad-address')
})

it('a kind of a later release is given up', async () => {
  const number = await planted({ address: 'a@example.org', kind: 'from-the-future' })
  await sendNotice(site.context, number)
  assert.equal((await noticeRow(site, number)).last_error, 'unknown-kind')
})

describe('a suspended account', () => {
  it('gets no notice but warnings about itself', async () => {
    await site.addUser('carol')
    const carol = await addressed(site, 'carol', 'carol@example.org')
    await suspendAccount(site.context, { ...BY_OPERATOR, name: 'carol' })
    const shut = await notify(site, { accountNo: carol }, 'membership-changed', '/groups/x')
    await until(async () => (await noticeRow(site, shut)).refused_micros !== null)
    assert.equal((await noticeRow(site, shut)).last_error, 'suspended')
    const warning = await notify(site, { accountNo: carol }, 'password-changed')
    await until(async () => (await noticeRow(site, warning)).sent_micros !== null)
  })
})

describe('without a job', () => {
  it('a notice is taken up by the sweep', async () => {
    const number = await planted({ address: 'a@example.org', kind: 'test', message_id: randomUUID() })
    await until(async () => {
      await sweepOutbox(site.context)
      return (await noticeRow(site, number)).sent_micros !== null
    })
  })
})

describe('after a restore', () => {
  it('everything waits until it is confirmed, and then goes', async () => {
    await setOutgoing(false)
    const number = await notify(site, { accountNo })
    await sendNotice(site.context, number)
    await sweepOutbox(site.context)
    assert.equal((await noticeRow(site, number)).attempts, 0)
    await setOutgoing(true)
    // the job that came with the notice has been taken from the queue by now, or it runs: both end in one mail
    await until(async () => {
      await sweepOutbox(site.context)
      return (await noticeRow(site, number)).sent_micros !== null
    })
    assert.equal((await noticeRow(site, number)).attempts, 1)
  })
})

describe('sending again', () => {
  it('a captured one waits anew and is captured anew', async () => {
    const number = await notify(site, { accountNo })
    await until(async () => (await noticeRow(site, number)).sent_micros !== null)
    await sendAgain(site.context, 'test', number)
    await until(async () => (await noticeRow(site, number)).attempts === 2)
  })

  it('there is nothing to send for a number that is none', async () => {
    await assert.rejects(sendAgain(site.context, 'test', 999_999), { code: 'not_found' })
  })
})

it('old notices are forgotten with their files', async () => {
  const number = await notify(site, { accountNo })
  await until(async () => (await noticeRow(site, number)).sent_micros !== null)
  const { message_id } = await noticeRow(site, number)
  await site.context.database.transaction((trx) =>
    run(trx, 'update notice set created_micros = 1 where notice_no = $1::bigint', [number]),
  )
  await sweepOutbox(site.context)
  await assert.rejects(noticeRow(site, number))
  assert.ok(!(await readdir(outbox)).includes(`${message_id}.eml`))
})

async function planted(row: {
  readonly address: string
  readonly kind: string
  readonly message_id?: string
}): Promise<number> {
  const { notice_no } = await site.context.database.kysely
    .insertInto('notice')
    .values({
      message_id: `planted ${row.kind}`,
      ...row,
      account_no: null,
      language: 'en',
      path: '/',
      created_micros: site.context.clock.nowMicros(),
      sent_micros: null,
      refused_micros: null,
      last_error: null,
    })
    .returning('notice_no')
    .executeTakeFirstOrThrow()
  return notice_no
}

async function setOutgoing(outgoing: boolean): Promise<void> {
  await site.context.database.kysely.updateTable('site').set({ outgoing }).execute()
}
