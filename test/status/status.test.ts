import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { recordAudit } from '../../server/storage/audit-log.ts'
import { setMailRelay } from '../../server/notices/mail-settings.ts'
import { administrator } from '../audit/site.ts'
import { movableClock } from '../support/movable-clock.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, type TestSite, testSite } from '../support/site.ts'

const SECOND = 1_000_000
const HOUR = 3600 * SECOND

describe('the status page', { timeout: 60_000 }, () => {
  let site: TestSite
  let client: PortalClient
  const clock = movableClock('2026-11-22T12:00:00Z')

  before(async () => {
    site = await testSite({ clock })
    client = await administrator(site)
  })
  after(() => site.close())

  it('says what it found, when, and the command that mends what is wrong', async () => {
    const { status, text } = await client.get('/site/status')
    assert.equal(status, 200)
    for (const name of [
      'Database',
      'Schema',
      'Mail',
      'Outbox',
      'Jobs',
      'Disk',
      'Backup',
      'Audit',
      'Peers',
      'Version',
    ]) {
      assert.match(text, new RegExp(`>${name}\\b`), name)
    }
    assert.match(text, /VOUCHSAFE_BACKUP_PASSPHRASE_FILE/)
    assert.match(text, /No peer region is connected/)
    assert.match(text, /<time datetime="2026-11-22T12:0/)
    assert.doesNotMatch(text, /http-equiv/)
  })

  it('is shown as it was for five seconds, however often somebody presses', async () => {
    const moment = () => /Looked at\s*<time datetime="([^"]+)"/.exec(client.page)?.[1]
    await client.get('/site/status')
    const first = moment()
    clock.move(4 * SECOND)
    await client.get('/site/status')
    assert.equal(moment(), first)
    clock.move(2 * SECOND)
    await client.get('/site/status')
    assert.notEqual(moment(), first)
  })

  it('calls a relay that is away broken, with the cause', async () => {
    await setMailRelay(site.context, 'test', {
      way: 'relay',
      host: '127.0.0.1',
      port: 9,
      tls: 'none',
      user: '',
      from: 'a@example.org',
    })
    clock.move(10 * SECOND)
    const { text } = await client.get('/site/status')
    assert.match(text, /127\.0\.0\.1:9 does not answer as it should \(connect ECONNREFUSED/)
    assert.match(text, /nc -vz 127\.0\.0\.1 9/)
  })

  it('tells of a backup that is too old, on every page of an administrator', async () => {
    await site.context.database.transaction((trx) =>
      recordAudit(trx, clock.nowMicros(), [{ kind: 'backup_made', actor: 'test', detail: {} }]),
    )
    clock.move(10 * HOUR)
    await client.signIn('root', PASSWORD)
    assert.doesNotMatch((await client.get('/site/outbox')).text, /data-tone="bad"/)
    for (let hour = 10; hour < 49; hour += 13) {
      clock.move(13 * HOUR)
      client.cookies.clear()
      await client.signIn('root', PASSWORD)
    }
    assert.match((await client.get('/site/outbox')).text, /class="banner" data-tone="bad"/)
  })

  it('is for site administrators only', async () => {
    await site.addUser('alice')
    const member = new PortalClient(site.url)
    await member.signIn('alice', PASSWORD)
    assert.equal((await member.get('/site/status')).status, 403)
  })

  describe('/readyz', () => {
    it('gives reasons to a site administrator', async () => {
      const { status, text } = await client.get('/readyz')
      assert.equal(status, 200)
      const body = JSON.parse(text) as { status: string; checks: readonly { name: string; outcome: string }[] }
      assert.equal(body.status, 'ready')
      assert.ok(body.checks.some(({ name, outcome }) => name === 'database' && outcome === 'ok'))
    })

    it('gives nobody else any', async () => {
      const member = new PortalClient(site.url)
      await member.signIn('alice', PASSWORD)
      for (const visitor of [member, new PortalClient(site.url)]) {
        assert.deepEqual(JSON.parse((await visitor.get('/readyz')).text), { status: 'ready' })
      }
    })
  })
})
