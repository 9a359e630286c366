import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { generateKey } from 'openpgp'
import { importPortal } from '../../server/arrivals/import-portal.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { run } from '../../server/storage/database.ts'
import { peopleOf } from '../members/people.ts'
import { movableClock } from '../support/movable-clock.ts'
import { testSite } from '../support/site.ts'
import { noPostgres, seededPortal, seedKeys } from './portal-seed.ts'

/** Rows that another portal should not have, and people who try to come as somebody else. */
describe('an import from a portal with odd rows', { skip: noPostgres }, async () => {
  if (noPostgres !== false) return
  const keys = await seedKeys()
  const portal = await seededPortal(keys)
  const site = await testSite({ clock: movableClock('2026-11-21T12:00:00Z') })
  after(async () => {
    await site.close()
    await portal[Symbol.asyncDispose]()
  })
  const { context } = site
  const people = peopleOf(site)
  await people.account('root', 'administrator')
  await people.account('tove.here')
  const change = (text: string) => context.database.transaction((trx) => run<Record<string, unknown>>(trx, text))
  await change(`insert into account_address (account_no, address, created_micros, verified_micros)
    select account_no, 'tove@delta.example', 1, 1 from account where name = 'tove.here'`)
  const wanted = { ...BY_OPERATOR, from: portal.readerUrl, zone: 'UTC', source: 'old' }
  const codes = (report: Awaited<ReturnType<typeof importPortal>>, which: string) =>
    report.left_behind.filter((row) => row.which.startsWith(which)).map(({ what, code }) => `${what} ${code}`)

  it('who was let into no group administers no site', async () => {
    await portal.run("update member set sysadmin = true where ident = 'nils'")
    const report = await importPortal(context, { ...wanted, administrators: true })
    const made = report.people.filter((person) => 'site_administrator' in person)
    assert.deepEqual(
      made.map((person) => 'there' in person && person.there),
      ['mira'],
    )
  })

  it('who only names an address there comes to no account that has proven it', async () => {
    await portal.run(`update member_email set verified = false where email = 'tove@delta.example';
      insert into member_email (member, email, verified) values ('tove', 'other@mill.example', true)`)
    const report = await importPortal(context, { ...wanted, mergeByAddress: true })
    assert.equal(report.counts['people_merged'], 0)
    assert.ok(codes(report, 'tove').includes('person address-not-proven-there'))
    await portal.run(`delete from member_email where email = 'other@mill.example';
      update member_email set verified = true where email = 'tove@delta.example'`)
  })

  it('an address or a key of two members is proven for neither', async () => {
    await portal.run(`insert into member_email (member, email, verified, keyring)
      select 'otto', 'MIRA@pier.example', true, keyring from member_email where email = 'mira@pier.example'`)
    const report = await importPortal(context, wanted)
    assert.deepEqual(codes(report, 'mira').slice(0, 2), ['address address-shared', 'key shared'])
    const mira = report.people.find((person) => 'there' in person && person.there === 'mira')
    assert.match(JSON.stringify(mira), /"address":"mira@pier.example","verified":false/)
    await portal.run("delete from member_email where email = 'MIRA@pier.example'")
  })

  it('a key that nothing can be encrypted to stays behind', async () => {
    const { publicKey } = await generateKey({
      type: 'ecc',
      curve: 'ed25519Legacy',
      userIDs: { email: 'otto@crane.example' },
      subkeys: [{ sign: true }],
      date: new Date('2020-01-01T00:00:00Z'),
      format: 'object',
    })
    const ring = publicKey.armor()
    await portal.run(`update member_email set keyring = '${ring}', pgpkey_id = null where email = 'otto@crane.example'`)
    assert.ok(codes(await importPortal(context, wanted), 'otto').includes('key unusable'))
  })

  it('names of statements and fields become such as they are here', async () => {
    await portal.run(`update attestations set ident = 'Met: 2 times' where ident = 'met';
      update attestations set ident = 'met 2 Times!' where ident = 'stand';
      alter table member_details alter type type text; update member_details set type = 'Gate <b>';
      update member_detail_types set type = 'Gate <b>' where type = 'badge'`)
    const text = JSON.stringify((await importPortal(context, wanted)).groups)
    assert.match(text, /"attestations":\["met-2-times","met-2-times-2"\],"fields":\["gate_b"\]/)
  })

  it('an administrator for a group that brings none may be one of its members, and is told', async () => {
    await portal.run("update member_trustgroup set admin = false where trustgroup = 'dock'")
    const groups = new Map([['dock', undefined]])
    const more = { groups, mergeByAddress: true, administrator: 'tove.here', perform: true }
    const [unseen] = (await importPortal(context, { ...wanted, ...more })).left_behind.filter(
      ({ what }) => what === 'group',
    )
    assert.match(unseen?.reason ?? '', /tove\.here, who comes as a member, cannot either/)
    await portal.run("update member_trustgroup set state = 'active' where trustgroup = 'dock' and member = 'tove'")
    const report = await importPortal(context, { ...wanted, ...more })
    assert.equal(report.counts['groups_new'], 1)
    assert.deepEqual(await people.administrators('dock'), ['tove.here'])
    const told = (await people.notices('membership-changed')).map(({ path }) => path)
    assert.deepEqual(told, ['/groups/dock'])
  })
})
