import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Client } from 'ldapts'
import { blockMember } from '../../server/members/departures.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { raiseAccess } from '../../server/site/site.ts'
import { run } from '../../server/storage/database.ts'
import type { MemberState } from '../../policies/member-state.ts'
import { peopleOf } from '../members/people.ts'
import { PASSWORD } from '../support/site.ts'
import {
  type AskingSlapd,
  askingSlapd,
  directorySite,
  dnsIn,
  groupDn,
  noAskingSlapd,
  personDn,
  SUFFIX,
  valuesIn,
} from './asked-slapd.ts'

const at = await directorySite()
const { context } = at.site
const people = peopleOf(at.site)
const CROWD = 250

/** What an account is called, and its address. */
async function rename(name: string, displayName: string, email: string | null) {
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    await trx.updateTable('account').set({ display_name: displayName, email }).where('name', '=', name).execute()
  })
}

async function setState(group: string, account: string, state: MemberState) {
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    await run(
      trx,
      `update membership m set state = $3::text from trust_group g, account a
        where g.group_no = m.group_no and a.account_no = m.account_no and g.name = $1::text and a.name = $2::text`,
      [group, account, state],
    )
  })
}

/** Many members without passwords. */
async function crowd(group: string, count: number) {
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    await run(
      trx,
      `with made as (
         insert into account (name, role, display_name, email, created_micros)
         select 'p' || n, 'member', 'Person ' || n, 'p' || n || '@crowd.example', 1 from generate_series(1, $2::int) n
         returning account_no)
       insert into membership (group_no, account_no, created_micros)
       select g.group_no, made.account_no, 1 from made, trust_group g where g.name = $1::text`,
      [group, count],
    )
  })
}

