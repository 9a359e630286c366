import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { suspendAccount } from '../../server/site/suspension.ts'
import { movableClock } from '../support/movable-clock.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, type TestSite, testSite } from '../support/site.ts'
import { SoftAuthenticator, type Twist } from './soft-authenticator.ts'
import { addPasskey, localUrl, optionsOf, signInByPasskey, withPasskey } from './visitor.ts'

const MINUTE = 60_000_000
const REFUSED = /the passkey is not known here/
const clock = movableClock('2026-11-22T08:00:00Z')
let site: TestSite
before(async () => {
  site = await testSite({ clock })
})
after(async () => await site.close())

const visitor = () => new PortalClient(localUrl(site))
const passkeyRow = async (authenticator: SoftAuthenticator) =>
  await site.context.database.kysely
    .selectFrom('passkey')
    .selectAll()
    .where('credential_id', '=', authenticator.id)
    .executeTakeFirst()
const auditOf = async (kind: string) =>
  await site.context.database.kysely.selectFrom('audit').select(['actor', 'detail']).where('kind', '=', kind).execute()

describe('adding a passkey', () => {
  it('is kept with its name, is a factor at once, ends other sessions and is told to the owner', async () => {
    await site.addUser('ann')
    await site.context.database.kysely
      .updateTable('account')
      .set({ email: 'ann@example.org' })
      .where('name', '=', 'ann')
      .execute()
    const elsewhere = visitor()
    await elsewhere.signIn('ann', PASSWORD)
    const client = visitor()
    await client.signIn('ann', PASSWORD)
    const cookieBefore = client.cookies.get('vouchsafe')
    const authenticator = new SoftAuthenticator(localUrl(site))
    const got = await addPasskey(client, authenticator)
    assert.match(got.text, /The passkey “this laptop” was added/)
    assert.match(got.text, /On one device only/)
    assert.notEqual(client.cookies.get('vouchsafe'), cookieBefore, 'the session has a new identifier')
    assert.match((await elsewhere.get('/account')).url, /^\/sign-in/, 'the other session has ended')
    const notices = await site.context.database.kysely
      .selectFrom('notice')
      .select('kind')
      .where('address', '=', 'ann@example.org')
      .execute()
    assert.deepEqual(notices, [{ kind: 'second-factor-changed' }])
    assert.deepEqual((await auditOf('passkey_added')).at(-1), {
      actor: 'ann',
      detail: JSON.stringify({ account: 'ann', passkey: 'this laptop' }),
    })
  })

  it('offers the browser what a passkey without a name needs, and none that is there', async () => {
    const { client, authenticator } = await withPasskey(site, 'options')
    const options: Record<string, unknown> = optionsOf((await client.get('/account/passkeys/new')).text)
    assert.deepEqual(options['rp'], { name: 'Vouchsafe', id: 'localhost' })
    assert.deepEqual(options['authenticatorSelection'], {
      residentKey: 'required',
      userVerification: 'required',
      requireResidentKey: true,
    })
    assert.equal(options['attestation'], 'none')
    const [excluded] = options['excludeCredentials'] as readonly { id: string }[]
    assert.equal(excluded?.id, authenticator.id.toString('base64url'))
    const { id } = options['user'] as { id: string }
    assert.equal(Buffer.from(id, 'base64url').length, 32)
    assert.equal(id, authenticator.userHandle, 'the same for every passkey of the account')
    assert.doesNotMatch(Buffer.from(id, 'base64url').toString('latin1'), /options/)
  })

  const wrong: readonly (readonly [string, Twist])[] = [
    ['another challenge', { challenge: 'AAAA' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['another site', { rpId: 'evil.example' }],
    ['the answer of a sign-in', { type: 'webauthn.get' }],
    ['no user verification', { userVerified: false }],
  ]
  it('refuses an answer that is not for this', async () => {
    await site.addUser('wrong')
    const client = visitor()
    await client.signIn('wrong', PASSWORD)
    for (const [what, twist] of wrong) {
      const authenticator = new SoftAuthenticator(localUrl(site))
      const got = await addPasskey(client, authenticator, twist)
      assert.equal(got.status, 422, what)
      assert.match(got.text, /The passkey was not added/)
      assert.equal(await passkeyRow(authenticator), undefined, what)
    }
  })

  it('refuses an answer twice, after five minutes, without a name and in another form', async () => {
    await site.addUser('twice')
    const client = visitor()
    await client.signIn('twice', PASSWORD)
    const authenticator = new SoftAuthenticator(localUrl(site))
    const { text } = await client.get('/account/passkeys/new')
    const answer = authenticator.create(optionsOf(text))
    assert.equal((await client.post('/account/passkeys/new', { name: ' ', answer })).status, 422)
    assert.equal((await client.post('/account/passkeys/new', { name: 'key', answer })).status, 422, 'taken already')
    const late = optionsOf((await client.get('/account/passkeys/new')).text)
    clock.move(5 * MINUTE)
    assert.equal(
      (await client.post('/account/passkeys/new', { name: 'key', answer: authenticator.create(late) })).status,
      422,
    )
    for (const rubbish of ['', '{', '[]', '{"id":"AA"}', '{"__proto__":{}}', 'x'.repeat(20_000)]) {
      await client.get('/account/passkeys/new')
      assert.equal((await client.post('/account/passkeys/new', { name: 'key', answer: rubbish })).status, 422)
    }
    assert.equal((await addPasskey(client, authenticator)).status, 200)
    assert.match((await addPasskey(client, authenticator)).text, /known already/)
  })

  it('refuses a passkey that another account has', async () => {
    const { authenticator } = await withPasskey(site, 'first-owner')
    await site.addUser('second-owner')
    const client = visitor()
    await client.signIn('second-owner', PASSWORD)
    assert.match((await addPasskey(client, authenticator)).text, /known already/)
  })

  it('wants a proof that is not older than ten minutes', async () => {
    await site.addUser('stale')
    const client = visitor()
    await client.signIn('stale', PASSWORD)
    clock.move(10 * MINUTE)
    const response = await client.once('/account/passkeys/new')
    assert.equal(response.headers.get('location'), '/account/prove?next=%2Faccount%2Fpasskeys%2Fnew')
  })
})

describe('signing in with a passkey alone', () => {
  it('needs no name and no password, counts as a second factor and gives the session a new identifier', async () => {
    const { authenticator } = await withPasskey(site, 'alone')
    const client = visitor()
    const { text } = await client.get('/sign-in/passkey')
    const options = optionsOf(text) as { readonly allowCredentials?: unknown; readonly userVerification: string }
    assert.equal(options.allowCredentials, undefined, 'nobody learns which passkeys there are')
    assert.equal(options.userVerification, 'required')
    const before = client.cookies.get('vouchsafe')
    authenticator.counter += 1
    const got = await client.post('/sign-in/passkey', { next: '/account', answer: authenticator.get(optionsOf(text)) })
    assert.equal(got.url, '/account')
    assert.match(got.text, /<h1>Your account/)
    assert.notEqual(client.cookies.get('vouchsafe'), before)
    assert.match((await auditOf('signed_in')).at(-1)?.detail ?? '', /"means":"passkey"/)
    assert.equal(Number((await passkeyRow(authenticator))?.counter), 1)
  })

  it('takes authenticators that do not count', async () => {
    const { authenticator } = await withPasskey(site, 'no-count')
    for (let i = 0; i < 2; i += 1) {
      assert.equal((await signInByPasskey(visitor(), authenticator)).url, '/account')
    }
  })

  it('refuses what is not right with one and the same page', async () => {
    const { authenticator } = await withPasskey(site, 'exact')
    const { authenticator: others } = await withPasskey(site, 'others')
    const twists: readonly (readonly [string, Twist])[] = [
      ['another challenge', { challenge: 'AAAA' }],
      ['another origin', { origin: `${localUrl(site)}.evil.example` }],
      ['another port', { origin: 'http://localhost:1' }],
      ['another site', { rpId: 'evil.example' }],
      ['the answer of an enrolment', { type: 'webauthn.create' }],
      ['no user verification', { userVerified: false }],
      ['a wrong signature', { badSignature: true }],
      ['no user handle', { userHandle: null }],
      ["another account's user handle", { userHandle: others.userHandle }],
    ]
    const pages = new Set<string>()
    const note = (text: string) => pages.add(text.replaceAll(/data-options="[^"]*"/g, ''))
    for (const [what, twist] of twists) {
      const got = await signInByPasskey(visitor(), authenticator, twist)
      assert.equal(got.status, 422, what)
      assert.match(got.text, REFUSED)
      note(got.text)
    }
    const unknown = new SoftAuthenticator(localUrl(site))
    note((await signInByPasskey(visitor(), unknown)).text)
    await suspendAccount(site.context, { ...BY_OPERATOR, name: 'exact' })
    note((await signInByPasskey(visitor(), authenticator)).text)
    assert.equal(pages.size, 1, 'a stranger cannot tell the reasons apart')
  })

  it('refuses a replayed answer: in its own session, in another, and at once in two', async () => {
    const { authenticator } = await withPasskey(site, 'replay')
    const client = visitor()
    const answer = authenticator.get(optionsOf((await client.get('/sign-in/passkey')).text))
    const cookie = `vouchsafe=${client.cookies.get('vouchsafe')}`
    const send = async () =>
      await fetch(`${localUrl(site)}/sign-in/passkey`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ answer }).toString(),
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      })
    const statuses = (await Promise.all([send(), send(), send()])).map(({ status }) => status)
    assert.deepEqual(
      statuses.toSorted((a, b) => a - b),
      [303, 422, 422],
    )
    assert.equal((await send()).status, 422)
    const other = visitor()
    await other.get('/sign-in/passkey')
    assert.match((await other.post('/sign-in/passkey', { answer })).text, REFUSED)
  })

  it('refuses an answer after five minutes', async () => {
    const { authenticator } = await withPasskey(site, 'slow')
    const client = visitor()
    const answer = authenticator.get(optionsOf((await client.get('/sign-in/passkey')).text))
    clock.move(5 * MINUTE)
    assert.match((await client.post('/sign-in/passkey', { answer })).text, REFUSED)
  })

  it('refuses a count that does not go up, and the audit says so', async () => {
    const { authenticator } = await withPasskey(site, 'copied')
    assert.equal((await signInByPasskey(visitor(), authenticator, { counter: 7 })).url, '/account')
    for (const counter of [7, 6, 0]) {
      assert.match((await signInByPasskey(visitor(), authenticator, { counter })).text, REFUSED)
    }
    const detail = (await auditOf('passkey_refused')).at(-1)?.detail ?? ''
    assert.match(detail, /"counted":0,"known":7/)
    const before = (await auditOf('passkey_refused')).length
    await signInByPasskey(visitor(), authenticator, { counter: 1, badSignature: true })
    assert.equal((await auditOf('passkey_refused')).length, before, 'an alarm takes the key itself')
    assert.equal((await signInByPasskey(visitor(), authenticator, { counter: 8 })).url, '/account')
  })

  it('leaves no session behind for those who only look at the sign-in page', async () => {
    const client = visitor()
    await client.get('/sign-in')
    assert.equal(client.cookies.has('vouchsafe'), false)
  })
})

