import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { factorsOf } from '../../server/auth/factors/held-factors.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { openRecovery, VETO_MICROS } from '../../server/members/recovery/recovery.ts'
import { approveRecovery, askVouchers, type RecoveryVouchers } from '../../server/members/recovery/recovery-vouchers.ts'
import { recoveryOffer, useRecovery, vetoRecovery } from '../../server/members/recovery/use-recovery.ts'
import { appointAdministrator } from '../../server/members/site-administrators.ts'
import { restoreAccount, suspendAccount } from '../../server/site/suspension.ts'
import { movableClock } from '../support/movable-clock.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, testSite } from '../support/site.ts'
import { until } from '../support/until.ts'
import { withGenerator } from '../sign-in/person.ts'
import { peopleOf } from './people.ts'

const clock = movableClock('2026-11-21T12:00:00Z')
const site = await testSite({ clock })
after(() => site.close())
const { context } = site
const people = peopleOf(site)
for (const name of ['root', 'other-root']) await people.account(name, 'administrator')
for (const name of ['alice', 'careful', 'v1', 'v2', 'v3', 'stranger']) await people.account(name)
await withGenerator(site, 'careful')
const NEW = 'a wholly other battery staple'
const NO = { code: 'not_found' }
const form = { password: NEW, again: NEW }

async function factorsNow(name: string) {
  const { accountNo } = (await context.freshness.read()).access.accountNamed(name) ?? { accountNo: 0 }
  return await context.database.transaction((trx) => factorsOf(trx, accountNo, clock.nowMicros()))
}

/** The path in the newest warning to somebody. */
async function vetoPath(name: string): Promise<string> {
  const sent = (await people.notices('recovery-opened')).filter(({ address }) => address === `${name}@city.example`)
  return sent.at(-1)?.path ?? ''
}

