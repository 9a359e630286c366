import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { importPortal, withPortal } from '../../server/arrivals/import-portal.ts'
import { historyLines } from '../../server/arrivals/portal-history.ts'
import { portalLines } from '../../server/cli/arrival-lines.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { run } from '../../server/storage/database.ts'
import { movableClock } from '../support/movable-clock.ts'
import { testSite, type TestSite } from '../support/site.ts'
import { changedTables, everything, holds } from './everything.ts'
import { BAIT, noPostgres, seededPortal, type SeededPortal, seedKeys } from './portal-seed.ts'

const NOW = '2026-11-21T12:00:00Z'
const MICROS = (text: string) => Date.parse(text) * 1000
const ZONE = 'Europe/Oslo'

/** What a membership and its account look like after an import. */
async function membership(site: TestSite, account: string, group: string) {
  const { rows } = await site.context.database.transaction((trx) =>
    run<Record<string, unknown>>(
      trx,
      `select m.state, m.roles, m.admitted, m.active, m.created_micros, m.activity_micros, d.address,
              d.verified_micros is not null as verified, c.fingerprint, c.proven_micros is not null as proven, c.problems
         from membership m join account a on a.account_no = m.account_no join trust_group g on g.group_no = m.group_no
         left join account_address d on d.address_no = m.address_no
         left join certificate c on c.certificate_no = m.certificate_no
        where a.name = $1::text and g.name = $2::text`,
      [account, group],
    ),
  )
  return rows[0]
}

async function rowsOf(site: TestSite, text: string): Promise<readonly Record<string, unknown>[]> {
  return (await site.context.database.transaction((trx) => run<Record<string, unknown>>(trx, text))).rows
}

