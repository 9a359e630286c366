import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { settleNotice } from '../../server/storage/notices.ts'
import { administrator } from '../audit/site.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, type TestSite, testSite } from '../support/site.ts'
import { until } from '../support/until.ts'
import { addressed, noticeRow, notify, relayAt, setMail } from './site.ts'

const TOKEN = 'q7Yd0vV3mS1pQ9xJ2kL5nB8wq7Yd0vV3'

describe('the page of notices', { timeout: 120_000 }, () => {
  let site: TestSite
  let client: PortalClient
  let accountNo: number

  before(async () => {
    site = await testSite()
    client = await administrator(site)
    await site.addUser('alice')
    accountNo = await addressed(site, 'alice', 'alice@example.org')
  })
  after(() => site.close())

  it('says why it is empty, and what would fill it', async () => {
    assert.match((await client.get('/site/outbox')).text, /No notice was written yet/)
  })

  it('sends no test notice to somebody without an address, and says so', async () => {
    await client.get('/site/outbox')
    assert.match((await client.post('/site/outbox/test')).text, /Your account has no mail address/)
  })

  it('sends a test notice to whoever asks', async () => {
    await addressed(site, 'root', 'root@example.org')
    await client.get('/site/outbox')
    assert.match((await client.post('/site/outbox/test')).text, /A test notice is on its way/)
    await until(async () => /Kept as a file/.test((await client.get('/site/outbox')).text))
    assert.match(client.page, /root@example\.org/)
  })

  it('shows a captured mail as text, without the token of its link', async () => {
    const number = await notify(site, { accountNo }, 'invitation', `/invitation/${TOKEN}`)
    await until(async () => (await noticeRow(site, number)).sent_micros !== null)
    const { text } = await client.get(`/site/outbox/${number}`)
    assert.match(text, /Subject: You are invited to a trust group/)
    assert.match(text, /\/invitation\/…/)
    assert.match(text, /\.eml/)
    assert.doesNotMatch(text, /q7Yd0vV3/)
    assert.doesNotMatch((await client.get('/site/outbox')).text, /q7Yd0vV3/)
  })

  it('shows what a relay said as text', async () => {
    const number = await notify(site, { accountNo })
    await until(async () => (await noticeRow(site, number)).sent_micros !== null)
    const last_error = '550 <script>alert(1)</script>'
    await site.context.database.transaction((trx) => settleNotice(trx, number, { refused_micros: 1, last_error }))
    for (const path of ['/site/outbox', `/site/outbox/${number}`]) {
      const { text } = await client.get(path)
      assert.match(text, /Given up/)
      assert.match(text, /550 &lt;script&gt;/)
    }
    await client.post(`/site/outbox/${number}/again`)
    await until(async () => (await noticeRow(site, number)).refused_micros === null)
  })

  it('does not send twice what was sent', async () => {
    const number = await notify(site, { accountNo })
    await until(async () => (await noticeRow(site, number)).sent_micros !== null)
    await site.context.database.transaction((trx) =>
      settleNotice(trx, number, { sent_micros: 1, captured: false, last_error: null }),
    )
    assert.equal((await client.post(`/site/outbox/${number}/again`)).status, 409)
    assert.doesNotMatch((await client.get(`/site/outbox/${number}`)).text, /Send again/)
  })

  it('answers the same for a notice that is none and a number that is none', async () => {
    for (const path of ['/site/outbox/999999', '/site/outbox/x', '/site/outbox/1%27']) {
      assert.equal((await client.get(path)).status, 404, path)
    }
  })

  it('is for site administrators only', async () => {
    const member = new PortalClient(site.url)
    await member.signIn('alice', PASSWORD)
    assert.equal((await member.get('/site/outbox')).status, 403)
    assert.equal((await member.post('/site/outbox/test')).status, 403)
  })

  describe('the settings of mail', () => {
    it('keep a password sealed, and forget it with the host that it was for', async () => {
      const kept = async () =>
        await site.context.database.kysely
          .selectFrom('setting')
          .select('value')
          .where('name', '=', 'mail-password')
          .executeTakeFirst()
      await setMail(site, relayAt(25, { user: 'us', password: 'open sesame', tls: 'starttls', host: 'a.example' }))
      const first = await kept()
      assert.ok(first && !first.value.includes('sesame'))
      await setMail(site, relayAt(26, { user: 'us', tls: 'starttls', host: 'a.example' }))
      assert.deepEqual(await kept(), first)
      await setMail(site, relayAt(26, { user: 'us', tls: 'starttls', host: 'b.example' }))
      assert.equal(await kept(), undefined)
      await setMail(site, { way: 'capture' })
    })

    it('take no relay elsewhere without TLS, and no address with a line end', async () => {
      await assert.rejects(setMail(site, relayAt(25, { host: 'mail.example.org' })), { code: 'bad_mail_tls' })
      await assert.rejects(setMail(site, relayAt(25, { from: 'a@b\r\nBcc: c@d' })), { code: 'bad_mail_from' })
      await assert.rejects(setMail(site, relayAt(25, { host: 'a b' })), { code: 'bad_mail_host' })
      await assert.rejects(setMail(site, relayAt(0)), { code: 'bad_mail_port' })
    })
  })
})
