import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setSettings } from '../../server/site/settings.ts'
import { movableClock } from '../support/movable-clock.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, testSite, type TestSite } from '../support/site.ts'
import { accountOf, codeOf, withGenerator } from './person.ts'

const STEP = 30_000_000
const MINUTE = 60_000_000
const NEW_PASSWORD = 'a quiet river in the north'
const clock = movableClock('2026-11-22T08:00:00Z')
let site: TestSite

before(async () => {
  site = await testSite({ clock })
})
after(() => site.close())

async function signedIn(name: string): Promise<PortalClient> {
  await site.addUser(name)
  const client = new PortalClient(site.url)
  await client.signIn(name, PASSWORD)
  return client
}

async function auditOf(kind: string): Promise<string> {
  const rows = await site.context.database.kysely
    .selectFrom('audit')
    .select('detail')
    .where('kind', '=', kind)
    .execute()
  return rows.map(({ detail }) => detail).join('\n')
}

describe('proving it again', () => {
  it('is asked for before a dangerous act when the last proof is old, by password, and leads back', async () => {
    const client = await signedIn('prove1')
    clock.move(11 * MINUTE)
    const asked = await client.get('/account/password')
    assert.equal(asked.url, '/account/prove?next=%2Faccount%2Fpassword')
    assert.equal((await client.post('/account/prove', { password: 'wrong', next: '/account/password' })).status, 422)
    assert.match((await client.get('/account/password')).url, /prove/)
    assert.equal(
      (await client.post('/account/prove', { password: PASSWORD, next: '/account/password' })).url,
      '/account/password',
    )
    assert.match(await auditOf('proof_given'), /"account":"prove1","means":"password"/)
    assert.match(await auditOf('proof_refused'), /prove1/)
    assert.equal((await client.post('/account/prove', { password: PASSWORD, next: '//evil.example' })).url, '/')
  })

  it('wants the second factor where there is one: the password is not enough, not even posted', async () => {
    await site.addUser('prove2')
    const own = await withGenerator(site, 'prove2')
    clock.move(2 * STEP)
    const client = new PortalClient(site.url)
    await client.post('/sign-in', { name: 'prove2', password: PASSWORD })
    await client.post('/sign-in/second', { code: own.code(own.now()) })
    clock.move(11 * MINUTE)
    const asked = await client.get('/account/password')
    assert.doesNotMatch(asked.text, /type="password"/)
    const next = '/account/password'
    assert.equal((await client.post('/account/prove', { password: PASSWORD, next })).status, 422)
    assert.equal((await client.post('/account/prove', { code: own.code(own.now()), next })).url, next)
    clock.move(11 * MINUTE)
    await client.get('/account/prove')
    assert.equal((await client.post('/account/prove', { recovery: own.recoveryCodes[0] ?? '', next })).url, next)
  })

  it('is put off after ten wrong ones in a session, and goes on in another', async () => {
    const client = await signedIn('prove3')
    const other = new PortalClient(site.url)
    await other.signIn('prove3', PASSWORD)
    await client.get('/account/prove')
    const statuses: number[] = []
    for (let i = 0; i < 11; i += 1)
      statuses.push((await client.post('/account/prove', { password: `wrong ${i}` })).status)
    assert.deepEqual(statuses.slice(-2), [422, 429])
    await other.get('/account/prove')
    assert.equal((await other.post('/account/prove', { password: PASSWORD, next: '/account' })).url, '/account')
  })
})

describe('a new password', () => {
  it('ends every other session and device, renews the own, tells the owner, and is the one that counts', async () => {
    const client = await signedIn('change1')
    await site.context.database.kysely
      .updateTable('account')
      .set({ email: 'c@example.test' })
      .where('name', '=', 'change1')
      .execute()
    const other = new PortalClient(site.url)
    await other.signIn('change1', PASSWORD)
    const before = client.cookies.get('vouchsafe')
    await client.get('/account/password')
    const changed = await client.post('/account/password', {
      current: PASSWORD,
      password: NEW_PASSWORD,
      again: NEW_PASSWORD,
    })
    assert.equal(changed.url, '/account/security')
    assert.match(changed.text, /Your password is changed/)
    assert.notEqual(client.cookies.get('vouchsafe'), before)
    assert.match((await other.get('/account')).url, /^\/sign-in/)
    const planted = new PortalClient(site.url)
    planted.cookies.set('vouchsafe', before ?? '')
    assert.match((await planted.get('/account')).url, /^\/sign-in/)
    assert.equal(
      (await new PortalClient(site.url).post('/sign-in', { name: 'change1', password: PASSWORD })).status,
      422,
    )
    await new PortalClient(site.url).signIn('change1', NEW_PASSWORD)
    const notices = await site.context.database.kysely
      .selectFrom('notice')
      .select('kind')
      .where('address', '=', 'c@example.test')
      .execute()
    assert.deepEqual(notices, [{ kind: 'password-changed' }])
    assert.match(await auditOf('password_set'), /change1/)
  })

  it('has the present one beside it, the rule, and no difference to its repetition', async () => {
    const client = await signedIn('change2')
    const send = async (fields: Record<string, string>) => {
      await client.get('/account/password')
      return await client.post('/account/password', {
        current: PASSWORD,
        password: NEW_PASSWORD,
        again: NEW_PASSWORD,
        ...fields,
      })
    }
    for (const [fields, says] of [
      [{ current: 'wrong' }, /not your present password/],
      [{ again: 'other' }, /not the same/],
      [{ password: 'short', again: 'short' }, /15 to 128/],
      [{ password: '1qaz2wsx3edc4rfv', again: '1qaz2wsx3edc4rfv' }, /published list/],
      [{ password: 'change2 change2 change2', again: 'change2 change2 change2' }, /only repeats names/],
    ] as const) {
      const page = await send(fields)
      assert.equal(page.status, 422)
      assert.match(page.text, says)
      assert.doesNotMatch(page.text, /quiet river/)
    }
    await new PortalClient(site.url).signIn('change2', PASSWORD)
  })

  it('is set by whoever signed in without one, and needs no present one', async () => {
    const client = await signedIn('change3')
    await site.context.database.transaction(async (trx) => {
      await trx.updateTable('account').set({ password_hash: null }).where('name', '=', 'change3').execute()
      await trx
        .updateTable('site')
        .set((eb) => ({ access_generation: eb('access_generation', '+', 1) }))
        .execute()
    })
    assert.match((await client.get('/account/password')).text, /Set a password/)
    await client.post('/account/password', { password: NEW_PASSWORD, again: NEW_PASSWORD })
    await new PortalClient(site.url).signIn('change3', NEW_PASSWORD)
  })
})