describe('an import from another portal', { skip: noPostgres }, async () => {
  if (noPostgres !== false) return
  const keys = await seedKeys()
  const portal = await seededPortal(keys)
  const site = await testSite({ clock: movableClock(NOW) })
  after(async () => {
    await site.close()
    await portal[Symbol.asyncDispose]()
  })
  // as a user who may not even select what is secret: whoever asked for it would be refused
  const wanted = { ...BY_OPERATOR, from: portal.readerUrl, zone: ZONE, source: 'old' }
  const before = await everything(site)
  const rehearsal = await importPortal(site.context, wanted)
  const untouched = await everything(site)
  const report = await importPortal(site.context, { ...wanted, perform: true, welcome: true })
  const told = [JSON.stringify(report), portalLines(report).join('\n'), JSON.stringify(rehearsal)].join('\n')
  const left = (what: string) => report.left_behind.filter((row) => row.what === what)

  it('is rehearsed first: the report is that of the deed, and nothing is changed', () => {
    assert.deepEqual(changedTables(before, untouched), [])
    assert.equal(before.get('audit')?.length, untouched.get('audit')?.length)
    assert.deepEqual({ ...rehearsal, done: true, welcome_links: 0 }, { ...report, welcome_links: 0 })
    assert.equal(rehearsal.done, false)
    assert.deepEqual(report.counts, {
      groups_new: 2,
      groups_joined: 0,
      people_new: 5,
      people_merged: 0,
      people_known: 0,
      memberships: 8,
      memberships_known: 0,
      vouches: 7,
      vouches_known: 0,
      dunno_marks: 2,
      keys: 2,
      left_behind: report.left_behind.length,
    })
  })

  it('keeps the states as they are there, and roles', async () => {
    const states: Record<string, unknown> = {}
    for (const [account, group] of [
      ['mira', 'quay'],
      ['otto', 'quay'],
      ['tove', 'quay'],
      ['pia', 'quay'],
      ['tove', 'dock'],
      ['nils', 'dock'],
      ['pia', 'dock'],
    ] as const) {
      const found = await membership(site, account, group)
      states[`${account} ${group}`] = [found?.['state'], found?.['active'], found?.['roles'], found?.['admitted']].join(
        ' ',
      )
    }
    assert.deepEqual(states, {
      'mira quay': 'active true group-administrator nomination',
      'otto quay': 'active true  nomination',
      'tove quay': 'inactive true  nomination',
      'pia quay': 'blocked false  import',
      'tove dock': 'approved false  nomination',
      'nils dock': 'nominated false  nomination',
      'pia dock': 'soonidle true  nomination',
    })
    const history = await rowsOf(site, 'select event, from_state, to_state, actor from membership_history')
    assert.equal(history.length, 8)
    assert.ok(history.every((row) => row['event'] === 'imported' && row['from_state'] === null))
  })

  it('reads times in the zone of the other server, and the later activity of group and member', async () => {
    const mira = await membership(site, 'mira', 'dock')
    // noon in Oslo: an hour before UTC in winter
    assert.equal(Number(mira?.['created_micros']), MICROS('2018-01-01T11:00:00Z'))
    assert.equal(Number(mira?.['activity_micros']), MICROS('2026-11-01T11:00:00Z'))
    const tove = await membership(site, 'tove', 'dock')
    assert.equal(Number(tove?.['created_micros']), MICROS('2026-10-01T10:00:00Z'), 'two hours in summer')
  })

  it('two addresses, one for each group: each membership keeps its own', async () => {
    assert.equal((await membership(site, 'mira', 'quay'))?.['address'], 'mira@pier.example')
    assert.equal((await membership(site, 'mira', 'dock'))?.['address'], 'mira@second.example')
  })

  it('a keyring with several keys: the own one is taken by its User ID, not the first', async () => {
    const otto = await membership(site, 'otto', 'quay')
    assert.equal(otto?.['fingerprint'], keys.otto.fingerprint)
  })

  it('an expired key of an active member where keys are required: the state stays, the key is told of', async () => {
    const otto = await membership(site, 'otto', 'quay')
    assert.equal(otto?.['state'], 'active')
    assert.match(String(otto?.['problems']), /key_expired/)
    assert.match(JSON.stringify(report.keys), /"account":"otto"[^}]*"expires":"2020-12-31"/)
    assert.deepEqual(
      report.next_review.filter(({ account }) => account === 'otto'),
      [],
    )
    assert.deepEqual(
      report.after_grace.filter(({ account }) => account === 'otto'),
      [{ group: 'quay', account: 'otto', from: 'active', to: 'inactive', because: ['key'] }],
    )
  })

  it('a key id is compared with the end of the fingerprint, with 8 digits or without leading zeros', async () => {
    const mira = await membership(site, 'mira', 'quay')
    assert.equal(mira?.['fingerprint'], keys.mira.fingerprint)
    assert.equal(mira?.['proven'], true, 'what was pinned there counts as proven')
    assert.deepEqual(await rowsOf(site, 'select distinct proof from key_change where done_micros is not null'), [
      { proof: 'import' },
    ])
    assert.deepEqual(
      left('key').map(({ which, code }) => [which, code]),
      [['tove tove@delta.example', 'no-keyring']],
    )
  })

  it('all ways to say none are none', async () => {
    const profiles = await rowsOf(
      site,
      'select a.name, p.airport, p.sms, p.affiliation from profile p join account a using (account_no) order by 1',
    )
    assert.deepEqual(
      profiles.map((row) => Object.values(row).join('|')),
      [
        'mira|OSL|+47.5550|Pier Works',
        'nils|||fresh.example',
        'otto|HAM||Crane & Co',
        'pia|OSL||Storm',
        'tove|||delta.example',
      ],
    )
    assert.ok(!report.keys.some((key) => JSON.stringify(key).includes('1970')))
  })

  it('Dunno is a private mark and no vouch', async () => {
    const marks = await rowsOf(
      site,
      `select v.name as voucher, o.name as vouchee from vouch_mark m join account v on v.account_no = m.voucher_no
         join account o on o.account_no = m.vouchee_no order by 1`,
    )
    assert.deepEqual(
      marks.map((row) => `${String(row['voucher'])} ${String(row['vouchee'])}`),
      ['otto pia', 'pia nils'],
    )
    assert.deepEqual(await rowsOf(site, "select 1 from vouch where attested <> '[]' or ended_micros is not null"), [])
  })

  it('hours of an interval become days, and the rules say where they differ', async () => {
    const [dock] = await rowsOf(site, "select policy from trust_group where name = 'dock'")
    const policy = JSON.parse(String(dock?.['policy'])) as Record<string, unknown>
    assert.deepEqual(
      [policy['maxInactivityDays'] ?? 180, policy['idleGuardDays'], policy['maxVouchDays'], policy['ringDetection']],
      [180, 14, 30, false],
    )
    const differs = JSON.stringify(report.groups)
    for (const words of ['never', 'days of grace', 'expired key']) assert.ok(differs.includes(words), words)
  })

  it('subscribed but blocked, without mail: the list is told of, and nothing is sent', async () => {
    assert.deepEqual(report.lists, [
      { list: 'general', group: 'quay', title: 'General', encrypted: true, computed: false, subscribed: 3, reached: 2 },
    ])
    const notices = await rowsOf(site, 'select kind, address from notice order by address')
    assert.deepEqual(
      notices.map((row) => `${String(row['kind'])} ${String(row['address'])}`),
      ['welcome mira@pier.example', 'welcome otto@crane.example', 'welcome tove@delta.example'],
      'nor to a nominee, who does not know',
    )
    assert.deepEqual(report.mail_bounced, ['pia'])
  })

  it('a hash in a row of SQL is nowhere after the import, nor any other secret', async () => {
    const all = await everything(site)
    assert.deepEqual(holds(all, BAIT), [])
    assert.ok(!told.includes(BAIT))
    const lines = await withPortal(wanted, async (source) => {
      const parts: string[] = []
      for await (const part of historyLines(source)) parts.push(part)
      return parts.join('')
    })
    assert.ok(!lines.includes(BAIT))
    assert.match(lines, /"by":"otto".*"sql":"update member"/)
    assert.match(lines, /"by":"mira","about":"nils","group":"dock","what":"Added member nils to group dock"/)
    assert.match(lines, /left out/)
    assert.deepEqual(report.history, { statements: 1, sentences: 2 })
    const [picture] = await rowsOf(site, 'select media_type, length(body) as bytes from photo')
    assert.equal(picture?.['media_type'], 'image/png')
  })

  it('of two details of one kind the newest comes, as a field of the group', async () => {
    const fields = await rowsOf(
      site,
      'select f.name, f.label, m.value from member_field m join group_field f using (group_no, name)',
    )
    assert.deepEqual(
      fields.map((row) => Object.values(row)),
      [['badge', 'Gate badge', 'G-2']],
    )
  })

  it('an unknown state and an unknown kind of factor are told of, and the import goes on', () => {
    assert.deepEqual(
      left('membership').map(({ which, code }) => [which, code]),
      [['zora in dock', 'unknown-state']],
    )
    assert.deepEqual(
      left('vouch').map(({ which, code }) => [which, code]),
      [['mira for zora in dock', 'member-stays']],
    )
    assert.deepEqual(report.second_factors, [{ account: 'mira', kinds: ['TOTP', 'U2F'], unknown: ['U2F'] }])
    assert.deepEqual(report.states_that_differ, [
      { state: 'approved', known: true, there: { see: true } },
      { state: 'probation', known: false },
    ])
  })

  it('an address counts as proven only of who has been in, and none that was not confirmed there', async () => {
    const addresses = await rowsOf(
      site,
      'select address, verified_micros is not null as verified from account_address order by 1',
    )
    assert.deepEqual(
      addresses.map((row) => `${String(row['address'])} ${String(row['verified'])}`),
      [
        'mira@pier.example true',
        'mira@second.example true',
        'nils@fresh.example false',
        'otto@crane.example true',
        'pia@old.example false',
        'pia@storm.example true',
        'tove@delta.example true',
      ],
    )
  })

  it('who nominated is whose vouch is the oldest', async () => {
    const [nomination] = await rowsOf(
      site,
      `select a.name as nominator, n.name, n.email, n.made_micros from nomination n
         join account a on a.account_no = n.nominator_no where ended_micros is null`,
    )
    assert.deepEqual(
      [nomination?.['nominator'], nomination?.['name'], nomination?.['email'], Number(nomination?.['made_micros'])],
      ['mira', 'Nils Arne', 'nils@fresh.example', MICROS('2026-11-15T11:00:00Z')],
    )
  })

  it('accounts come without a password, and no administrator of theirs is one of ours', async () => {
    const odd = await rowsOf(site, "select name from account where password_hash is not null or role = 'administrator'")
    assert.deepEqual(odd, [])
    assert.deepEqual(report.system_administrators, ['mira'])
    const [away] = await rowsOf(site, 'select name from account where furlough_from_micros is not null')
    assert.equal(away?.['name'], 'tove')
  })

  it('a second run changes nothing', async () => {
    const first = await everything(site)
    const again = await importPortal(site.context, { ...wanted, perform: true })
    assert.deepEqual(changedTables(first, await everything(site)), [])
    assert.deepEqual(
      [again.counts['people_known'], again.counts['memberships_known'], again.counts['vouches_known']],
      [5, 8, 7],
    )
    assert.equal(again.counts['people_new'], 0)
  })

  it('a later run brings who is new, knows a renamed member, and keeps what was changed here', async () => {
    await portal.run(`
      update member set ident = 'miralang', descr = 'Mira Renamed' where ident = 'mira';
      insert into member (ident, uuid, descr, entered, activity) values
        ('ulf', '00000000-0000-4000-8000-000000000007', 'Ulf New', '2026-11-20', '2026-11-20');
      insert into member_email (member, email, verified) values ('ulf', 'ulf@new.example', true);
      insert into member_trustgroup values ('ulf', 'quay', 'approved', false, 'ulf@new.example', '2026-11-20', '2026-11-20');
      insert into member_vouch values ('miralang', 'ulf', 'quay', 'Welcome.', '2026-11-20', true),
        ('otto', 'tove', 'quay', 'Now I know her.', '2026-11-20', true);`)
    await site.context.database.transaction(async (trx) => {
      await run(trx, "update account set display_name = 'M. Lang' where name = 'mira'")
      await run(
        trx,
        `update vouch set ended_micros = 1, end_reason = 'withdrawn' where voucher_no = (select account_no from account where name = 'otto')
           and vouchee_no = (select account_no from account where name = 'mira')`,
      )
    })
    const later = await importPortal(site.context, { ...wanted, perform: true })
    assert.deepEqual(
      [later.counts['people_new'], later.counts['people_known'], later.counts['memberships'], later.counts['vouches']],
      [1, 5, 1, 2],
    )
    assert.match(
      JSON.stringify(later.people),
      /"there":"miralang","here":"mira","how":"known"[^}]*"renamed_there":true/,
    )
    const [mira] = await rowsOf(site, "select display_name from account where name = 'mira'")
    assert.equal(mira?.['display_name'], 'M. Lang')
    const current = await rowsOf(
      site,
      `select 1 from vouch where ended_micros is null and
      voucher_no = (select account_no from account where name = 'otto') and vouchee_no = (select account_no from account where name = 'mira')`,
    )
    assert.deepEqual(current, [], 'a vouch that was taken back here does not come again')
  })
})