describe('a passkey as the second factor', () => {
  it('is asked for after the password, and only those of the account count', async () => {
    const { authenticator } = await withPasskey(site, 'second')
    const { authenticator: others } = await withPasskey(site, 'other-second')
    const client = visitor()
    await client.get('/sign-in')
    const asked = await client.post('/sign-in', { name: 'second', password: PASSWORD, next: '/account' })
    assert.equal(asked.url, '/sign-in/second')
    const options = optionsOf(asked.text) as { readonly allowCredentials: readonly { readonly id: string }[] }
    assert.deepEqual(
      options.allowCredentials.map(({ id }) => id),
      [authenticator.id.toString('base64url')],
    )
    const refused = await client.post('/sign-in/second/passkey', { answer: others.get(optionsOf(asked.text)) })
    assert.equal(refused.url, '/sign-in/second')
    assert.match(refused.text, REFUSED)
    // security keys that were asked by their id need not say whose they are
    const answer = authenticator.get(optionsOf(refused.text), { userHandle: null })
    const got = await client.post('/sign-in/second/passkey', { answer })
    assert.equal(got.url, '/account')
    assert.match((await auditOf('signed_in')).at(-1)?.detail ?? '', /"means":"password passkey"/)
  })

  it('is no way around the password', async () => {
    const { authenticator } = await withPasskey(site, 'around')
    const client = visitor()
    const answer = authenticator.get(optionsOf((await client.get('/sign-in/passkey')).text))
    assert.match((await client.post('/sign-in/second/passkey', { answer })).text, /name="password"/)
    assert.match((await client.get('/account')).url, /^\/sign-in\?/)
  })
})

