import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { readCaptured } from '../../mail/read-captured.ts'
import { addNotice } from '../../server/notices/add-notice.ts'
import { testMail } from '../../server/notices/mail-settings.ts'
import { sendAgain } from '../../server/notices/outbox.ts'
import { sendNotice } from '../../server/notices/send-notice.ts'
import { makeAuthority } from '../support/certificates.ts'
import { noPostfix, type Postfix, startPostfix } from '../support/postfix.ts'
import { type TestSite, testSite } from '../support/site.ts'
import { until } from '../support/until.ts'
import { addressed, noticeRow, notify, relayAt, setMail } from './site.ts'

describe('a real Postfix', { skip: noPostfix, timeout: 180_000 }, () => {
  let site: TestSite
  let postfix: Postfix
  let accountNo: number

  before(async () => {
    site = await testSite({ settings: { public_url: 'https://intel.example.org' } })
    postfix = await startPostfix()
    await site.addUser('alice')
    accountNo = await addressed(site, 'alice', 'alice@example.test', 'es')
    await setMail(site, relayAt(postfix.port))
  })
  after(async () => {
    await postfix?.remove()
    await site?.close()
  })

  const with_ = async (text: string) => (await postfix.mails()).filter((mail) => mail.includes(text))

  it('takes a notice, which says what it should', async () => {
    const number = await notify(site, { accountNo }, 'recovery', '/recovery/q7Yd0vV3mS1pQ9xJ2kL5nB8w')
    const { message_id } = await noticeRow(site, number)
    await until(async () => (await with_(message_id)).length === 1, 30_000)
    const [mail = ''] = await with_(message_id)
    assert.match(mail, /^Return-Path: <notices@example\.test>$/m)
    assert.match(mail, /^X-Original-To: alice@example\.test$/m)
    assert.match(mail, new RegExp(`^Message-ID: <${message_id}@intel\\.example\\.org>$`, 'm'))
    assert.match(mail, /^Auto-Submitted: auto-generated$/m)
    assert.match(mail, /^Content-Type: text\/plain; charset=utf-8$/m)
    assert.doesNotMatch(mail, /^(List-|X-Mailer|Bcc|Reply-To)/m)
    const { text } = readCaptured(mail.replaceAll('\n', '\r\n'))
    assert.match(text, /^https:\/\/intel\.example\.org\/recovery\/q7Yd0vV3mS1pQ9xJ2kL5nB8w\r$/m)
    assert.match(text, /^Alguien autorizado ha abierto/)
    const row = await noticeRow(site, number)
    assert.ok(row.sent_micros !== null && !row.captured && row.attempts === 1)
    assert.equal(row.path, '/recovery/…', 'the token is not kept any longer')
  })

  it('gets one mail however many processes work on a notice', async () => {
    const number = await notify(site, { accountNo })
    await Promise.allSettled(Array.from({ length: 5 }, () => sendNotice(site.context, number)))
    await until(async () => (await noticeRow(site, number)).sent_micros !== null, 30_000)
    await sendNotice(site.context, number)
    const { message_id } = await noticeRow(site, number)
    await until(async () => (await with_(message_id)).length > 0, 30_000)
    // a second copy would have been queued before this later one
    const later = await notify(site, { accountNo })
    const { message_id: last } = await noticeRow(site, later)
    await until(async () => (await with_(last)).length === 1, 30_000)
    assert.equal((await with_(message_id)).length, 1)
  })

  it('gets nothing of a transaction that was rolled back', async () => {
    const seen = (await postfix.mails()).length
    const failing = site.context.database.transaction(async (trx) => {
      await addNotice(trx, site.context, { kind: 'glass-broken', to: { accountNo }, path: '/' })
      throw new Error('rolled back')
    })
    await assert.rejects(failing, /rolled back/)
    const number = await notify(site, { accountNo })
    const { message_id } = await noticeRow(site, number)
    await until(async () => (await with_(message_id)).length === 1, 30_000)
    assert.equal((await postfix.mails()).length, seen + 1)
  })

  it('refuses a recipient for good: given up, with its words', async () => {
    const number = await notify(site, { address: 'nobody@example.test' })
    await until(async () => (await noticeRow(site, number)).refused_micros !== null, 30_000)
    assert.match((await noticeRow(site, number)).last_error ?? '', /no such person/)
  })

  it('refuses a recipient for now: tried again', async () => {
    const number = await notify(site, { address: 'later@example.test' })
    await until(async () => (await noticeRow(site, number)).last_error !== null, 30_000)
    const row = await noticeRow(site, number)
    assert.equal(row.refused_micros, null)
    assert.equal(row.sent_micros, null)
    assert.match(row.last_error ?? '', /come back/)
  })

  it('is away: the notice stays, and arrives when it is back', async () => {
    await postfix.stop()
    const number = await notify(site, { accountNo })
    await until(async () => (await noticeRow(site, number)).last_error !== null, 30_000)
    assert.match((await noticeRow(site, number)).last_error ?? '', /ECONNREFUSED/)
    await postfix.start()
    const { message_id } = await noticeRow(site, number)
    // the queue tries again by itself, after a pause that grows
    await until(async () => (await with_(message_id)).length === 1, 90_000)
    assert.ok((await noticeRow(site, number)).attempts > 1)
  })

  it('is asked again at once by whoever presses "send again"', async () => {
    await postfix.stop()
    const number = await notify(site, { accountNo })
    await until(async () => (await noticeRow(site, number)).last_error !== null, 30_000)
    await postfix.start()
    await sendAgain(site.context, 'test', number)
    await until(async () => (await noticeRow(site, number)).sent_micros !== null, 30_000)
  })
})

