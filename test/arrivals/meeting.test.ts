import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { importPortal } from '../../server/arrivals/import-portal.ts'
import { welcomeMembers } from '../../server/arrivals/welcome-members.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { run } from '../../server/storage/database.ts'
import { peopleOf } from '../members/people.ts'
import { movableClock } from '../support/movable-clock.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, testSite } from '../support/site.ts'
import { noPostgres, seededPortal, seedKeys } from './portal-seed.ts'

/** People and groups of another portal that meet those who are here. */
describe('an import into a site with people', { skip: noPostgres }, async () => {
  if (noPostgres !== false) return
  const portal = await seededPortal(await seedKeys())
  const clock = movableClock('2026-11-21T12:00:00Z')
  const site = await testSite({ clock })
  after(async () => {
    await site.close()
    await portal[Symbol.asyncDispose]()
  })
  const { context } = site
  const people = peopleOf(site)
  await people.account('root', 'administrator')
  await people.account('otto')
  await people.account('mira.here')
  await people.group('quay', 'root')
  const wanted = { ...BY_OPERATOR, from: portal.readerUrl, zone: 'UTC', source: 'old' }
  const change = (text: string) => context.database.transaction((trx) => run(trx, text))
  await change("update account set email = 'mira@pier.example' where name = 'mira.here'")
  const reasons = (report: Awaited<ReturnType<typeof importPortal>>, what: string) =>
    report.left_behind.filter((row) => row.what === what).map(({ which, code }) => `${which}: ${code}`)

  it('a group whose name is taken stays behind until somebody says where it goes', async () => {
    const report = await importPortal(context, wanted)
    assert.ok(reasons(report, 'group').includes('quay: group-name-taken'))
    const renamed = await importPortal(context, { ...wanted, groups: new Map([['quay', 'old-quay']]) })
    assert.ok(!reasons(renamed, 'group').includes('quay: group-name-taken'))
    const into = await importPortal(context, { ...wanted, groups: new Map([['quay', 'quay']]) })
    assert.match(JSON.stringify(into.groups), /"here":"quay","how":"into"/)
    const bad = await importPortal(context, { ...wanted, groups: new Map([['quay', 'No Name']]) })
    assert.deepEqual(reasons(bad, 'group'), ['quay: bad-group-name'])
  })

  it('somebody whose address is that of an account here stays behind, and is never guessed', async () => {
    const report = await importPortal(context, wanted)
    assert.deepEqual(
      reasons(report, 'person').filter((line) => line.startsWith('mira')),
      ['mira: address-taken'],
    )
    const unproven = await importPortal(context, { ...wanted, mergeByAddress: true })
    assert.ok(reasons(unproven, 'person').includes('mira: address-not-proven-here'))
  })

  it('a group that brings no administrator stays behind, unless somebody here administers it', async () => {
    const alone = await importPortal(context, { ...wanted, groups: new Map([['dock', undefined]]) })
    assert.deepEqual(reasons(alone, 'group'), ['dock: no-administrator'])
    assert.equal(alone.counts['memberships'], 0)
    const helped = await importPortal(context, {
      ...wanted,
      groups: new Map([['dock', undefined]]),
      administrator: 'root',
    })
    assert.equal(helped.counts['groups_new'], 1)
    await assert.rejects(importPortal(context, { ...wanted, administrator: 'nobody' }), /an active account nobody/)
  })

  it('who has proven the address here is merged when that is asked for, and keeps what is theirs', async () => {
    await change(`insert into account_address (account_no, address, created_micros, verified_micros)
      select account_no, 'mira@pier.example', 1, 1 from account where name = 'mira.here'`)
    await change(`insert into profile (account_no, affiliation, changed_micros)
      select account_no, 'Of my own', 1 from account where name = 'mira.here'`)
    const groups = new Map<string, string | undefined>([
      ['quay', 'old-quay'],
      ['dock', undefined],
    ])
    const states = new Map([['probation', 'approved' as const]])
    const report = await importPortal(context, { ...wanted, groups, states, mergeByAddress: true, perform: true })
    assert.deepEqual([report.counts['people_merged'], report.counts['people_new']], [1, 5])
    assert.deepEqual(reasons(report, 'membership'), [], 'the operator has said what probation means')
    assert.deepEqual(await people.administrators('old-quay'), ['mira.here'])
    const { rows } = await change(
      "select affiliation from profile join account using (account_no) where name = 'mira.here'",
    )
    assert.deepEqual(rows, [{ affiliation: 'Of my own' }])
    const { access } = await context.freshness.read()
    assert.ok(access.accountNamed('otto.2'), 'a name that is taken gets a number')
    assert.equal(access.accountNamed('mira'), undefined)
  })

  it('whom a group lets in is welcomed afterwards, gets in, and the others are not told', async () => {
    const done = await welcomeMembers(context, { ...BY_OPERATOR, group: 'old-quay' })
    assert.deepEqual(done.welcomed, ['otto.2', 'tove'])
    const notices = await people.notices('welcome')
    assert.deepEqual(notices.map(({ address }) => address).toSorted(), ['otto@crane.example', 'tove@delta.example'])
    const path = notices.find(({ address }) => address.startsWith('otto'))?.path ?? ''
    const client = new PortalClient(site.url)
    assert.match((await client.get(path)).text, /Otto Brand, an account was made for you at Quay Watch/)
    assert.equal((await client.post(path, { password: PASSWORD, again: PASSWORD })).url, '/groups/old-quay')
    assert.deepEqual((await welcomeMembers(context, { ...BY_OPERATOR, group: 'old-quay' })).welcomed, ['tove'])
  })

  it('a member who was removed here does not come back by the next run', async () => {
    await change(`delete from membership where account_no = (select account_no from account where name = 'tove')`)
    const again = await importPortal(context, { ...wanted, perform: true })
    assert.deepEqual(
      reasons(again, 'membership').filter((line) => line.startsWith('tove')),
      ['tove in quay: ended-here', 'tove in dock: ended-here'],
    )
  })

  it('what is wrong with the way to the other database is said in words', async () => {
    const cases = [
      [{ from: 'mysql://x/y' }, /begins with postgres/],
      [{ zone: '+02:00' }, /time zone/],
      [{ source: 'Old Portal' }, /name of a source/],
      [{ from: 'postgres://127.0.0.1:1/nothing' }, /cannot be read/],
      [{ from: `${new URL('/postgres', portal.url).href}` }, /no table member/],
    ] as const
    for (const [change, words] of cases) await assert.rejects(importPortal(context, { ...wanted, ...change }), words)
  })
})