describe('a way back that an administrator opens', () => {
  it('lets the person set a password, once, and ends every session', async () => {
    const old = await people.visitor('alice')
    const { token, ownerTold } = await openRecovery(context, { ...BY_OPERATOR, name: 'alice', removeFactors: false })
    assert.equal(ownerTold, true)
    const link = `/recovery/${token}`
    const client = new PortalClient(site.url)
    for (const _ of [1, 2]) assert.equal((await client.get(link)).status, 200, 'looking uses up nothing')
    assert.equal((await client.post(link, { ...form, again: 'x' })).status, 422)
    assert.equal((await client.post(link, { password: 'short', again: 'short' })).status, 422)
    assert.equal((await client.post(link, form)).url, '/recovery/done')
    assert.equal((await client.post(link, form)).status, 404)
    assert.notEqual((await old.once('/account')).status, 200)
    await new PortalClient(site.url).signIn('alice', NEW)
    assert.equal((await people.notices('password-changed')).at(-1)?.address, 'alice@city.example')
    assert.equal((await people.audited('recovery_used')).length, 1)
  })

  it('leaves second factors as they are (ASVS 6.4.3)', async () => {
    const { token } = await openRecovery(context, {
      ...(await people.by('root')),
      name: 'careful',
      removeFactors: false,
    })
    const before = await factorsNow('careful')
    await useRecovery(context, token, NEW)
    assert.deepEqual(await factorsNow('careful'), before)
    const client = new PortalClient(site.url)
    await client.get('/sign-in')
    assert.equal((await client.post('/sign-in', { name: 'careful', password: NEW })).url, '/sign-in/second')
  })

  it('waits for a day where it would lead past the glass: into a group, with no second factor behind it', async () => {
    const root = await people.by('root')
    await people.group('harbour', 'v1')
    await people.member('harbour', 'v2')
    const opened = await openRecovery(context, { ...root, name: 'v2', removeFactors: false })
    await assert.rejects(useRecovery(context, opened.token, NEW), NO)
    assert.equal((await new PortalClient(site.url).post(await vetoPath('v2'))).url, '/recovery/stopped')
    clock.move(VETO_MICROS)
    await assert.rejects(useRecovery(context, opened.token, NEW), NO)
    const byOperator = await openRecovery(context, { ...BY_OPERATOR, name: 'v2', removeFactors: false })
    await useRecovery(context, byOperator.token, NEW)
    const outside = await openRecovery(context, { ...root, name: 'stranger', removeFactors: false })
    await useRecovery(context, outside.token, NEW)
  })

  it('removes them only when asked to, after a day in which the owner can stop it', async () => {
    const root = await people.by('root')
    const { token } = await openRecovery(context, { ...root, name: 'careful', removeFactors: true })
    clock.move(VETO_MICROS - 10_000_000)
    await assert.rejects(useRecovery(context, token, PASSWORD), NO)
    const waiting = await new PortalClient(site.url).get(`/recovery/${token}`)
    assert.match(waiting.text, /Not yet/)
    assert.doesNotMatch(waiting.text, /name="password"/)
    clock.move(10_000_000)
    await useRecovery(context, token, PASSWORD)
    const left = await factorsNow('careful')
    assert.deepEqual([left.generators, left.recoveryCodes, left.passkeys, left.devices], [0, 0, 0, 0])
    assert.equal((await people.audited('second_factors_removed')).at(-1)?.detail['generators'], 1)
    assert.equal((await people.notices('second-factor-changed')).at(-1)?.address, 'careful@city.example')
    await new PortalClient(site.url).signIn('careful', PASSWORD)
  })

  it('the operator at the machine need not wait', async () => {
    await withGenerator(site, 'careful')
    const { token } = await openRecovery(context, { ...BY_OPERATOR, name: 'careful', removeFactors: true })
    await useRecovery(context, token, PASSWORD)
    assert.equal((await factorsNow('careful')).generators, 0)
  })

  it('the owner stops it by the link in the warning; looking at that link stops nothing', async () => {
    const root = await people.by('root')
    const { token } = await openRecovery(context, { ...root, name: 'alice', removeFactors: true })
    const path = await vetoPath('alice')
    const client = new PortalClient(site.url)
    assert.equal((await client.get(path)).status, 200)
    assert.ok(await recoveryOffer(context, token))
    assert.equal((await client.post(path)).url, '/recovery/stopped')
    assert.equal(await recoveryOffer(context, token), undefined)
    clock.move(VETO_MICROS)
    await assert.rejects(useRecovery(context, token, NEW), NO)
    assert.equal((await client.get(path)).status, 404)
    assert.equal(await vetoRecovery(context, path.split('/').at(-1) ?? ''), false)
  })

  it('of using and stopping at once, one is too late', async () => {
    for (const _ of [1, 2, 3]) {
      const { token } = await openRecovery(context, { ...BY_OPERATOR, name: 'alice', removeFactors: false })
      const veto = (await vetoPath('alice')).split('/').at(-1) ?? ''
      const [used, stopped] = await Promise.allSettled([
        useRecovery(context, token, PASSWORD),
        vetoRecovery(context, veto),
      ])
      assert.equal(used.status === 'fulfilled', !(stopped.status === 'fulfilled' && stopped.value))
    }
  })

  it('counts no more when a newer one was made, its time is over, or whoever opened it is suspended', async () => {
    const open = async (name = 'root') =>
      (await openRecovery(context, { ...(await people.by(name)), name: 'alice', removeFactors: false })).token
    const older = await open()
    const newer = await open()
    assert.equal(await recoveryOffer(context, older), undefined)
    clock.move(86_400_000_000)
    assert.equal(await recoveryOffer(context, newer), undefined)
    const byOther = await open('other-root')
    await suspendAccount(context, { ...BY_OPERATOR, name: 'other-root' })
    assert.equal(await recoveryOffer(context, byOther), undefined)
    await restoreAccount(context, { ...BY_OPERATOR, name: 'other-root' })
    assert.ok(await recoveryOffer(context, byOther))
  })

  it('is not for oneself, nor for a suspended account', async () => {
    const root = await people.by('root')
    await assert.rejects(openRecovery(context, { ...root, name: 'root', removeFactors: true }), { code: 'own_account' })
    await suspendAccount(context, { ...root, name: 'stranger' })
    await assert.rejects(openRecovery(context, { ...root, name: 'stranger', removeFactors: false }), NO)
    await restoreAccount(context, { ...root, name: 'stranger' })
  })

  it('on its page the link is shown once', async () => {
    const root = await people.visitor('root')
    await root.get('/site/accounts/alice/recover')
    const got = await root.post('/site/accounts/alice/recover', {})
    const token = /\/recovery\/([\w-]{43})/.exec(got.text)?.[1] ?? ''
    assert.ok(await recoveryOffer(context, token))
    assert.doesNotMatch((await root.get('/site/accounts/alice/recover')).text, new RegExp(token))
    assert.equal((await people.audited('recovery_opened')).at(-1)?.actor, 'root')
  })
})