describe('the shape of the Perl portal', { skip: noPostgres }, async () => {
  if (noPostgres !== false) return
  const keys = await seedKeys()
  const portal = await seededPortal(keys, 'perl')
  after(() => portal[Symbol.asyncDispose]())

  it('is known by its columns, though its version says 1', async () => {
    await using site = await testSite({ clock: movableClock(NOW) })
    const report = await importPortal(site.context, imported(portal))
    assert.deepEqual([report.source.kind, report.source.version], ['perl-portal', 1])
    assert.ok(report.source.missing_columns.includes('member.name_first'))
    assert.deepEqual([report.counts['people_new'], report.counts['keys']], [5, 2])
    assert.equal((await membership(site, 'mira', 'quay'))?.['fingerprint'], keys.mira.fingerprint)
    assert.deepEqual(holds(await everything(site), BAIT), [])
  })

  it('comes from an older version too, in which columns are missing', async () => {
    await portal.run(`
      alter table member drop column image, drop column recover_email, drop column ssh_key;
      alter table member_email drop column keyring, drop column keyring_update_at;
      drop table member_details, member_detail_types, member_language_skill, second_factors, second_factor_types;
      drop table schema_metadata; create table schema_version (current_version integer); insert into schema_version values (2);`)
    await using site = await testSite({ clock: movableClock(NOW) })
    const report = await importPortal(site.context, { ...imported(portal), from: portal.url })
    assert.equal(report.source.version, 2)
    assert.deepEqual([report.counts['people_new'], report.counts['keys']], [5, 0])
    const reasons = report.left_behind.filter(({ what }) => what === 'key').map(({ code }) => code)
    assert.deepEqual(reasons, ['no-keyring', 'no-keyring', 'no-keyring'])
  })

  function imported({ readerUrl }: SeededPortal) {
    return { ...BY_OPERATOR, from: readerUrl, zone: 'UTC', source: 'old', perform: true }
  }
})