describe('searching the directory', { skip: noAskingSlapd }, () => {
  let slapd: AskingSlapd
  before(async () => {
    slapd = await askingSlapd(at.socket)
    for (const name of ['ada', 'bob', 'carol', 'eve', 'mallory', 'keeper']) await people.account(name)
    await rename('ada', 'Ada Ωmega-Łódź  (née Ünal) *', 'Ada.Omega@city.example')
    await rename('carol', 'محمد 🦊', null)
    await people.group('water', 'ada')
    await people.group('power', 'eve')
    await people.group('big', 'keeper')
    for (const name of ['bob', 'carol', 'mallory']) await people.member('water', name)
    await people.member('power', 'carol')
    await crowd('big', CROWD)
  })
  after(async () => {
    await slapd?.[Symbol.asyncDispose]()
    await at[Symbol.asyncDispose]()
  })

  const search = (filter: string, attributes?: readonly string[], more?: readonly string[]) =>
    slapd.as('bob', PASSWORD).search(filter, attributes, more)
  const found = async (filter: string, more?: readonly string[]) => dnsIn(await search(filter, ['1.1'], more))
  const WATER = ['ada', 'bob', 'carol', 'mallory'].map(personDn)

  it('finds people and groups by what a wiki asks', async () => {
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['(uid=ada)', [personDn('ada')]],
      ['(UID=ADA)', [personDn('ada')]],
      ['(mail=ada.omega@CITY.example)', [personDn('ada')]],
      [`(memberOf=${groupDn('water')})`, WATER],
      [`(memberOf=CN=Water, OU=groups,${SUFFIX})`, WATER],
      [`(member=${personDn('bob')})`, [groupDn('water')]],
      [`(&(objectClass=groupOfNames)(member=${personDn('bob')}))`, [groupDn('water')]],
      ['(objectClass=inetOrgPerson)', WATER],
      ['(mail=*)', ['ada', 'bob', 'mallory'].map(personDn)],
      ['(&(objectClass=person)(!(mail=*)))', [personDn('carol')]],
      ['(cn=*ωMEGA*łódź*)', [personDn('ada')]],
      ['(cn=ada ωmega-łódź \\28née ünal\\29 \\2a)', [personDn('ada')]],
      ['(cn=*\\2a)', [personDn('ada')]],
      ['(sn=🦊)', [personDn('carol')]],
      ['(|(uid=ada)(uid=carol)(uid=nobody))', ['ada', 'carol'].map(personDn)],
      ['(&(uid=*)(|(uid=a*)(uid=*b)))', ['ada', 'bob'].map(personDn)],
      ['(uid~=bob)', [personDn('bob')]],
      ['(name=bob)', [personDn('bob')]],
      ['(description=The water)', [groupDn('water')]],
      ['(ou=people)', [`ou=people,${SUFFIX}`]],
      // what nobody knows matches nothing, and neither does its contrary
      ['(nosuch=*)', []],
      ['(!(nosuch=x))', []],
      ['(uid>=a)', []],
      ['(cn:caseExactMatch:=bob)', []],
      ['(userPassword=*)', []],
      ['(&(uid=bob)(nosuch=x))', []],
      ['(|(uid=bob)(nosuch=x))', [personDn('bob')]],
      ['(uid=*)(uid=ada)', []],
      ['(uid=ada)(|(uid=*))', []],
      ['(uid=ada\\29\\28uid=\\2a)', []],
      ['(uid=ada\\0a)', [personDn('ada')]], // a space at the end is none (RFC 4518 §2.6.1)
      ['(uid=ada\\00)', []],
    ]
    for (const [filter, expected] of cases) assert.deepEqual(await found(filter), expected, filter)
  })

  it('searches the base, one level, everything, and what is below', async () => {
    const in_ = (base: string, scope: string) => found('(objectClass=*)', ['-b', base, '-s', scope])
    const [top, branch] = [SUFFIX, `ou=people,${SUFFIX}`]
    assert.deepEqual(await in_(top, 'base'), [top])
    assert.deepEqual(await in_(top, 'one'), [`ou=groups,${SUFFIX}`, branch])
    assert.deepEqual(await in_(branch, 'one'), WATER)
    assert.deepEqual(await in_(branch, 'sub'), [branch, ...WATER].toSorted())
    assert.deepEqual(await in_(branch, 'children'), WATER)
    assert.deepEqual(await in_(personDn('ada'), 'base'), [personDn('ada')])
    assert.deepEqual(await in_('OU=People,DC=region,  DC=example', 'one'), WATER)
    assert.equal((await search('(uid=*)', [], ['-b', personDn('nobody')])).code, 32)
  })

  it('gives the attributes that were asked for', async () => {
    const attributes = async (...asked: readonly string[]) => {
      const { out } = await search('(uid=ada)', asked)
      const names = out.split('\n').flatMap((line) => /^(\w+)::? /.exec(line)?.[1] ?? [])
      return [...new Set(names)].toSorted()
    }
    const user = ['cn', 'displayName', 'dn', 'mail', 'objectClass', 'sn', 'uid']
    assert.deepEqual(await attributes(), user)
    assert.deepEqual(await attributes('*'), user)
    assert.deepEqual(await attributes('1.1'), ['dn'])
    assert.deepEqual(await attributes('mail', 'MEMBEROF'), ['dn', 'mail', 'memberOf'])
    assert.deepEqual(await attributes('0.9.2342.19200300.100.1.3'), ['dn', 'mail'])
    assert.deepEqual(await attributes('name'), ['cn', 'dn', 'sn'])
    assert.deepEqual(await attributes('+'), ['dn', 'entryDN', 'entryUUID', 'memberOf', 'subschemaSubentry'])
    assert.deepEqual(await attributes('userPassword', 'nosuch'), ['dn'])
    const { out } = await search('(uid=ada)', ['mail', 'cn'], ['-A'])
    assert.match(out, /^mail:$/m)
    assert.doesNotMatch(out, /city\.example$/m)
  })

  it('carries every letter of a name', async () => {
    assert.deepEqual(valuesIn(await search('(uid=ada)', ['cn']), 'cn'), ['Ada Ωmega-Łódź  (née Ünal) *'])
    assert.deepEqual(valuesIn(await search('(uid=carol)', ['cn']), 'cn'), ['محمد 🦊'])
    const evil = 'x\n\ndn: uid=evil,dc=region,dc=example\nuid: evil\n\nRESULT\ncode: 1'
    await rename('mallory', evil, 'm@city.example')
    const said = await search('(uid=mallory)', ['cn', 'uid'])
    assert.deepEqual([valuesIn(said, 'cn'), dnsIn(said)], [[evil], [personDn('mallory')]])
  })

  it('gives everybody the same identifier at each time and to each reader', async () => {
    const [first] = valuesIn(await search('(uid=carol)', ['entryUUID']), 'entryUUID')
    const [second] = valuesIn(await slapd.as('eve', PASSWORD).search('(uid=carol)', ['entryUUID']), 'entryUUID')
    assert.match(first ?? '', /^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    assert.equal(first, second)
    assert.deepEqual(await found(`(entryUUID=${first})`), [personDn('carol')])
  })

  it('gives a whole group to who asks for pages, and as many as were asked for', async () => {
    const everyone = (more: readonly string[]) => slapd.as('keeper', PASSWORD).search('(uid=*)', ['uid'], more)
    for (const more of [[], ['-E', 'pr=50/noprompt'], ['-z', '0']]) {
      const { code, out } = await everyone(more)
      assert.equal(code, 0)
      assert.equal(new Set(out.match(/^uid: .*$/gm)).size, CROWD + 1)
    }
    const limited = await everyone(['-z', '7'])
    assert.equal(limited.code, 4)
    assert.equal(limited.out.match(/^uid: .*$/gm)?.length, 7)
    // slapd has no pages for what it asks elsewhere: who insists on them is told so
    assert.equal((await everyone(['-E', '!pr=50/noprompt'])).code, 12)
    const [members] = [valuesIn(await slapd.as('keeper', PASSWORD).search('(cn=big)', ['member']), 'member')]
    assert.equal(members.length, CROWD + 1)
  })

  it('answers a hundred searches at once', async () => {
    const clients = Array.from(
      { length: 10 },
      () => new Client({ url: slapd.ldaps, tlsOptions: { ca: slapd.authority.certificate }, timeout: 20_000 }),
    )
    try {
      await Promise.all(clients.map((client) => client.bind(personDn('bob'), PASSWORD)))
      const asked = Array.from({ length: 100 }, async (_, n) => {
        const filter = `(|(uid=ada)(cn=${n}))`
        return await clients[n % clients.length]?.search(SUFFIX, { scope: 'sub', filter })
      })
      for (const said of await Promise.all(asked)) {
        assert.deepEqual(
          said?.searchEntries.map(({ dn }) => dn),
          [personDn('ada')],
        )
      }
    } finally {
      await Promise.all(clients.map((client) => client.unbind()))
    }
  })

  it('bounds filters that are deep, broad or huge', async () => {
    const nested = (depth: number) => `${'(!'.repeat(depth)}(uid=bob)${')'.repeat(depth)}`
    assert.deepEqual(await found(nested(60)), [personDn('bob')])
    assert.notEqual((await search(nested(990))).code, 0)
    assert.equal((await search(nested(100))).code, 11)
    const broad = (count: number) => `(|${'(uid=bob)'.repeat(count)})`
    assert.deepEqual(await found(broad(500)), [personDn('bob')])
    assert.equal((await search(broad(5000))).code, 11)
    // ldapsearch reads filters from a file where they are too long for a command line
    const huge = await slapd.run(
      'ldapsearch',
      ['-LLL', '-D', personDn('bob'), '-w', PASSWORD, '-b', SUFFIX, '-f', '/dev/stdin', '(cn=%s)'],
      { input: `${'x'.repeat(1_000_000)}\n` },
    )
    assert.notEqual(huge.code, 0)
    assert.deepEqual(await found('(uid=bob)'), [personDn('bob')], 'the directory still answers')
  })

  it('refuses every write', async () => {
    const as = ['-D', personDn('ada'), '-w', PASSWORD]
    const refused = (code: number) => assert.ok([50, 53].includes(code), String(code))
    const entry = `dn: ${personDn('new')}\nobjectClass: inetOrgPerson\nuid: new\ncn: New\nsn: New\n`
    refused((await slapd.run('ldapadd', as, { input: entry })).code)
    refused((await slapd.run('ldapdelete', [...as, personDn('bob')])).code)
    const change = `dn: ${groupDn('water')}\nchangetype: modify\nadd: member\nmember: ${personDn('eve')}\n`
    refused((await slapd.run('ldapmodify', as, { input: change })).code)
    refused((await slapd.run('ldapmodrdn', [...as, personDn('bob'), 'uid=bobby'])).code)
    assert.notEqual((await slapd.run('ldappasswd', [...as, '-s', 'another password', personDn('ada')])).code, 0)
    assert.deepEqual(await found('(uid=b*)'), [personDn('bob')])
  })

  it('compares what the reader may have', async () => {
    const compare = async (name: string, dn: string, assertion: string) =>
      (await slapd.as(name, PASSWORD).compare(dn, assertion)).code
    assert.equal(await compare('bob', personDn('ada'), 'mail:ada.omega@city.example'), 6)
    assert.equal(await compare('bob', personDn('ada'), 'mail:other@city.example'), 5)
    assert.equal(await compare('bob', groupDn('water'), `member:${personDn('ada')}`), 6)
    assert.equal(await compare('bob', personDn('ada'), `memberOf:${groupDn('water')}`), 6)
    assert.equal(
      await compare('bob', personDn('ada'), `cn::${Buffer.from('Ada Ωmega-Łódź  (née Ünal) *').toString('base64')}`),
      6,
    )
    assert.equal(await compare('bob', personDn('carol'), 'mail:carol@city.example'), 16)
  })

  it('tells nothing of another group: not by search, filter, base, compare or limits', async () => {
    const [hidden, absent] = ['eve', 'nobody']
    for (const ask of [
      (name: string) => search(`(uid=${name})`),
      (name: string) => search(`(member=${personDn(name)})`),
      (name: string) => search(`(!(uid=${name}))`),
      (name: string) => search('(objectClass=*)', [], ['-b', personDn(name)]),
      (name: string) => search('(objectClass=*)', [], ['-b', personDn(name), '-s', 'base']),
      (name: string) => slapd.as('bob', PASSWORD).compare(personDn(name), `uid:${name}`),
      (name: string) => slapd.as('bob', PASSWORD).compare(personDn('carol'), `memberOf:${name}`),
      (name: string) => slapd.as('bob', PASSWORD).compare(groupDn('water'), `member:${personDn(name)}`),
    ]) {
      const [one, other] = [await ask(hidden), await ask(absent)]
      const bare = ({ code, out, error }: typeof one, name: string) => [code, (out + error).replaceAll(name, 'X')]
      assert.deepEqual(bare(one, hidden), bare(other, absent), ask.toString())
    }
    const groups = (name: string) => search('(objectClass=*)', [], ['-b', groupDn(name), '-s', 'base'])
    assert.deepEqual(await groups('power'), await groups('nosuch'))
    // carol is in both: bob is not told
    assert.deepEqual(valuesIn(await search('(uid=carol)', ['memberOf']), 'memberOf'), [groupDn('water')])
    assert.deepEqual(await found(`(memberOf=${groupDn('power')})`), [])
    assert.deepEqual(dnsIn(await slapd.as('carol', PASSWORD).search('(cn=*)')).includes(personDn('eve')), true)
  })

  it('tells strangers nothing but that there is a directory', async () => {
    const anonymous = (base: string) => slapd.run('ldapsearch', ['-LLL', '-b', base, '(objectClass=*)'])
    const [there, absent] = [await anonymous(personDn('ada')), await anonymous(personDn('nobody'))]
    assert.equal(there.code, 50)
    assert.deepEqual(there, absent)
    assert.deepEqual(await anonymous(SUFFIX), there)
    assert.match(
      (await slapd.run('ldapsearch', ['-LLL', '-b', '', '-s', 'base', '+'])).out,
      /namingContexts: dc=region/,
    )
    assert.notEqual((await slapd.run('ldapcompare', [personDn('ada'), 'uid:ada'])).code, 6)
  })

  it('follows the state of a member at once', async () => {
    const shown: Readonly<Record<MemberState, boolean>> = {
      nominated: false,
      vetted: false,
      approved: false,
      active: true,
      inactive: true,
      soonidle: true,
      idle: true,
      failed: false,
      blocked: false,
      deceased: false,
    }
    await people.account('changing')
    await people.member('water', 'changing')
    for (const [state, isShown] of Object.entries(shown) as [MemberState, boolean][]) {
      await setState('water', 'changing', state)
      const said = await search('(|(uid=changing)(cn=water))', ['member'])
      assert.equal(dnsIn(said).includes(personDn('changing')), isShown, state)
      assert.equal(valuesIn(said, 'member').includes(personDn('changing')), isShown, state)
    }
    await setState('water', 'changing', 'active')
    await blockMember(context, { ...BY_OPERATOR, group: 'water', account: 'changing', reason: 'a test' })
    assert.deepEqual(await found('(uid=changing)'), [])
  })

  it('shows a group the address that a member chose for it, and no other', async () => {
    const mail = async (as: string) => valuesIn(await slapd.as(as, PASSWORD).search('(uid=bob)', ['mail']), 'mail')
    await context.database.transaction(async (trx) => {
      await run(
        trx,
        `with own as (
           insert into account_address (account_no, address, created_micros, verified_micros)
           select account_no, 'bob@water.example', 1, 1 from account where name = 'bob' returning *)
         update membership m set address_no = own.address_no from own, trust_group g
          where m.account_no = own.account_no and g.group_no = m.group_no and g.name = 'water'`,
      )
    })
    assert.deepEqual(await mail('ada'), ['bob@water.example'])
    assert.deepEqual(dnsIn(await slapd.as('ada', PASSWORD).search('(mail=bob@city.example)')), [])
    await context.database.transaction((trx) => run(trx, 'update membership set address_no = null'))
  })

  it('keeps an address that its owner keeps, from all but its owner', async () => {
    const mail = async (as: string) => valuesIn(await slapd.as(as, PASSWORD).search('(uid=bob)', ['mail']), 'mail')
    assert.deepEqual(await mail('ada'), ['bob@city.example'])
    await context.database.transaction(async (trx) => {
      const { account_no } = await trx
        .selectFrom('account')
        .select('account_no')
        .where('name', '=', 'bob')
        .executeTakeFirstOrThrow()
      await trx.insertInto('profile').values({ account_no, hide_email: true, changed_micros: 1 }).execute()
    })
    assert.deepEqual(await mail('ada'), [])
    assert.deepEqual(dnsIn(await slapd.as('ada', PASSWORD).search('(mail=bob@city.example)')), [])
    assert.deepEqual(await mail('bob'), ['bob@city.example'])
  })
})