describe('m of n vouchers', () => {
  /** A stand-in for the vouching that there is not yet. */
  const port: RecoveryVouchers = {
    vouchersOf: (_trx, accountNo) => {
      const numberOf = (name: string) => context.freshness.remembered?.accountNamed(name)?.accountNo ?? 0
      const plan = { needed: 2, vouchers: ['v1', 'v2', 'v3'].map(numberOf) }
      return Promise.resolve(accountNo === numberOf('alice') ? plan : undefined)
    },
  }

  async function approve(recoveryNo: number, name: string) {
    const { access } = await context.freshness.read()
    const accountNo = access.accountNamed(name)?.accountNo ?? 0
    return await approveRecovery(context, port, { recoveryNo, voucher: { accountNo, name } })
  }

  async function asked() {
    await context.freshness.read()
    return await askVouchers(context, port, { name: 'alice', removeFactors: true })
  }

  it('counts after enough approvals and the delay, not before either', async () => {
    const { token, recoveryNo } = await asked()
    clock.move(VETO_MICROS)
    assert.equal((await recoveryOffer(context, token))?.missing, 2)
    await assert.rejects(useRecovery(context, token, NEW), NO)
    assert.deepEqual(await approve(recoveryNo, 'v1'), { approved: 1, needed: 2 })
    assert.deepEqual(await approve(recoveryNo, 'v1'), { approved: 1, needed: 2 }, 'each voucher counts once')
    await assert.rejects(useRecovery(context, token, NEW), NO)
    assert.deepEqual(await approve(recoveryNo, 'v3'), { approved: 2, needed: 2 })
    await useRecovery(context, token, NEW)
    await new PortalClient(site.url).signIn('alice', NEW)
    assert.equal((await people.audited('recovery_approved')).length, 2)
  })

  it('waits a day even with all approvals, and the owner can stop it', async () => {
    const { token, recoveryNo } = await asked()
    for (const name of ['v1', 'v2', 'v3']) await approve(recoveryNo, name)
    await assert.rejects(useRecovery(context, token, PASSWORD), NO)
    await vetoRecovery(context, (await vetoPath('alice')).split('/').at(-1) ?? '')
    clock.move(VETO_MICROS)
    await assert.rejects(useRecovery(context, token, PASSWORD), NO)
    await assert.rejects(approve(recoveryNo, 'v1'), NO)
  })

  it('only vouchers approve, and one who was suspended counts no more', async () => {
    const { token, recoveryNo } = await asked()
    for (const name of ['stranger', 'alice', 'root'])
      await assert.rejects(approve(recoveryNo, name), { code: 'forbidden' })
    await approve(recoveryNo, 'v1')
    await approve(recoveryNo, 'v2')
    await suspendAccount(context, { ...BY_OPERATOR, name: 'v2' })
    await assert.rejects(approve(recoveryNo, 'v2'), { code: 'forbidden' })
    clock.move(VETO_MICROS)
    await assert.rejects(useRecovery(context, token, PASSWORD), NO)
    await assert.rejects(askVouchers(context, port, { name: 'root', removeFactors: false }), NO)
  })
})

describe('the page of somebody who cannot get in', () => {
  async function ask(name: string) {
    const client = new PortalClient(site.url)
    await client.get('/recovery')
    return await client.post('/recovery', { name })
  }

  it('gives one answer to every name, and the administrators are told of those that are', async () => {
    const before = (await people.notices('recovery-asked')).length
    const answers = [
      await ask('nobody-here'),
      await ask('alice'),
      await ask('V1@CITY.example'),
      await ask('x'.repeat(300)),
    ]
    for (const got of answers) assert.deepEqual([got.status, got.url], [200, '/recovery/asked'])
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1)
    await until(async () => (await people.notices('recovery-asked')).length === before + 4)
    const told = (await people.notices('recovery-asked')).slice(before)
    assert.deepEqual(
      told.map(({ address, path }) => `${address} ${path}`).toSorted(),
      ['alice', 'v1']
        .flatMap((name) => ['other-root', 'root'].map((root) => `${root}@city.example /site/accounts/${name}`))
        .toSorted(),
    )
  })

  it('an empty field is told; asking again and again tells nobody more', async () => {
    assert.equal((await ask('')).status, 422)
    for (const _ of [1, 2, 3, 4, 5, 6]) assert.equal((await ask('v3')).url, '/recovery/asked')
    const rows = await context.database.kysely.selectFrom('attempt').select('count').execute()
    assert.ok(rows.length > 0)
    await until(async () => (await people.audited('recovery_asked')).some(({ detail }) => detail['account'] === 'v3'))
    const asked = (await people.audited('recovery_asked')).filter(({ detail }) => detail['account'] === 'v3')
    assert.ok(asked.length <= 3, String(asked.length))
  })
})

it('an account that was made an administrator signs in anew', async () => {
  const before = await people.visitor('v1')
  await appointAdministrator(context, { ...(await people.by('root')), name: 'v1' })
  assert.notEqual((await before.once('/account')).status, 200)
})
