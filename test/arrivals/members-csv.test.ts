import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { parseCsv } from '../../server/arrivals/csv.ts'
import { importMembers } from '../../server/arrivals/import-members.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { run } from '../../server/storage/database.ts'
import { peopleOf } from '../members/people.ts'
import { movableClock } from '../support/movable-clock.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, testSite } from '../support/site.ts'
import { changedTables, everything } from './everything.ts'

const site = await testSite({ clock: movableClock('2026-11-21T12:00:00Z') })
after(() => site.close())
const { context } = site
const people = peopleOf(site)
for (const name of ['alice', 'bob', 'carol']) await people.account(name)
await people.group('water', 'alice')
await context.database.transaction((trx) =>
  run(
    trx,
    `insert into account_address (account_no, address, created_micros, verified_micros)
     select account_no, 'bob@proven.example', 1, 1 from account where name = 'bob'`,
  ),
)

const importing = (text: string, more: Partial<Parameters<typeof importMembers>[1]> = {}) =>
  importMembers(context, { ...BY_OPERATOR, group: 'water', file: Buffer.from(text), ...more })

describe('a file of members', () => {
  it('is rehearsed first, then makes accounts, memberships and welcome links', async () => {
    const file = [
      'Name,E-mail,Affiliation,Roles,Time zone,Shoe size',
      '"Drop, Dora",Dora@Port.Example,"Port ""North""",coordinator,Europe/Oslo,38',
      'Bob,bob@proven.example,,,,',
      'Alice,alice@city.example,,,,',
      '',
    ].join('\r\n')
    const before = await everything(site)
    const named = file
      .replace('Name,', 'Account,Name,')
      .replace('\r\n"Drop', '\r\n,"Drop')
      .replace('\r\nBob', '\r\n,Bob')
    const rehearsal = await importing(named.replace('\r\nAlice', '\r\nalice,Alice'))
    assert.deepEqual(changedTables(before, await everything(site)), [])
    assert.equal(rehearsal.done, false)
    assert.deepEqual(
      rehearsal.members.map(({ line, how, account, roles }) => [line, how, account, roles.join(' ')].join(' ')),
      ['2 new dora coordinator', '3 existing bob ', '4 member-already alice '],
    )
    assert.deepEqual(rehearsal.ignored_columns, ['Shoe size'])
    const done = await importing(named.replace('\r\nAlice', '\r\nalice,Alice'), { perform: true })
    assert.deepEqual([done.done, done.welcome_links], [true, 1])
    const { access } = await context.freshness.read()
    const dora = access.accountNamed('dora')
    assert.deepEqual([dora?.displayName, dora?.email], ['Drop, Dora', 'dora@port.example'])
    const groupNo = access.group('water')?.groupNo ?? 0
    assert.deepEqual([...(access.membership(dora?.accountNo ?? 0, groupNo)?.roles ?? [])], ['coordinator'])
    const profiles = await context.database.kysely.selectFrom('profile').select('affiliation').execute()
    assert.deepEqual(profiles, [{ affiliation: 'Port "North"' }])
    const [notice] = await people.notices('welcome')
    assert.equal(notice?.address, 'dora@port.example')
    const told = (await people.notices('membership-changed')).filter(({ path }) => path === '/groups/water')
    assert.deepEqual(told, [{ address: 'bob@city.example', path: '/groups/water' }])
    const client = new PortalClient(site.url)
    assert.equal((await client.post(notice?.path ?? '', { password: PASSWORD, again: PASSWORD })).status, 200)
    assert.deepEqual((await people.audited('members_imported')).at(-1)?.detail, {
      group: 'water',
      source: 'csv',
      memberships: 2,
      links: 1,
    })
  })

  it('takes account names in every form that they may have, and nobody twice', async () => {
    const long = 'l'.repeat(64)
    const report = await importing(`name,email,account\nA,a@port.example,a@port\nB,b@port.example,${long}\n`)
    assert.deepEqual([report.problems, report.members.map(({ account }) => account)], [[], ['a@port', long]])
    await context.database.transaction((trx) =>
      run(
        trx,
        `insert into account_address (account_no, address, created_micros, verified_micros)
         select account_no, t.address, 1, 1 from account, (values ('c1@port.example'), ('c2@port.example')) t(address)
          where name = 'carol'`,
      ),
    )
    const twice = await importing('name,email\nC,c1@port.example\nC,c2@port.example\n')
    assert.deepEqual(twice.problems, [
      { line: 3, field: 'email', problem: 'is that of the same account as in line 2: leave one of the two out' },
    ])
  })

  it('with a bad line does nothing, and says line and field of each', async () => {
    const file = [
      'name;email;roles;time_zone;account',
      'Eve;eve@port.example;;;',
      ';nobody;;;',
      'Eve again;EVE@port.example;;;',
      'Frank;frank@port.example;king;;',
      'Grete;grete@port.example;;Middle Earth;',
      'Carol;carol@city.example;;;',
      'Hans;hans@port.example;;;bob',
    ].join('\n')
    const before = await everything(site)
    const report = await importing(file, { perform: true })
    assert.equal(report.done, false)
    assert.deepEqual(changedTables(before, await everything(site)), [])
    assert.deepEqual(
      report.problems.map(({ line, field }) => `${line} ${field}`),
      ['3 email', '3 name', '4 email', '5 roles', '6 time_zone', '7 email', '8 account'],
    )
    assert.match(report.problems[2]?.problem ?? '', /line 2 already/)
    assert.match(report.problems[5]?.problem ?? '', /the account carol, which has not proven it/)
    const skipped = await importing(file, { perform: true, skipBad: true, quiet: true })
    assert.deepEqual([skipped.done, skipped.welcome_links, skipped.members.length], [true, 0, 1])
  })

  it('that cannot be read at all is refused with a reason', async () => {
    const cases = [
      ['', /is empty/],
      ['Vorname,Nachname\nA,B', /one column name/],
      ['name,email,mail\nA,a@b.example,a@b.example', /one column email/],
      ['name,email\n"A"x,a@b.example', /quotation mark/],
    ] as const
    for (const [text, words] of cases) {
      const { problems, done } = await importing(text, { perform: true })
      assert.equal(done, false)
      assert.match(problems[0]?.problem ?? '', words)
    }
    await assert.rejects(importing('', { file: Buffer.from([0xff, 0xfe, 0x41]) }), /UTF-8/)
    await assert.rejects(importing('name,email\nA,a@b.example', { group: 'none' }), /not found/)
  })
})

describe('CSV', () => {
  const cells = (text: string) => {
    const read = parseCsv(text)
    return read.ok ? read.rows : read
  }

  it('is read as RFC 4180 says, and as spreadsheets write it', () => {
    assert.deepEqual(cells('\ufeffa;b\r\n"x;1";"two\nlines ""here"""\r\n\r\n c ;d'), [
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['x;1', 'two\nlines "here"'] },
      { line: 5, cells: ['c', 'd'] },
    ])
    assert.deepEqual(cells('a\tb\rc, d\t'), [
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['c, d', ''] },
    ])
    assert.deepEqual(cells('a,b\n"x" ,y;z'), [
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['x', 'y;z'] },
    ])
  })

  it('with a quotation mark where none can be says the line', () => {
    for (const text of ['a,b\nx"y,z', 'a,b\n"x"y,z', 'a,b\n"never closed,z']) {
      const read = parseCsv(text)
      assert.deepEqual([read.ok, !read.ok && read.line], [false, 2], text)
    }
  })
})
