import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { DIGESTIBLE, isNoticePath, NOTICE_KINDS, SENT_WHILE_AWAY, WARNINGS } from '../../policies/notice.ts'
import { nextDigestMicros, sendDigests } from '../../server/notices/digest.ts'
import { addNotice } from '../../server/notices/add-notice.ts'
import { raiseAccess } from '../../server/site/site.ts'
import { suspendAccount, restoreAccount } from '../../server/site/suspension.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { peopleOf } from '../members/people.ts'
import { movableClock } from '../support/movable-clock.ts'
import { testSite } from '../support/site.ts'
import { until } from '../support/until.ts'
import { jobsRun } from '../requests/jobs-run.ts'

const DAY = 86_400_000_000
/** A Wednesday. */
const clock = movableClock('2026-03-04T05:00:00Z')
const site = await testSite({ clock })
after(() => site.close())
const { context } = site
await jobsRun(site)
const people = peopleOf(site)
for (const name of ['alice', 'boris', 'keeper']) await people.account(name)
await people.group('water', 'keeper')
await people.member('water', 'alice')

async function numberOf(name: string): Promise<number> {
  return (await context.freshness.read()).access.accountNamed(name)?.accountNo ?? 0
}
async function tell(name: string, kind: (typeof NOTICE_KINDS)[number], path = '/groups/water/vouching') {
  const to = { accountNo: await numberOf(name) }
  await context.database.transaction((trx) => addNotice(trx, context, { kind, to, path }))
}
async function mailed(name: string): Promise<readonly string[]> {
  const rows = await context.database.kysely
    .selectFrom('notice')
    .select('kind')
    .where('address', '=', `${name}@city.example`)
    .orderBy('notice_no')
    .execute()
  return rows.map(({ kind }) => kind)
}
async function set(name: string, columns: Readonly<Record<string, unknown>>) {
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    await trx.updateTable('account').set(columns).where('name', '=', name).execute()
  })
}
/** Runs the job as the timetable does. */
async function digest() {
  await sendDigests(context)
}

beforeEach(async () => {
  await context.database.kysely.deleteFrom('notice').execute()
  await context.database.kysely.deleteFrom('digest_entry').execute()
  const back = { digest: 'each', furlough_from_micros: null, furlough_until_micros: null }
  for (const name of ['alice', 'boris']) await set(name, back)
})

