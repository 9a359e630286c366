import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { affiliationsOf } from '../../server/members/profile/affiliations.ts'
import { setFieldValues } from '../../server/members/profile/group-fields.ts'
import { profileOf } from '../../server/members/profile/profile.ts'
import { awakeZones, isAwake } from '../../server/members/profile/awake.ts'
import { checkProfile, EMPTY_PROFILE, type ProfileField } from '../../server/members/profile/profile-fields.ts'
import { midnightIn, todayIn } from '../../server/portal/account/away-day.ts'
import { peopleOf } from '../members/people.ts'
import { movableClock } from '../support/movable-clock.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, type TestSite, testSite } from '../support/site.ts'

const DAY = 86_400_000_000
const clock = movableClock('2026-11-22T08:00:00Z')
let site: TestSite
let people: ReturnType<typeof peopleOf>
before(async () => {
  site = await testSite({ clock })
  people = peopleOf(site)
  for (const name of ['ana', 'ben', 'cy']) await site.addUser(name)
  await people.group('harbour', 'ana')
  await people.group('clinic', 'ana')
  await people.member('harbour', 'ben')
})
after(() => site.close())

const client = async (name: string) => {
  const visitor = new PortalClient(site.url)
  await visitor.signIn(name, PASSWORD)
  return visitor
}
const numberOf = async (name: string) => {
  const { access } = await site.context.freshness.read()
  return access.accountNamed(name)?.accountNo ?? 0
}

/** One's own key as ssh-keygen writes it. */
function sshKey(): string {
  const { publicKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const text = (bytes: Uint8Array) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes])
  return `ssh-ed25519 ${Buffer.concat([text(Buffer.from('ssh-ed25519')), text(raw)]).toString('base64')} ana@desk`
}

describe('what one says of oneself', () => {
  it('is normalised', () => {
    const checked = checkProfile({
      ...EMPTY_PROFILE,
      airport: ' sea ',
      languages: 'English native, nl:basic; es, Portuguese expert',
      sms: '+1 (206) 555-0100',
      phone: '+1 206 555 0100 ext 12',
      postal: 'Pier 1\r\nTacoma',
      sshKey: `  ${sshKey()}  `,
    })
    assert.ok(checked.ok, JSON.stringify(checked))
    const { profile } = checked
    assert.equal(profile.airport, 'SEA')
    assert.equal(profile.languages, 'en:native nl:basic es:intermediate pt:expert')
    assert.equal(profile.sms, '+12065550100')
    assert.equal(profile.postal, 'Pier 1\nTacoma')
    assert.match(profile.sshKey, /^ssh-ed25519 \S+ ana@desk$/)
  })

  it('says beside each field what is wrong and how it is mended', () => {
    const wrong: readonly (readonly [ProfileField, string])[] = [
      ['affiliation', 'x'.repeat(101)],
      ['affiliation', 'City of \u202eamocaT'],
      ['airport', 'SEAT'],
      ['airport', 'S3A'],
      ['languages', 'klingon native'],
      ['languages', 'en native, English basic'],
      ['phone', 'call me'],
      ['phone', '(((   )))'],
      ['sms', '206 555 0100'],
      ['sms', '+0123456789'],
      ['im', 'signal\u2066'],
      ['im', 'two\nlines'],
      ['postal', 'a\u0000b'],
      ['biography', 'x'.repeat(4001)],
      ['biography', 'nice\u202e'],
      ['sshKey', 'ssh-ed25519 AAAA'],
      ['sshKey', '-----BEGIN OPENSSH PRIVATE KEY-----'],
      ['sshKey', sshKey().replace('ssh-ed25519 ', 'ssh-rsa ')],
      ['sshKey', sshKey().replace(/(\S+) (\S+)/, (_, kind: string, body: string) => `${kind} ${body.slice(0, -8)}`)],
      ['sshKey', `command="rm" ${sshKey()}`],
    ]
    for (const [field, text] of wrong) {
      const checked = checkProfile({ ...EMPTY_PROFILE, [field]: text })
      assert.ok(!checked.ok && checked.problems[field] !== undefined, `${field} ${JSON.stringify(text)}`)
      assert.deepEqual(Object.keys(checked.problems), [field])
    }
  })

  it('is kept, with the affiliations of earlier', async () => {
    const ana = await client('ana')
    await ana.get('/account/profile')
    const fields = {
      affiliation: 'City of Tacoma',
      airport: 'sea',
      languages: 'en native',
      biography: 'Two\r\nlines <b>',
      hideEmail: 'on',
    }
    const got = await ana.post('/account/profile', fields)
    assert.match(got.text, /Saved\. The members/)
    assert.match(got.text, /Two\nlines &lt;b&gt;/)
    const accountNo = await numberOf('ana')
    const kept = await profileOf(site.context.database, accountNo)
    assert.deepEqual(
      [kept.affiliation, kept.airport, kept.languages, kept.hideEmail],
      ['City of Tacoma', 'SEA', 'en:native', true],
    )
    clock.move(DAY)
    const later = await client('ana')
    await later.get('/account/profile')
    await later.post('/account/profile', { ...fields, affiliation: 'CITY of Tacoma' })
    await later.post('/account/profile', { ...fields, affiliation: 'Port of Tacoma' })
    const history = await affiliationsOf(site.context.database, accountNo)
    assert.deepEqual(
      history.map(({ organisation }) => organisation),
      ['Port of Tacoma', 'CITY of Tacoma'],
    )
    assert.equal(history[0]?.untilMicros, undefined)
    assert.ok((history[1]?.untilMicros ?? 0) - (history[1]?.fromMicros ?? 0) >= DAY)
    const said = await people.audited('member_profile_changed')
    assert.deepEqual(
      said.map(({ detail }) => detail['affiliation_changed']),
      [true, false, true],
    )
    await later.post('/account/profile', { ...fields, affiliation: '' })
    assert.ok((await affiliationsOf(site.context.database, accountNo)).every((each) => each.untilMicros !== undefined))
  })

  it('with one field wrong nothing is changed, and what was typed stays', async () => {
    const ben = await client('ben')
    await ben.get('/account/profile')
    const got = await ben.post('/account/profile', { affiliation: 'Port', airport: 'nowhere', sms: '1' })
    assert.equal(got.status, 422)
    for (const field of ['airport', 'sms']) assert.match(got.text, new RegExp(`href="#${field}"`))
    assert.match(got.text, /value="nowhere"/)
    assert.deepEqual(await profileOf(site.context.database, await numberOf('ben')), EMPTY_PROFILE)
  })
})

