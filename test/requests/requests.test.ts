import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { askAdmission, expireAdmissionRequests } from '../../server/members/invitations/admission-requests.ts'
import { admissionRequest, settleAdmission } from '../../server/members/invitations/admission-requests-desk.ts'
import { run } from '../../server/storage/database.ts'
import { peopleOf } from '../members/people.ts'
import { movableClock } from '../support/movable-clock.ts'
import { type Got, PortalClient } from '../support/portal-client.ts'
import { testSite } from '../support/site.ts'
import { until } from '../support/until.ts'
import { jobsRun } from './jobs-run.ts'

const HOUR = 3_600_000_000
const clock = movableClock('2026-03-04T05:00:00Z')
const site = await testSite({ clock })
after(() => site.close())
const { context } = site
await jobsRun(site)
const people = peopleOf(site)
for (const name of ['keeper', 'member', 'other']) await people.account(name)
await people.account('root', 'administrator')
await people.group('water', 'keeper')
await people.group('power', 'other')
await people.member('water', 'member')

const ASKED = {
  name: 'Zoe <b>',
  email: 'Zoe@town.example',
  affiliation: 'Town \u202eretsbew',
  message: 'I know Member.\n\n<script>alert(1)</script>',
}
/** Asks from a network that has not asked too often: the hours pass. */
async function ask(fields: Readonly<Record<string, string>> = {}): Promise<Got> {
  clock.move(2 * HOUR)
  const visitor = new PortalClient(site.url)
  await visitor.get('/request-invitation')
  return await visitor.post('/request-invitation', { ...ASKED, ...fields })
}
const rows = () => context.database.kysely.selectFrom('admission_request').selectAll().orderBy('request_no').execute()
const noticePaths = async () => (await people.notices('admission-request')).map(({ address, path }) => [address, path])
/** Number of the newest request. */
const newest = async () => (await rows()).at(-1)?.request_no ?? 0