describe('a Postfix that takes mail over TLS only', { skip: noPostfix, timeout: 120_000 }, () => {
  let site: TestSite
  let postfix: Postfix
  let trusted: TestSite
  let accountNo: number

  before(async () => {
    const authority = await makeAuthority('Test authority')
    postfix = await startPostfix(await authority.issue({ name: 'localhost', usage: 'server' }))
    site = await testSite()
    const caFile = join(site.place.folder, 'ca.pem')
    await writeFile(caFile, authority.certificate)
    trusted = await testSite({ settings: { 'mail.ca_file': caFile } })
    await trusted.addUser('alice')
    accountNo = await addressed(trusted, 'alice', 'alice@example.test')
    await setMail(trusted, relayAt(postfix.port, { tls: 'starttls' }))
  })
  after(async () => {
    await trusted?.close()
    await site?.close()
    await postfix?.remove()
  })

  const starttls = () => relayAt(postfix.port, { tls: 'starttls' }) as Parameters<typeof testMail>[1]

  it('gets the notice when its certificate is from an authority that we know', async () => {
    const number = await notify(trusted, { accountNo })
    await until(async () => (await noticeRow(trusted, number)).sent_micros !== null, 30_000)
    const { message_id } = await noticeRow(trusted, number)
    await until(async () => (await postfix.mails()).some((mail) => mail.includes(message_id)), 30_000)
    assert.ok((await postfix.mails()).every((mail) => /using TLSv1\.[23]/.test(mail)))
    assert.equal(await testMail(trusted.context, starttls()), undefined)
  })

  it('gets nothing when it is not', async () => {
    assert.match((await testMail(site.context, starttls())) ?? '', /certificate|self.signed|issuer/i)
  })

  it('gets nothing in the clear', async () => {
    const number = await notify(trusted, { accountNo })
    await until(async () => (await noticeRow(trusted, number)).sent_micros !== null, 30_000)
    await setMail(trusted, relayAt(postfix.port))
    const refused = await notify(trusted, { accountNo })
    await until(async () => (await noticeRow(trusted, refused)).last_error !== null, 30_000)
    assert.match((await noticeRow(trusted, refused)).last_error ?? '', /STARTTLS/)
    assert.equal((await noticeRow(trusted, refused)).refused_micros, null, 'a wrong setting loses no mail')
  })
})