describe('who is awake', () => {
  it('it is day from seven to eleven in the evening, where somebody is', () => {
    const at = (text: string) => Date.parse(text) * 1000
    assert.ok(!isAwake('Europe/Berlin', at('2026-11-22T05:59:59Z')))
    assert.ok(isAwake('Europe/Berlin', at('2026-11-22T06:00:00Z')))
    assert.ok(isAwake('Europe/Berlin', at('2026-11-22T21:59:59Z')))
    assert.ok(!isAwake('Europe/Berlin', at('2026-11-22T22:00:00Z')))
    assert.ok(!isAwake('Asia/Kathmandu', at('2026-11-22T01:14:00Z')))
    assert.ok(isAwake('Asia/Kathmandu', at('2026-11-22T01:15:00Z')))
    assert.ok(!isAwake('Mars/Olympus', at('2026-11-22T12:00:00Z')))
  })

  it('all zones at once say the same as each', () => {
    for (const text of ['2026-11-22T00:00:00Z', '2026-07-01T13:45:00Z', '2026-03-29T01:00:00Z']) {
      const now = Date.parse(text) * 1000
      const zones = awakeZones(now)
      assert.ok(zones.length > 100)
      for (const zone of ['America/Los_Angeles', 'Europe/Berlin', 'Asia/Tokyo', 'UTC']) {
        assert.equal(zones.includes(zone), isAwake(zone, now), `${zone} ${text}`)
      }
    }
  })
})

describe('away', () => {
  const activity = async (name: string) => {
    const rows = await site.context.database.kysely
      .selectFrom('membership as m')
      .innerJoin('account as a', 'a.account_no', 'm.account_no')
      .select('m.activity_micros')
      .where('a.name', '=', name)
      .execute()
    return rows.map(({ activity_micros }) => activity_micros)
  }
  const furlough = async (name: string) =>
    await site.context.database.kysely
      .selectFrom('account')
      .select(['furlough_from_micros', 'furlough_until_micros'])
      .where('name', '=', name)
      .executeTakeFirstOrThrow()
  const dayOf = (micros: number) => new Date(micros / 1000).toISOString().slice(0, 10)

  it('from now until one comes back by hand, which counts as activity in every group', async () => {
    const ana = await client('ana')
    await ana.get('/account/away')
    const got = await ana.post('/account/away', { from: dayOf(clock.nowMicros()), until: '' })
    assert.match(got.text, /You are away/)
    const left = (await furlough('ana')).furlough_from_micros ?? 0
    clock.move(30 * DAY)
    const later = await client('ana')
    const page = await later.get('/account/away')
    assert.match(page.text, /until you come back by hand/)
    await later.post('/account/away', { until: dayOf(clock.nowMicros() + 5 * DAY) })
    assert.equal((await furlough('ana')).furlough_from_micros, left, 'the clocks have stood still since then')
    await later.get('/account/away')
    const before = clock.nowMicros()
    assert.match((await later.post('/account/away/back')).text, /Welcome back/)
    assert.deepEqual(await furlough('ana'), { furlough_from_micros: null, furlough_until_micros: null })
    for (const at of await activity('ana')) assert.ok(at > before)
    await later.get('/account/away')
    assert.equal((await later.post('/account/away/back')).status, 409)
  })

  it('ends by itself, and the return is not forgotten when the next absence is planned', async () => {
    const ben = await client('ben')
    await ben.get('/account/away')
    const until = clock.nowMicros() + 3 * DAY
    await ben.post('/account/away', { from: '', until: dayOf(until) })
    clock.move(10 * DAY)
    const later = await client('ben')
    assert.ok(!(await later.get('/account/away')).text.includes('You are away'))
    await later.post('/account/away', {
      from: dayOf(clock.nowMicros() + 5 * DAY),
      until: dayOf(clock.nowMicros() + 9 * DAY),
    })
    const [at = 0] = await activity('ben')
    assert.equal(dayOf(at), dayOf(until))
    assert.match((await later.get('/account/away')).text, /will be away/)
    await later.post('/account/away/back')
    assert.deepEqual(await activity('ben'), [at], 'whoever was never away did not come back')
  })

  it('refuses days that cannot be', async () => {
    const ben = await client('ben')
    const today = dayOf(clock.nowMicros())
    for (const [from, until] of [
      ['2026-02-30', ''],
      ['tomorrow', ''],
      ['2020-01-01', ''],
      [today, '2020-01-01'],
      [today, today],
      [today, dayOf(clock.nowMicros() + 400 * DAY)],
    ] as const) {
      await ben.get('/account/away')
      assert.equal((await ben.post('/account/away', { from, until })).status, 422, `${from} ${until}`)
    }
  })

  it('days begin at midnight where somebody is, also on days when clocks change', () => {
    const at = (zone: string, day: string) => new Date((midnightIn(zone, day) ?? 0) / 1000).toISOString()
    assert.equal(at('America/Los_Angeles', '2026-11-22'), '2026-11-22T08:00:00.000Z')
    assert.equal(at('Asia/Kathmandu', '2026-11-22'), '2026-11-21T18:15:00.000Z')
    assert.equal(at('America/Santiago', '2026-09-06'), '2026-09-06T04:00:00.000Z', 'there is no midnight that day')
    assert.equal(at('Mars/Olympus', '2026-11-22'), '2026-11-22T00:00:00.000Z')
    assert.equal(midnightIn('UTC', '2026-02-29'), undefined)
    assert.equal(todayIn('Pacific/Kiritimati', Date.parse('2026-11-22T12:00:00Z') * 1000), '2026-11-23')
  })
})