describe('a passkey before a dangerous act', () => {
  it('opens the way for ten minutes; the answer of a sign-in does not', async () => {
    const { client, authenticator } = await withPasskey(site, 'prove')
    const { authenticator: others } = await withPasskey(site, 'prove-other')
    clock.move(10 * MINUTE)
    const asked = await client.get('/account/passkeys/new')
    assert.match(asked.url, /^\/account\/prove/)
    const wrong = await client.post('/account/prove/passkey', {
      answer: others.get(optionsOf(asked.text)),
      next: '/account/email',
    })
    assert.match(wrong.text, REFUSED)
    const cookie = client.cookies.get('vouchsafe')
    const got = await client.post('/account/prove/passkey', {
      answer: authenticator.get(optionsOf(wrong.text)),
      next: '/account/email',
    })
    assert.equal(got.url, '/account/email')
    assert.notEqual(client.cookies.get('vouchsafe'), cookie)
    clock.move(10 * MINUTE)
    const { text } = await client.get('/sign-in/passkey')
    const page = await client.get('/account')
    assert.equal(page.status, 200)
    const reused = authenticator.get(optionsOf(text))
    assert.match((await client.post('/account/prove/passkey', { answer: reused })).text, REFUSED)
    assert.match((await client.get('/account/email')).url, /^\/account\/prove/)
  })
})