describe('code generators', () => {
  it('are added with a first code, which makes the session strong and brings recovery codes', async () => {
    const client = await signedIn('codes1')
    const other = new PortalClient(site.url)
    await other.signIn('codes1', PASSWORD)
    const before = client.cookies.get('vouchsafe')
    await client.get('/account/codes')
    const steps = await client.post('/account/codes', { name: 'Work phone', kind: 'totp' })
    assert.equal(steps.url, '/account/codes/confirm')
    const { accountNo } = await accountOf(site, 'codes1')
    const [row] = await site.context.database.kysely
      .selectFrom('code_generator')
      .selectAll()
      .where('account_no', '=', accountNo)
      .execute()
    assert.ok(row)
    const secret = site.context.seal.open(row.secret, `code generator of account ${accountNo}`)
    assert.ok(!Buffer.from(row.secret).includes(secret), 'sealed')
    assert.equal((await accountOf(site, 'codes1')).secondFactor, false, 'nothing before its first code')
    const shown = await client.post('/account/codes/confirm', {
      code: codeOf(secret, Math.floor(clock.nowMicros() / STEP)),
    })
    assert.equal(shown.text.match(/\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b/g)?.length, 10)
    assert.notEqual(client.cookies.get('vouchsafe'), before)
    assert.match((await other.get('/account')).url, /^\/sign-in/)
    const list = await client.get('/account/codes')
    assert.match(list.text, /Work phone/)
    assert.match(list.text, /10 of 10 are left/)
    assert.match(await auditOf('second_factor_added'), /codes1/)
    const made = await client.post('/account/codes/recovery')
    const [old = ''] = shown.text.match(/\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b/g) ?? []
    assert.ok(!made.text.includes(old))
    const again = new PortalClient(site.url)
    await again.post('/sign-in', { name: 'codes1', password: PASSWORD })
    assert.equal((await again.post('/sign-in/second', { recovery: old })).status, 422, 'the old ones are void')
  })

  it('show their secret to the session that started them alone, and take its code from no other', async () => {
    const owner = await signedIn('codes5')
    const thief = new PortalClient(site.url)
    await thief.signIn('codes5', PASSWORD)
    await owner.get('/account/codes')
    const steps = await owner.post('/account/codes', { name: 'phone', kind: 'totp' })
    assert.match(steps.text, /name="code"/)
    assert.equal((await thief.get('/account/codes/confirm')).url, '/account/codes', 'nothing waits here')
    await thief.get('/account/codes')
    await thief.post('/account/codes', { name: 'mine', kind: 'totp' })
    const overtaken = await owner.get('/account/codes/confirm')
    assert.equal(overtaken.url, '/account/codes', 'the secret of the other session is not offered')
  })

  it('are removed, but not the last one where a second factor is demanded, nor those of others', async () => {
    await site.addUser('codes2')
    await site.addUser('codes3')
    const own = await withGenerator(site, 'codes2')
    const others = await withGenerator(site, 'codes3')
    clock.move(2 * STEP)
    const client = new PortalClient(site.url)
    await client.post('/sign-in', { name: 'codes2', password: PASSWORD })
    await client.post('/sign-in/second', { code: own.code(own.now()) })
    await client.get('/account/codes')
    assert.equal((await client.post('/account/codes/remove', { generator: String(others.generatorNo) })).status, 404)
    assert.equal((await client.post('/account/codes/remove', { generator: 'x' })).status, 404)
    await setSettings(site.context, { actor: 'test', settings: { secondFactor: true } })
    await client.get('/account/codes')
    const refused = await client.post('/account/codes/remove', { generator: String(own.generatorNo) })
    assert.equal(refused.status, 422)
    assert.match(refused.text, /this is your last one/)
    await setSettings(site.context, { actor: 'test', settings: { secondFactor: false } })
    await client.get('/account/codes')
    const removed = await client.post('/account/codes/remove', { generator: String(own.generatorNo) })
    assert.equal(removed.url, '/account/codes')
    assert.equal((await accountOf(site, 'codes2')).secondFactor, false)
    assert.equal((await accountOf(site, 'codes3')).secondFactor, true)
    assert.match(await auditOf('second_factor_removed'), /codes2/)
  })

  it('want a name, and a right first code', async () => {
    const client = await signedIn('codes4')
    await client.get('/account/codes')
    assert.equal((await client.post('/account/codes', { name: ' ', kind: 'totp' })).status, 422)
    assert.equal((await client.get('/account/codes/confirm')).url, '/account/codes')
    await client.post('/account/codes', { name: 'fob', kind: 'hotp' })
    assert.equal((await client.post('/account/codes/confirm', { code: 'abc' })).status, 422)
    assert.equal((await accountOf(site, 'codes4')).secondFactor, false)
  })
})