describe('fields of a group', () => {
  it('administrators ask, members answer in that group alone', async () => {
    const ana = await client('ana')
    await ana.get('/groups/harbour/fields')
    assert.match(
      (await ana.post('/groups/harbour/fields', { name: 'call_sign', label: 'Call <sign>' })).text,
      /Call &lt;sign&gt;/,
    )
    for (const [name, label] of [
      ['Call', 'x'],
      ['', 'x'],
      ['a', ''],
      ['a', 'x'.repeat(61)],
    ] as const) {
      await ana.get('/groups/harbour/fields')
      assert.equal((await ana.post('/groups/harbour/fields', { name, label })).status, 422, `${name} ${label}`)
    }
    const ben = await client('ben')
    assert.equal((await ben.get('/groups/harbour/fields')).status, 403)
    await ben.get('/groups/harbour/you')
    assert.match(
      (await ben.post('/groups/harbour/you', { field_call_sign: 'Otter 2', field_other: 'x', address: 'main' })).text,
      /value="Otter 2"/,
    )
    const rows = await site.context.database.kysely.selectFrom('member_field').selectAll().execute()
    assert.deepEqual(
      rows.map(({ name, value }) => [name, value]),
      [['call_sign', 'Otter 2']],
    )
    assert.equal((await ben.post('/groups/harbour/you', { field_call_sign: 'x'.repeat(201) })).status, 422)
    assert.equal((await (await client('cy')).get('/groups/harbour/you')).status, 404)
  })

  it('one that is taken away keeps what was written, unseen', async () => {
    const [ana, ben] = [await client('ana'), await client('ben')]
    await ana.get('/groups/harbour/fields')
    await ana.post('/groups/harbour/fields/retire', { name: 'call_sign' })
    assert.ok(!(await ben.get('/groups/harbour/you')).text.includes('Otter 2'))
    await ana.get('/groups/harbour/fields')
    await ana.post('/groups/harbour/fields', { name: 'call_sign', label: 'Call sign' })
    assert.match((await ben.get('/groups/harbour/you')).text, /Otter 2/)
    await ben.post('/groups/harbour/you', { field_call_sign: '' })
    assert.deepEqual(await site.context.database.kysely.selectFrom('member_field').selectAll().execute(), [])
  })

  it('twenty at most, and a use case refuses what the page does', async () => {
    const ana = await client('ana')
    await ana.get('/groups/harbour/fields')
    for (let i = 1; i < 20; i += 1) await ana.post('/groups/harbour/fields', { name: `f${i}`, label: `Field ${i}` })
    assert.equal((await ana.post('/groups/harbour/fields', { name: 'f20', label: 'one more' })).status, 422)
    const { access } = await site.context.freshness.read()
    const account = access.accountNamed('ben')
    assert.ok(account)
    const wanted = { ...(await people.by('ben')), group: 'harbour', account, values: { f1: 'al\u202eice' } }
    await assert.rejects(setFieldValues(site.context, wanted), /one plain line/)
  })
})