describe('a digest', () => {
  it('gathers what can wait, says once a day that there is something, and the page says what', async () => {
    const alice = await people.visitor('alice')
    await alice.get('/account/notices')
    assert.match((await alice.post('/account/notices', { pace: 'daily' })).text, /told this way/)
    await tell('alice', 'vouch-changed')
    await tell('alice', 'nominee-new', '/groups/water/nominations')
    assert.deepEqual(await mailed('alice'), [])
    const page = await alice.get('/account/notices')
    assert.match(page.text, /2 wait for your digest/)
    assert.match(page.text, /href="\/groups\/water\/nominations"/)
    await digest()
    await digest()
    assert.deepEqual(await mailed('alice'), ['digest'])
    assert.doesNotMatch((await alice.get('/account/notices')).text, /wait for your digest/)
    assert.match(page.text, /A vouch for you was changed/)
  })

  it('goes out as a mail of one fixed sentence and the way to the page', async () => {
    await set('alice', { digest: 'daily' })
    await tell('alice', 'vouch-changed')
    await context.database.transaction((trx) => context.jobs.enqueue(trx, 'send-digests', {}, 'test'))
    await until(async () => {
      const row = await context.database.kysely.selectFrom('notice').selectAll().executeTakeFirst()
      return row?.kind === 'digest' && row.captured && row.path === '/account/notices'
    })
  })

  it('what must be acted on is mailed at once all the same', async () => {
    await set('alice', { digest: 'weekly' })
    for (const kind of ['state-changed', 'new-sign-in', 'concern-raised'] as const) await tell('alice', kind)
    assert.deepEqual(await mailed('alice'), ['state-changed', 'new-sign-in', 'concern-raised'])
  })

  it('of a week goes out on Monday', async () => {
    await set('alice', { digest: 'weekly' })
    await tell('alice', 'vouch-changed')
    for (let days = 0; days < 4; days += 1) {
      await digest() // Wednesday to Saturday
      clock.move(DAY)
    }
    assert.deepEqual(await mailed('alice'), [])
    clock.move(DAY)
    await digest()
    assert.deepEqual(await mailed('alice'), ['digest'])
  })

  it('while somebody is away nothing but warnings goes out; the rest is told when they are back', async () => {
    const now = clock.nowMicros()
    await set('alice', { furlough_from_micros: now, furlough_until_micros: now + 3 * DAY })
    for (const kind of ['state-changed', 'vouch-changed', 'password-changed'] as const) await tell('alice', kind)
    await digest()
    assert.deepEqual(await mailed('alice'), ['password-changed'])
    clock.move(4 * DAY)
    await digest()
    assert.deepEqual(await mailed('alice'), ['password-changed', 'digest'])
    await tell('alice', 'vouch-changed')
    assert.deepEqual(await mailed('alice'), ['password-changed', 'digest', 'vouch-changed'])
  })

  it('what only an absence made wait is told on the day after it, also to whoever is told weekly', async () => {
    while (new Date(clock.nowMicros() / 1000).getUTCDay() !== 2) clock.move(DAY) // a Tuesday: six days to the next Monday
    const now = clock.nowMicros()
    await set('alice', { digest: 'weekly', furlough_from_micros: now - DAY, furlough_until_micros: now + DAY / 2 })
    await tell('alice', 'state-changed')
    clock.move(DAY)
    await digest()
    assert.deepEqual(await mailed('alice'), ['digest'])
  })

  it('goes out once, however many processes come upon it at the same time', async () => {
    for (let times = 0; times < 5; times += 1) {
      await context.database.kysely.deleteFrom('notice').execute()
      await set('alice', { digest: 'daily' })
      await tell('alice', 'vouch-changed')
      await Promise.all([digest(), digest(), digest(), digest()])
      assert.deepEqual(await mailed('alice'), ['digest'])
    }
  })

  it('a suspended account is told after it was let in again', async () => {
    await set('boris', { digest: 'daily' })
    await tell('boris', 'vouch-changed')
    await suspendAccount(context, { ...BY_OPERATOR, name: 'boris' })
    await digest()
    assert.deepEqual(await mailed('boris'), [])
    await restoreAccount(context, { ...BY_OPERATOR, name: 'boris' })
    await digest()
    assert.deepEqual((await mailed('boris')).at(-1), 'digest')
  })

  it('what waited when the pace was changed still comes', async () => {
    await set('alice', { digest: 'weekly' })
    await tell('alice', 'vouch-changed')
    await set('alice', { digest: 'each' })
    await digest()
    assert.deepEqual(await mailed('alice'), ['digest'])
  })

  it('shows nobody else’s notices, and no link that was good once', async () => {
    await tell('boris', 'recovery', `/recovery/${'a'.repeat(40)}`)
    const boris = await people.visitor('boris')
    const page = await boris.get('/account/notices')
    assert.match(page.text, /Way back into the account/)
    assert.doesNotMatch(page.text, /aaaaaaaaaa/)
    assert.doesNotMatch((await (await people.visitor('alice')).get('/account/notices')).text, /Way back/)
  })
})

describe('the words of digests', () => {
  it('no warning can wait, and every warning reaches who is away', () => {
    for (const kind of DIGESTIBLE) assert.ok(!WARNINGS.has(kind) && !SENT_WHILE_AWAY.has(kind), kind)
    for (const kind of WARNINGS) assert.ok(SENT_WHILE_AWAY.has(kind), kind)
    assert.ok(isNoticePath('/account/notices'))
  })

  it('the page names the moment of the next one', () => {
    const at = (text: string) => Date.parse(text) * 1000
    assert.equal(nextDigestMicros('daily', at('2026-03-04T05:00:00Z')), at('2026-03-04T05:30:00Z'))
    assert.equal(nextDigestMicros('daily', at('2026-03-04T05:30:00Z')), at('2026-03-05T05:30:00Z'))
    assert.equal(nextDigestMicros('weekly', at('2026-03-04T05:00:00Z')), at('2026-03-09T05:30:00Z'))
  })
})
