import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { nominate } from '../../server/members/vouching/nominate.ts'
import { sendSignal } from '../../server/members/vouching/signals.ts'
import { retireAttestation, wordAttestation } from '../../server/members/vouching/attestations.ts'
import { blockMember, reinstateMember } from '../../server/members/departures.ts'
import { giveRole } from '../../server/members/memberships.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { vouch } from '../../server/members/vouching/vouch.ts'
import { addToken } from '../../server/site/tokens.ts'
import { raiseAccess } from '../../server/site/site.ts'
import { testSite } from '../support/site.ts'
import { ALL_TICKED, nominee, vouchersOf } from './vouching-people.ts'

const site = await testSite()
after(() => site.close())
const { context } = site
const people = vouchersOf(site)
await people.account('root', 'administrator')
for (const name of ['alice', 'bob', 'carol', 'dave', 'mallory', 'oscar', 'vera']) await people.account(name)
await people.group('water', 'alice')
await people.group('ports', 'mallory')
for (const name of ['bob', 'carol', 'dave']) await people.member('water', name)
await people.member('ports', 'oscar')

const tokens = new Map<string, string>()
/** A call of the API as somebody. */
async function api(who: string, method: string, path: string, body?: object) {
  if (!tokens.has(who)) {
    const { token } = await addToken(context, { actor: 'test', account: who, scopes: ['api:read', 'api:write'] })
    tokens.set(who, token)
  }
  const response = await fetch(`${site.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens.get(who)}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    text,
    body: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>),
  }
}

const attested = [
  { name: 'met', version: 1 },
  { name: 'trust', version: 1 },
  { name: 'fate', version: 1 },
]
const person = { name: 'Eve Adams', email: 'eve@city.example', text: 'Yes.', attested }

describe('who speaks', () => {
  it('is whoever calls: a nominator or voucher that a call names is refused, a field of a form is passed over', async () => {
    for (const extra of ['nominator', 'nominator_no', 'by', 'in_name_of', 'inNameOf', 'voucher']) {
      const named = await api('bob', 'POST', '/groups/water/nominations', { ...person, [extra]: 'alice' })
      assert.equal(named.status, 400, extra)
      const vouched = await api('bob', 'POST', '/groups/water/vouches', {
        vouchee: 'carol',
        text: '',
        attested,
        [extra]: 'alice',
      })
      assert.equal(vouched.status, 400, extra)
    }
    const bob = await people.visitor('bob')
    await bob.get('/groups/water/nominate')
    const sent = { ...person, attested: ALL_TICKED, nominator: 'alice', by: 'alice', inNameOf: 'alice', as: 'operator' }
    await bob.post('/groups/water/nominate', sent)
    const row = await context.database.kysely
      .selectFrom('nomination')
      .innerJoin('account', 'account.account_no', 'nomination.nominator_no')
      .select('account.name')
      .executeTakeFirst()
    assert.equal(row?.name, 'bob')
    const forged = { ...(await people.by('bob')), ...nominee('Finn Forged'), inNameOf: 'alice' }
    await assert.rejects(nominate(context, forged), { code: 'forbidden' })
    const claimed = { ...(await people.by('bob')), actor: 'alice' }
    await assert.rejects(nominate(context, { ...claimed, ...nominee('Finn Forged') }), { code: 'not_found' })
  })

  it('nobody vouches for themself, by whichever door', async () => {
    assert.equal(
      (await api('bob', 'POST', '/groups/water/vouches', { vouchee: 'bob', text: '', attested })).status,
      409,
    )
    const bob = await people.visitor('bob')
    await bob.get('/groups/water/vouching')
    await bob.post('/groups/water/vouch/bob', { text: 'Me.', attested: ALL_TICKED })
    await bob.post('/groups/water/vouching/several', { who: 'bob', 'text-0': 'Me.', 'attested-0': ALL_TICKED })
    assert.deepEqual(await people.vouchesFor(await people.accountNo('bob')), [])
  })

  it('where only administrators vouch, the rule holds behind the hidden button too', async () => {
    await people.rules('water', { vouchByAdministratorsOnly: true })
    assert.equal(
      (await api('bob', 'POST', '/groups/water/vouches', { vouchee: 'carol', text: '', attested })).status,
      403,
    )
    const bob = await people.visitor('bob')
    await bob.get('/groups/water/vouching')
    assert.equal((await bob.post('/groups/water/vouch/carol', { text: '', attested: ALL_TICKED })).status, 403)
    assert.equal(
      (await api('alice', 'POST', '/groups/water/vouches', { vouchee: 'carol', text: '', attested })).status,
      204,
    )
    await people.rules('water', { nominationsOpen: false })
    assert.equal((await api('bob', 'POST', '/groups/water/nominations', person)).status, 403)
    await people.rules('water', {})
  })
})

describe('another group', () => {
  it('is out of reach: its people, nominees and nominations, by name and by number', async () => {
    const number = await people.nominate('mallory', 'Pia Port', { group: 'ports' })
    const absent = await api('bob', 'POST', '/groups/water/vouches', { vouchee: 'nobody-at-all', text: '', attested })
    for (const vouchee of ['oscar', 'mallory', `~${number}`, '~999999', '~0', '~1e3', '%00', '../oscar']) {
      const got = await api('bob', 'POST', '/groups/water/vouches', { vouchee, text: '', attested })
      assert.equal(got.status, 404, vouchee)
      assert.equal(got.text, absent.text, 'whoever is elsewhere is nobody')
    }
    for (const act of ['approve', 'withdraw']) {
      const got = await api('alice', 'POST', `/groups/water/nominations/${number}/${act}`, {})
      assert.equal(got.status, 404, act)
    }
    const alice = await people.visitor('alice')
    assert.equal((await alice.get(`/groups/water/nominations/${number}`)).status, 404)
    assert.equal((await api('oscar', 'GET', '/groups/water/nominations')).status, 404)
    assert.equal(await people.stateOf(await people.nomineeNo(number), 'ports'), 'nominated')
  })
})

describe('who is hidden', () => {
  it('blocked and failed members are nobody, and a nominee is not found by the name of an account', async () => {
    await people.account('blake')
    await people.member('water', 'blake')
    await blockMember(context, { ...BY_OPERATOR, group: 'water', account: 'blake' })
    const number = await people.nominate('bob', 'Vera Known', { email: 'vera@city.example' })
    for (const vouchee of ['blake', 'vera']) {
      assert.equal((await api('carol', 'POST', '/groups/water/vouches', { vouchee, text: '', attested })).status, 404)
      const carol = await people.visitor('carol')
      for (const page of ['', '/concern', '/decline', '/sign', '/bundle']) {
        assert.equal((await carol.get(`/groups/water/vouch/${vouchee}${page}`)).status, 404, `${vouchee} ${page}`)
      }
    }
    const carol = await people.visitor('carol')
    for (const path of ['vouching', 'nominations', `nominations/${number}`, `vouch/~${number}`]) {
      const { text, status } = await carol.get(`/groups/water/${path}`)
      assert.equal(status, 200)
      assert.doesNotMatch(text, /blake/)
      assert.doesNotMatch(text, /["/>]vera["/<]/, `${path} tells that there was an account`)
    }
  })

  it('a nomination answers the same, and as fast, whether there was an account or not', async () => {
    await people.account('known')
    const bob = await people.visitor('bob')
    await bob.get('/groups/water/nominate')
    const answers = []
    for (const email of ['known@city.example', 'unknown@city.example']) {
      const name = email.startsWith('known') ? 'Quentin Aaa' : 'Rosalind Bbb'
      const began = performance.now()
      const response = await bob.post('/groups/water/nominate', { ...person, name, email, attested: ALL_TICKED })
      const took = performance.now() - began
      assert.ok(took >= 200, 'the answer waits for its time')
      const main = /<main[\s\S]*<\/main>/.exec(response.text)?.[0] ?? ''
      answers.push({ status: response.status, url: response.url, said: main.includes(`${name} is nominated`) })
    }
    assert.deepEqual(answers[0], answers[1])
    const listed = await api('carol', 'GET', '/groups/water/nominations')
    const found = (listed.body!['nominations'] as Record<string, unknown>[]).filter((each) =>
      ['Quentin Aaa', 'Rosalind Bbb'].includes(String(each['name'])),
    )
    assert.deepEqual(Object.keys(found[0] ?? {}), Object.keys(found[1] ?? {}))
    assert.doesNotMatch(listed.text, /"known"/, 'the account has no name here')
  })

  it('who is blocked and who has died get one answer', async () => {
    const said: string[] = []
    for (const [name, state] of [
      ['gone-a', 'blocked'],
      ['gone-b', 'deceased'],
    ] as const) {
      await people.account(name)
      await people.member('water', name)
      await context.database.transaction(async (trx) => {
        await raiseAccess(trx)
        await trx
          .updateTable('membership')
          .set({ state, active: false })
          .where('account_no', '=', await accountNoIn(trx, name))
          .execute()
      })
      const email = `${name}@city.example`
      const got = await api('bob', 'POST', '/groups/water/nominations', { ...person, name: 'Somebody Else', email })
      assert.equal(got.status, 409)
      said.push(got.text)
    }
    assert.equal(said[0], said[1])
    assert.doesNotMatch(said[0] ?? '', /block|dead|died|deceas/i)
  })

  it('duplicate detection shows nobody whom members do not see', async () => {
    const similar = await api('bob', 'POST', '/groups/water/nominations', {
      ...person,
      name: 'blake',
      email: 'new@city.example',
    })
    assert.equal(similar.status, 201, 'a blocked member is no match')
    const other = await api('bob', 'POST', '/groups/water/nominations', {
      ...person,
      name: 'oscar',
      email: 'o2@city.example',
    })
    assert.equal(other.status, 201, 'nor is somebody of another group')
  })
})

describe('a concern', () => {
  it('is seen by administrators of the group alone, and never by the one whom it is about', async () => {
    await giveRole(context, { ...BY_OPERATOR, group: 'water', account: 'dave', role: 'group-administrator' })
    const number = await people.nominate('bob', 'Nell Nominee')
    const notices = async () => (await people.notices('concern-raised')).map(({ address }) => address)
    const secret = 'He sells what he reads.'
    const tell = async (about: string, kind: 'concern' | 'decline', reason: string) =>
      await sendSignal(context, { ...(await people.by('carol')), group: 'water', about, kind, reason })
    await tell('dave', 'concern', secret)
    assert.deepEqual(await notices(), ['alice@city.example'], 'but for whom it is about')
    await tell(`~${number}`, 'decline', 'Not yet.')
    assert.deepEqual(
      (await people.notices('vouch-declined')).map(({ address }) => address),
      ['bob@city.example'],
    )
    const [alice, dave, bob, mallory] = await Promise.all(
      ['alice', 'dave', 'bob', 'mallory'].map((name) => people.visitor(name)),
    )
    assert.match((await alice!.get('/groups/water/concerns')).text, /He sells what he reads/)
    const own = await dave!.get('/groups/water/concerns')
    assert.doesNotMatch(own.text, /He sells/)
    assert.match(own.text, /Not yet\./)
    for (const path of ['audit', 'members', 'members/dave', 'vouching', 'nominations', '', 'membership']) {
      const { text } = await dave!.get(`/groups/water/${path}`)
      assert.doesNotMatch(text, /He sells|signal_|concern_|raised/i, `dave at ${path}`)
    }
    assert.match((await alice!.get('/groups/water')).text, /One concern is open/, 'a reader is reminded')
    assert.doesNotMatch(
      (await dave!.get('/groups/water')).text,
      /concerns? (is|are) open/,
      'not the one whom it is about',
    )
    assert.equal((await bob!.get('/groups/water/concerns')).status, 403)
    assert.equal((await mallory!.get('/groups/water/concerns')).status, 404)
    const signals = await context.database.kysely.selectFrom('vouch_signal').select(['signal_no', 'reason']).execute()
    const about = signals.find(({ reason }) => reason === secret)?.signal_no
    await dave!.get('/groups/water/concerns')
    for (const act of ['rebut', 'settle']) {
      const got = await dave!.post(`/groups/water/concerns/${about}/${act}`, { [`${act}-${about}`]: 'No.' })
      assert.equal(got.status, 404, 'nobody settles what is about themself')
      await mallory!.get('/groups/ports/concerns')
      const others = await mallory!.post(`/groups/ports/concerns/${about}/${act}`, { [`${act}-${about}`]: 'No.' })
      assert.equal(others.status, 404, 'nor what is of another group')
    }
    const desk = await bob!.get(`/groups/water/nominations/${number}`)
    assert.match(desk.text, /Somebody has declined to vouch/)
    assert.doesNotMatch(desk.text, /Not yet\.|carol/)
    const carol = await people.visitor('carol')
    assert.doesNotMatch((await carol.get(`/groups/water/nominations/${number}`)).text, /declined/)
    for (const who of ['bob', 'carol', 'dave']) {
      assert.doesNotMatch((await api(who, 'GET', '/groups/water/nominations')).text, /concern|decline|Not yet/)
    }
    const site_ = await context.database.kysely
      .selectFrom('audit')
      .select('detail')
      .where('kind', 'like', 'signal%')
      .execute()
    for (const { detail } of site_) assert.doesNotMatch(detail, /water|dave|carol/)
  })

  it('about the only administrator is not swallowed: nobody would read it', async () => {
    const told = { group: 'ports', about: 'mallory', kind: 'concern', reason: 'She takes bribes.' } as const
    await assert.rejects(sendSignal(context, { ...(await people.by('oscar')), ...told }), { code: 'signal_unread' })
    const oscar = await people.visitor('oscar')
    await oscar.get('/groups/ports/vouch/mallory/concern')
    const got = await oscar.post('/groups/ports/vouch/mallory/concern', { reason: told.reason })
    assert.equal(got.status, 422)
    assert.match(got.text, /speak to an administrator of the site/)
  })

  it('of a nominee tells a nominator no more who was shut out since', async () => {
    const number = await people.nominate('bob', 'Gus Gone')
    await people.vouch('carol', `~${number}`)
    await blockMember(context, { ...BY_OPERATOR, group: 'water', account: 'bob' })
    const before = (await people.notices('vouch-declined')).length
    const told = { group: 'water', about: `~${number}`, kind: 'decline', reason: 'No.' } as const
    await sendSignal(context, { ...(await people.by('dave')), ...told })
    assert.equal((await people.notices('vouch-declined')).length, before)
    await reinstateMember(context, { ...BY_OPERATOR, group: 'water', account: 'bob' })
  })

  it('waits without a trace for others: the state and the answer to a vouch are as before', async () => {
    const number = await people.nominate('bob', 'Tess Trace')
    const told = { group: 'water', about: `~${number}`, kind: 'concern', reason: 'Hm.' } as const
    await sendSignal(context, { ...(await people.by('dave')), ...told })
    await assert.rejects(sendSignal(context, { ...(await people.by('dave')), ...told }), { code: 'signal_already' })
    await people.vouch('carol', `~${number}`)
    assert.equal(await people.stateOf(await people.nomineeNo(number)), 'vetted')
  })
})

describe('what is written', () => {
  it('runs nowhere, and turns no text around', async () => {
    const bob = await people.visitor('bob')
    await bob.get('/groups/water/nominate')
    const name = '<img src=x onerror=alert(1)>\u202eecila\u2066'
    const text = 'Hello\u202e <script>alert(1)</script>\u200f'
    const got = await bob.post('/groups/water/nominate', {
      ...person,
      name,
      email: 'html@city.example',
      biography: text,
      text,
      attested: ALL_TICKED,
    })
    const number = /nominations\/(\d+)"[^>]*aria-label="[^"]*&lt;img/.exec(got.text)?.[1]
    const pages = ['nominations', `nominations/${number}`, 'vouching', `vouch/~${number}`, `vouch/~${number}/sign`]
    for (const path of pages) {
      const page = await bob.get(`/groups/water/${path}`)
      assert.equal(page.status, 200, path)
      assert.doesNotMatch(page.text, /<img src=x|<script>alert/, path)
      assert.doesNotMatch(page.text, /[\u202a-\u202e\u2066-\u2069\u200f]/, path)
    }
    assert.equal(
      (await api('bob', 'POST', '/groups/water/vouches', { vouchee: 'carol', text: 'x'.repeat(2001), attested }))
        .status,
      400,
    )
    const smuggled = { ...(await people.by('bob')), group: 'water', vouchee: 'carol', attested: ALL_TICKED }
    await vouch(context, { ...smuggled, text: 'a\u202eb\u0000c\u2028d' })
    const [row] = (await people.vouchesFor(await people.accountNo('carol'))).filter((each) => each.text.startsWith('a'))
    assert.equal(row?.text, 'abcd')
  })

  it('an address that is none is refused before it goes anywhere', async () => {
    for (const email of [
      'a@b\r\nBcc: x@y.example',
      'a b@city.example',
      '<a@city.example>',
      'a@city.example,b@city.example',
    ]) {
      const got = await api('bob', 'POST', '/groups/water/nominations', { ...person, name: 'Adda Ress', email })
      assert.equal(got.status, 400, email)
    }
  })
})

describe('statements (defect 15 of the portals before: deleting one broke)', () => {
  it('are added, worded anew, retired and added again; each wording has its own number', async () => {
    const alice = await people.by('alice')
    const of = (name: string, text: string) => ({ ...alice, group: 'water', name, text })
    await wordAttestation(context, { ...of('local', 'I live near them.'), act: 'add' })
    await wordAttestation(context, { ...of('local', 'I live in their town.'), act: 'reword' })
    await retireAttestation(context, { ...alice, group: 'water', name: 'local' })
    await assert.rejects(retireAttestation(context, { ...alice, group: 'water', name: 'local' }), { code: 'not_found' })
    await wordAttestation(context, { ...of('local', 'I know their town.'), act: 'add' })
    const rows = await context.database.kysely
      .selectFrom('attestation')
      .select(['version', 'retired_micros'])
      .where('name', '=', 'local')
      .orderBy('version')
      .execute()
    assert.deepEqual(
      rows.map((row) => [row.version, row.retired_micros === null]),
      [
        [1, false],
        [2, false],
        [3, true],
      ],
    )
    const got = await api('carol', 'POST', '/groups/water/vouches', { vouchee: 'alice', text: '', attested })
    assert.equal(got.status, 400, 'the new one is asked of everybody')
    const bob = await people.visitor('bob')
    assert.equal((await bob.get('/groups/water/attestations')).status, 403)
    await retireAttestation(context, { ...alice, group: 'water', name: 'local' })
  })
})

async function accountNoIn(trx: Parameters<typeof raiseAccess>[0], name: string): Promise<number> {
  const row = await trx.selectFrom('account').select('account_no').where('name', '=', name).executeTakeFirstOrThrow()
  return row.account_no
}