describe('asking to be invited', () => {
  it('is linked on the sign-in page, and needs no account', async () => {
    const visitor = new PortalClient(site.url)
    assert.match((await visitor.get('/sign-in')).text, /href="\/request-invitation"/)
    const got = await ask({ group: 'The Water' })
    assert.equal(got.url, '/request-invitation/asked')
    const [row] = await rows()
    assert.equal(row?.email, 'zoe@town.example')
    assert.equal(row?.affiliation, 'Town retsbew')
    await until(async () => (await noticePaths()).length === 1)
    assert.deepEqual(await noticePaths(), [['keeper@city.example', '/groups/water/requests']])
  })

  it('answers the same for every group and address, known or not, and when there were too many', async () => {
    const shown = async (got: Got) => [got.status, got.url, got.text.replaceAll(/value="[^"]*"/g, '')]
    const first = await shown(await ask({ group: 'water', email: 'a@town.example' }))
    for (const fields of [
      { group: 'nothing', email: 'b@town.example' },
      { group: '', email: 'keeper@city.example' },
      { group: 'power', email: 'c@town.example' },
    ]) {
      assert.deepEqual(await shown(await ask(fields)), first)
    }
    const before = (await rows()).length
    const visitor = new PortalClient(site.url)
    await visitor.get('/request-invitation')
    for (let times = 0; times < 8; times += 1) {
      const got = await visitor.post('/request-invitation', { ...ASKED, email: `n${times}@town.example` })
      assert.deepEqual(await shown(got), first)
      await visitor.get('/request-invitation')
    }
    assert.ok((await rows()).length - before <= 5, 'one network asks five times an hour')
    for (let times = 0; times < 5; times += 1) await ask({ email: 'often@town.example' })
    assert.equal((await rows()).filter(({ email }) => email === 'often@town.example').length, 3)
  })

  it('one customer of IPv6 is one network, whichever of their addresses they ask from', async () => {
    clock.move(2 * HOUR)
    const { access } = await context.freshness.read()
    const before = (await rows()).length
    for (let times = 0; times < 8; times += 1) {
      const asked = { ...ASKED, group: '', email: `v6-${times}@town.example` }
      await askAdmission(context, access, asked, `2001:db8:0:1::${times + 1}`)
    }
    assert.equal((await rows()).length - before, 5)
  })

  it('goes to the site where no such group takes requests', async () => {
    const keeper = await people.visitor('keeper')
    await keeper.get('/groups/water/requests')
    await keeper.post('/groups/water/requests/door', { open: 'no' })
    await ask({ group: 'water', email: 'late@town.example' })
    assert.equal((await rows()).at(-1)?.group_no, null)
    await until(async () => (await noticePaths()).some(([address]) => address === 'root@city.example'))
    assert.ok(
      (await noticePaths()).every(([address, path]) => address !== 'root@city.example' || path === '/site/requests'),
    )
    const again = await people.visitor('keeper')
    await again.get('/groups/water/requests')
    await again.post('/groups/water/requests/door', { open: 'yes' })
    await ask({ group: 'water', email: 'later@town.example' })
    assert.notEqual((await rows()).at(-1)?.group_no, null)
  })

  it('says what is wrong with words, and with nothing else', async () => {
    for (const [fields, text] of [
      [{ name: ' ' }, /write your name/i],
      [{ email: 'nobody' }, /one e-mail address/],
      [{ message: 'x'.repeat(2001) }, /at most 2000/],
    ] as const) {
      const got = await ask(fields)
      assert.equal(got.status, 422)
      assert.match(got.text, text)
    }
  })

  it('is heard 200 times by one group, and no more until some are settled', async () => {
    await context.database.transaction((trx) =>
      run(
        trx,
        `insert into admission_request (group_no, name, email, made_micros)
         select g.group_no, 'x', 'x@town.example', $1::bigint from trust_group g, generate_series(1, 200)
          where g.name = 'power'`,
        [clock.nowMicros()],
      ),
    )
    const before = (await rows()).length
    assert.equal((await ask({ group: 'power', email: 'one-more@town.example' })).url, '/request-invitation/asked')
    assert.equal((await rows()).length, before)
    await context.database.kysely.deleteFrom('admission_request').where('name', '=', 'x').execute()
  })
})

describe('settling a request', () => {
  it('shows what strangers wrote as text, to administrators of that group only', async () => {
    await ask({ group: 'water', email: 'shown@town.example' })
    const keeper = await people.visitor('keeper')
    const page = await keeper.get('/groups/water/requests')
    assert.match(page.text, /&lt;script&gt;/)
    assert.doesNotMatch(page.text, /<script>alert|\u202e/)
    assert.equal((await (await people.visitor('member')).get('/groups/water/requests')).status, 403)
    assert.equal((await (await people.visitor('other')).get('/groups/water/requests')).status, 404)
    const other = await people.visitor('other')
    await other.get('/groups/power/requests')
    assert.equal((await other.post(`/groups/power/requests/${await newest()}/invited`)).status, 404)
    assert.equal((await keeper.get('/site/requests')).status, 403)
  })

  it('invites by mail, once', async () => {
    await ask({ group: 'water', email: 'come@town.example' })
    const keeper = await people.visitor('keeper')
    await keeper.get('/groups/water/requests')
    const done = await keeper.post(`/groups/water/requests/${await newest()}/invited`)
    assert.match(done.text, /invitation is mailed/)
    const invited = await people.notices('invitation')
    assert.equal(invited.at(-1)?.address, 'come@town.example')
    assert.equal((await keeper.post(`/groups/water/requests/${await newest()}/invited`)).status, 404)
    assert.equal((await people.notices('invitation')).length, invited.length)
    const row = (await rows()).at(-1)
    assert.equal(row?.outcome, 'invited')
    assert.equal((await people.audited('admission_settled')).at(-1)?.actor, 'keeper')
  })

  it('is not settled when the invitation could not be made: nobody is forgotten', async () => {
    await ask({ group: 'water', email: 'kept@town.example' })
    const request = { group: 'water', requestNo: await newest(), outcome: 'invited' } as const
    const jobs = Object.create(context.jobs, {
      enqueue: { value: () => Promise.reject(new Error('the database is away')) },
    }) as typeof context.jobs
    const broken = settleAdmission({ ...context, jobs }, { ...(await people.by('keeper')), ...request })
    await assert.rejects(broken, /the database is away/)
    assert.equal((await rows()).at(-1)?.outcome, null)
    await settleAdmission(context, { ...(await people.by('keeper')), ...request })
    assert.equal((await people.notices('invitation')).at(-1)?.address, 'kept@town.example')
  })

  it('declines without a word to anybody', async () => {
    await ask({ group: 'water', email: 'no@town.example' })
    const keeper = await people.visitor('keeper')
    await keeper.get('/groups/water/requests')
    assert.match((await keeper.post(`/groups/water/requests/${await newest()}/declined`)).text, /declined/)
    const rowsOfNotices = await context.database.kysely
      .selectFrom('notice')
      .select('kind')
      .where('address', '=', 'no@town.example')
      .execute()
    assert.deepEqual(rowsOfNotices, [])
  })

  it('leads to the form of a nomination, which can read it', async () => {
    await ask({ group: 'water', email: 'nominee@town.example' })
    const keeper = await people.visitor('keeper')
    await keeper.get('/groups/water/requests')
    const number = await newest()
    const response = await keeper.once(`/groups/water/requests/${number}/nominated`, { method: 'POST' })
    assert.equal(response.status, 403, 'a form without its field')
    const groupNo = (await context.freshness.read()).access.group('water')?.groupNo ?? 0
    const got = await keeper.post(`/groups/water/requests/${number}/nominated`)
    assert.equal(got.url, `/groups/water/nominate?request=${number}`)
    assert.equal((await admissionRequest(context.database, groupNo, number))?.email, 'nominee@town.example')
    assert.equal(await admissionRequest(context.database, groupNo + 1, number), undefined)
    for (const text of ['Zoe &lt;b&gt;', 'nominee@town.example']) assert.ok(got.text.includes(`value="${text}"`), text)
    const member = await people.visitor('member')
    const page = await member.get(`/groups/water/nominate?request=${number}`)
    assert.ok(page.status === 200 && !page.text.includes('nominee@town.example'))
  })

  it('of the site is handed over to a group, whose administrators are told', async () => {
    await ask({ group: 'nobody knows', email: 'lost@town.example' })
    const number = await newest()
    const root = await people.visitor('root')
    assert.match((await root.get('/site/requests')).text, /lost@town\.example/)
    await root.post(`/site/requests/${number}/hand-over`, { group: 'power' })
    await until(async () => (await noticePaths()).some(([address]) => address === 'other@city.example'))
    assert.doesNotMatch((await root.get('/site/requests')).text, /lost@town\.example/)
    const other = await people.visitor('other')
    assert.match((await other.get('/groups/power/requests')).text, /lost@town\.example/)
  })

  it('what nobody settled is forgotten after 90 days', async () => {
    await ask({ group: 'water', email: 'old@town.example' })
    clock.move(89 * 24 * HOUR)
    await expireAdmissionRequests(context)
    assert.ok((await rows()).some(({ email }) => email === 'old@town.example'))
    clock.move(2 * 24 * HOUR)
    await expireAdmissionRequests(context)
    assert.deepEqual(await rows(), [])
  })
})
