import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { run } from '../../server/storage/database.ts'
import type { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, type TestSite, testSite } from '../support/site.ts'
import { movableClock } from '../support/movable-clock.ts'
import { administrator, fillAudit } from './site.ts'

const DAY = 86_400_000_000
const START = Date.parse('2026-11-20T12:00:00Z') * 1000

describe('the audit page', { timeout: 120_000 }, () => {
  let site: TestSite
  let client: PortalClient
  const clock = movableClock('2026-11-23T00:00:00Z')

  before(async () => {
    site = await testSite({ clock })
    client = await administrator(site)
    await fillAudit(site, 300, (index) => ({
      at_micros: START + index * 1_000_000,
      kind: index % 10 === 0 ? 'member_added' : 'refused',
      actor: index % 2 === 0 ? 'alice' : 'bob',
      detail: JSON.stringify({ group: index % 20 === 0 ? 'harbour' : 'city', account: `person-${index}` }),
    }))
  })
  after(() => site.close())

  const rows = (text: string) => text.split('Record ').length - 1

  it('shows the newest first, in pages, with a sentence, a time and the record itself', async () => {
    const first = await client.get('/site/audit')
    assert.equal(first.status, 200)
    assert.equal(rows(first.text), 50)
    assert.match(first.text, /<time datetime="2026-11-20T12:04:59/)
    assert.match(first.text, /<strong>bob<\/strong> was refused with/)
    const next = /href="([^"]*before=[^"]*)"/.exec(first.text)?.[1]?.replaceAll('&amp;', '&')
    assert.ok(next)
    const second = await client.get(next)
    assert.match(second.text, /person-249&quot;/)
    assert.doesNotMatch(second.text, /person-250&quot;/)
  })

  it('filters by kind, person, day and text, together', async () => {
    const found = await client.get(
      '/site/audit?kind=member_added&actor=alice&from=2026-11-20&to=2026-11-20&text=PERSON-24',
    )
    assert.match(found.text, /person-240&quot;/)
    assert.equal(rows(found.text), 1)
    assert.match(found.text, /<strong>alice<\/strong> added person-240 in the group harbour/)
    assert.match((await client.get('/site/audit?from=2026-11-19&to=2026-11-19')).text, /No record fits/)
    assert.match((await client.get('/site/audit?actor=nobody-of-this-name')).text, /No record fits/)
  })

  it('says which day is none', async () => {
    const got = await client.get('/site/audit?from=2026-13-45')
    assert.equal(got.status, 422)
    assert.match(got.text, /href="#from"/)
  })

  it('escapes what a record says', async () => {
    await fillAudit(site, 1, () => ({
      at_micros: START + DAY,
      kind: '<b>kind</b>',
      actor: '<script>alert(1)</script>',
      detail: '{"path":"<img src=x onerror=alert(1)>","__proto__":{"x":1}}',
    }))
    const { text } = await client.get('/site/audit')
    assert.doesNotMatch(text, /<script>alert|<img src=x|<b>kind/)
  })

  it('is for site administrators only', async () => {
    await site.addUser('member')
    const { PortalClient: Client } = await import('../support/portal-client.ts')
    const member = new Client(site.url)
    await member.signIn('member', PASSWORD)
    assert.equal((await member.get('/site/audit')).status, 403)
    assert.equal((await member.get('/site/audit/export')).status, 403)
  })

  describe('the export', () => {
    const take = async (format: string, fields: Readonly<Record<string, string>> = {}) => {
      await client.get('/site/audit/export')
      return await client.post('/site/audit/export', { format, ...fields })
    }

    it('can be verified from the file alone, and is itself on record in it', async () => {
      const { text, headers } = await take('jsonl')
      assert.match(headers.get('content-disposition') ?? '', /^attachment; filename="audit-2026-11-23\.jsonl"$/)
      let previous = Buffer.alloc(32).toString('hex')
      const records = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, string | number>)
      for (const record of records) {
        assert.equal(record['previous'], previous)
        const hash = createHash('sha256').update(Buffer.from(previous, 'hex'))
        for (const name of ['seq', 'at_micros', 'kind', 'actor', 'detail']) {
          const part = String(record[name])
          hash.update(`${Buffer.byteLength(part)}:${part}`)
        }
        previous = hash.digest('hex')
        assert.equal(record['hash'], previous)
      }
      assert.equal(records[0]?.['seq'], 1)
      assert.equal(records.at(-1)?.['kind'], 'audit_exported')
      assert.equal(records.at(-1)?.['actor'], 'root')
    })

    it('holds what the filter finds', async () => {
      const { text } = await take('jsonl', { kind: 'member_added', text: 'harbour' })
      assert.equal(text.trimEnd().split('\n').length, 15)
    })

    it('as CSV gives a spreadsheet no formula', async () => {
      const at_micros = START + 2 * DAY
      for (const actor of ['=1+1', '+1', '-1', '@x', '\tx', '\rx', 'quo"te']) {
        await fillAudit(site, 1, () => ({ at_micros, kind: 'odd', actor, detail: '{}' }))
      }
      const { text } = await take('csv', { kind: 'odd' })
      assert.ok(text.startsWith('seq,at_micros,time,kind,actor,detail,previous,hash\r\n'))
      for (const actor of ['"\'=1+1"', '"\'+1"', '"\'-1"', '"\'@x"', '"\'\tx"', '"\'\rx"', '"quo""te"']) {
        assert.ok(text.includes(`,"odd",${actor},`), actor)
      }
    })

    it('wants proof after ten minutes', async () => {
      clock.move(11 * 60_000_000)
      assert.match((await client.get('/site/audit/export?kind=odd')).url, /^\/account\/prove\?next=/)
      assert.equal((await client.get('/site/audit')).status, 200)
    })
  })

  describe('verifying', () => {
    it('says how many records are right, and of which time', async () => {
      await client.get('/site/audit')
      const { text, url } = await client.post('/site/audit/verify')
      assert.match(url, /^\/site\/audit/)
      assert.match(text, /Intact/)
      assert.match(text, /The chain was verified/)
    })

    it('names the first record that was changed, and what to do', async () => {
      await site.context.database.transaction((trx) =>
        run(trx, "update audit set actor = 'mallory' where seq = (select min(seq) + 100 from audit)"),
      )
      await client.get('/site/audit')
      const { text } = await client.post('/site/audit/verify')
      assert.match(text, /Broken/)
      assert.match(text, /record 101 \(\w+\) does not match its hash/)
      assert.match(text, /vouchsafe verify --backup FILE/)
    })
  })
})