describe('a passkey of one’s own', () => {
  const pathOf = (text: string) => /href="(\/account\/passkeys\/[0-9a-f]{16})"/.exec(text)?.[1] ?? ''

  it('is renamed', async () => {
    const { client } = await withPasskey(site, 'renamer')
    const path = pathOf((await client.get('/account/security')).text)
    await client.get(path)
    assert.equal((await client.post(path, { name: '' })).status, 422)
    assert.match((await client.post(path, { name: '<blue> key' })).text, /&lt;blue&gt; key/)
  })

  it('is removed: it signs in no more, other sessions and remembered devices end', async () => {
    const { client, authenticator } = await withPasskey(site, 'remover')
    const elsewhere = visitor()
    await signInByPasskey(elsewhere, authenticator)
    const account = site.context.database.kysely
      .selectFrom('account')
      .select('account_no')
      .where('name', '=', 'remover')
    const { account_no } = await account.executeTakeFirstOrThrow()
    await site.context.database.kysely
      .insertInto('remembered_device')
      .values({
        sha256: Buffer.alloc(32, 1),
        account_no,
        device: 'Firefox',
        network: '::1',
        created_micros: 0,
        expires_micros: Number.MAX_SAFE_INTEGER,
        last_used_micros: 0,
      })
      .execute()
    const path = pathOf((await client.get('/account/security')).text)
    await client.get(path)
    assert.match((await client.post(`${path}/remove`)).text, /The passkey “this laptop” was removed/)
    assert.match((await signInByPasskey(visitor(), authenticator)).text, REFUSED)
    assert.match((await elsewhere.get('/account')).url, /^\/sign-in/)
    assert.equal((await client.get('/account')).url, '/account')
    const devices = await site.context.database.kysely.selectFrom('remembered_device').select('device').execute()
    assert.deepEqual(devices, [])
    assert.equal((await client.get(path)).status, 404)
  })

  it('stays when nothing else would be left to sign in with', async () => {
    const { client, authenticator } = await withPasskey(site, 'locked')
    await site.context.database.kysely
      .updateTable('account')
      .set({ password_hash: null })
      .where('name', '=', 'locked')
      .execute()
    const path = pathOf((await client.get('/account/security')).text)
    await client.get(path)
    const got = await client.post(`${path}/remove`)
    assert.equal(got.status, 422)
    assert.match(got.text, /This is all that you can sign in with/)
    assert.ok(await passkeyRow(authenticator))
  })

  it('of somebody else looks like none at all', async () => {
    const { client: owner } = await withPasskey(site, 'owner')
    const { client } = await withPasskey(site, 'curious')
    const path = pathOf((await owner.get('/account/security')).text)
    const [theirs, none] = [await client.get(path), await client.get('/account/passkeys/0000000000000000')]
    assert.equal(theirs.status, 404)
    const neutral = (text: string) => text.replaceAll(/value="[^"]*"/g, '')
    assert.equal(neutral(theirs.text), neutral(none.text))
    await client.get('/account')
    assert.equal((await client.post(`${path}/remove`)).status, 404)
    assert.equal((await client.post(path, { name: 'mine' })).status, 404)
  })
})

describe('where passkeys cannot work', () => {
  it('a bare address leads to the name', async () => {
    const client = new PortalClient(site.url)
    const { text } = await client.get('/sign-in/passkey?next=/account')
    assert.match(text, new RegExp(`href="${localUrl(site)}/sign-in/passkey\\?next=/account"`))
    assert.doesNotMatch(text, /data-options/)
  })
})
