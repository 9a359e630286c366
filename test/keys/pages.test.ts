import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { generateKey } from 'openpgp'
import { copied, siteWithKeys, upload } from './members.ts'
import { missing, Programs } from './programs.ts'

const skip = missing ? `${missing} is not installed` : false
const programs = new Programs()
let home: Awaited<ReturnType<typeof siteWithKeys>>
before(async () => {
  home = await siteWithKeys()
})
after(async () => {
  programs[Symbol.dispose]()
  await home[Symbol.asyncDispose]()
})

it('a key of gpg: uploaded, proven by a word, chosen for the group, in its keyring', { skip }, async () => {
  const ann = await home.people.visitor('ann')
  const empty = await ann.get('/account/keys')
  assert.match(empty.text, /You have no key on file/)
  const fingerprint = programs.gpgKey('Ann <Ann@City.example>')
  const added = await upload(ann, programs.exported(fingerprint))
  assert.equal(added.url, `/account/keys/${fingerprint}`)
  assert.match(added.text, /Not proven/)
  assert.ok(!added.text.includes('Use this key'), 'nobody chooses a key that is not proven')
  const asked = await ann.post(`/account/keys/${fingerprint}/ask`)
  const message = copied(asked.text, '-----BEGIN PGP MESSAGE-----')
  const read = programs.tryGpg(['--decrypt'], message)
  assert.equal(read.status, 0, read.complaint)
  const word = /The word is ([A-Z2-7-]+)/.exec(read.text)?.[1] ?? ''
  const wrong = await ann.post(`/account/keys/${fingerprint}/word`, { word: 'ABCD-ABCD' })
  assert.deepEqual([wrong.status, /This is not the word/.test(wrong.text)], [422, true])
  const proven = await ann.post(`/account/keys/${fingerprint}/word`, { word: ` ${word.toLowerCase()} ` })
  assert.match(proven.text, /Proven: the key is yours/)
  assert.match(proven.text, /Use this key/)
  const again = await ann.post(`/account/keys/${fingerprint}/word`, { word })
  assert.equal(again.status, 422, 'a word works once')
  const pinned = await ann.post(`/account/keys/${fingerprint}/pin`, { group: 'harbour' })
  assert.match(pinned.text, /encrypts to this key from now on/)
  assert.equal(await home.pinned('ann'), fingerprint)
  const health = await ann.get('/groups/harbour/keys')
  assert.match(health.text, /1 of 3 can decrypt/)
  assert.match(health.text, /lea[\s\S]*No key/)
  const first = await ann.get('/groups/harbour/keys/keyring')
  assert.equal(first.headers.get('content-type'), 'application/pgp-keys')
  assert.equal((await ann.get('/groups/harbour/keys/keyring')).text, first.text)
  using other = new Programs()
  assert.match(other.tryGpg(['--import'], first.text).complaint, /imported: 1/)
  assert.match(other.sq(['inspect', other.file(first.text)]), new RegExp(fingerprint))
  const kinds = await Promise.all(['key_added', 'key_proven', 'key_pinned'].map((kind) => home.people.audited(kind)))
  assert.ok(kinds.every((records) => records.some(({ detail }) => detail['fingerprint'] === fingerprint)))
})

it('the keyring names a member by the address of this group, and tells no other', { skip }, async () => {
  const ann = await home.people.visitor('ann')
  const { access } = await home.context.freshness.read()
  const number = access.accountNamed('ann')?.accountNo ?? 0
  await home.context.database.kysely
    .insertInto('account_address')
    .values({
      account_no: number,
      address: 'ann@elsewhere.example',
      created_micros: 1,
      verified_micros: 1,
    })
    .execute()
  const fingerprint = programs.gpgKey('Ann <ann@city.example>')
  programs.tryGpg(['--batch', '--quick-add-uid', fingerprint, 'Ann <ann@elsewhere.example>'])
  const added = await upload(ann, programs.exported(fingerprint))
  const row = home.context.database.kysely.selectFrom('certificate').select(['addresses', 'certificate_no'])
  const stored = await row.where('fingerprint', '=', fingerprint).executeTakeFirstOrThrow()
  assert.equal(stored.addresses, 'ann@city.example ann@elsewhere.example', added.text.slice(0, 200))
  const proven = { proven_micros: 1 }
  await home.context.database.kysely
    .updateTable('certificate')
    .set(proven)
    .where('fingerprint', '=', fingerprint)
    .execute()
  await home.context.database.kysely
    .updateTable('membership')
    .set({ certificate_no: stored.certificate_no })
    .where('account_no', '=', number)
    .execute()
  const keyring = await ann.get('/groups/harbour/keys/keyring')
  using other = new Programs()
  other.tryGpg(['--import'], keyring.text)
  const listed = other.tryGpg(['--list-keys', '--with-colons', fingerprint]).text
  assert.match(listed, /ann@city\.example/)
  assert.doesNotMatch(listed, /elsewhere/)
  const { status } = other.tryGpg(['--encrypt', '--armor', '--trust-model', 'always', '-r', fingerprint], 'hello')
  assert.equal(status, 0, 'it can still be encrypted to')
})

it('keys of sq and rnp: proven by a signature or by a word', { skip }, async () => {
  const bob = await home.people.visitor('bob')
  const key = programs.sqKey('Bob <bob@city.example>')
  const sq = await upload(bob, key.certificate, true)
  const asked = await bob.post(`${sq.url}/ask`)
  const statement = copied(asked.text, 'I hold the secret half')
  assert.match(statement, new RegExp(`Account: bob\nKey: ${sq.url.slice(-40)}\n`))
  const signed = programs.sq(['sign', '--cleartext-signature', '--signer-key', key.secret, programs.file(statement)])
  const other = programs.sqKey('Bob <bob@city.example>')
  const foreign = programs.sq(['sign', '--cleartext-signature', '--signer-key', other.secret, programs.file(statement)])
  const refused = await bob.post(`${sq.url}/sign`, { signature: foreign })
  assert.deepEqual([refused.status, /made by another key/.test(refused.text)], [422, true])
  assert.match((await bob.post(`${sq.url}/sign`, { signature: signed })).text, /Proven: the key is yours/)
  const rnp = await upload(bob, programs.rnpKey('bob@city.example'))
  const message = copied((await bob.post(`${rnp.url}/ask`)).text, '-----BEGIN PGP MESSAGE-----')
  const text = programs.rnp(['--decrypt', programs.file(message), '--output', '-'])
  const word = /The word is ([A-Z2-7-]+)/.exec(text)?.[1] ?? ''
  assert.match((await bob.post(`${rnp.url}/word`, { word })).text, /Proven: the key is yours/)
})

it('a key of openpgp.js in the new format is taken with a warning', async () => {
  const lea = await home.people.visitor('lea')
  const { publicKey } = await generateKey({ type: 'curve25519', userIDs: { email: 'lea@city.example' } })
  const got = await upload(lea, publicKey)
  assert.match(got.text, /New format/)
  assert.match(got.text, /cannot encrypt to it/)
})

it('refuses on the page with a sentence, keeps nothing and never shows what was pasted', { skip }, async () => {
  const lea = await home.people.visitor('lea')
  const before = (await home.certificates('lea')).length
  const secret = programs.gpgKey('Lea <lea@city.example>')
  const armored = programs.gpg(['--armor', '--export-secret-keys', secret])
  const got = await upload(lea, armored)
  assert.equal(got.status, 422)
  assert.match(got.text, /This is a secret key[\s\S]*Revoke it/)
  assert.ok(!got.text.includes('BEGIN PGP PRIVATE'))
  assert.equal((await upload(lea, 'hello')).status, 422)
  assert.match((await upload(lea, programs.exported(programs.gpgKey('X <x@other.example>')))).text, /No valid User ID/)
  assert.equal((await upload(lea, 'x'.repeat(5_000_000))).status, 413)
  assert.equal((await home.certificates('lea')).length, before)
})

it('a key is nobody’s but its owner’s, and whoever is not in the group learns nothing', { skip }, async () => {
  const ann = await home.people.visitor('ann')
  const bob = await home.people.visitor('bob')
  const [row] = await home.certificates('ann')
  const page = `/account/keys/${row?.fingerprint ?? ''}`
  assert.equal((await ann.get(page)).status, 200)
  const denied = await bob.get(page)
  const absent = await bob.get(`/account/keys/${'A'.repeat(40)}`)
  assert.deepEqual([denied.status, absent.status], [404, 404])
  assert.equal((await bob.post(`${page}/retire`)).status, 404)
  await home.people.account('zoe')
  const zoe = await home.people.visitor('zoe')
  assert.equal((await zoe.get('/groups/harbour/keys')).status, 404)
  assert.equal((await zoe.get('/groups/harbour/keys/keyring')).status, 404)
  assert.match((await zoe.get('/account/keys/add')).text, /You have verified no mail address yet/)
})

it('another account cannot prove a key that somebody has proven', { skip }, async () => {
  const bob = await home.people.visitor('bob')
  const fingerprint = programs.gpgKey('Both <both@city.example>')
  await home.verify('bob', 'both@city.example')
  await upload(bob, programs.exported(fingerprint))
  await proveWithGpg(bob, fingerprint)
  programs.gpg(['--quick-add-uid', fingerprint, 'Ann too <ann.too@city.example>'])
  await home.verify('ann', 'ann.too@city.example')
  const ann = await home.people.visitor('ann')
  assert.equal((await upload(ann, programs.exported(fingerprint))).status, 200)
  const got = await proveWithGpg(ann, fingerprint)
  assert.deepEqual([got.status, /Another account has proven/.test(got.text)], [422, true])
})

async function proveWithGpg(client: Awaited<ReturnType<typeof home.people.visitor>>, fingerprint: string) {
  await client.get(`/account/keys/${fingerprint}`)
  const statement = copied((await client.post(`/account/keys/${fingerprint}/ask`)).text, 'I hold')
  const signature = programs.gpg(['-u', fingerprint, '--clearsign'], statement)
  return await client.post(`/account/keys/${fingerprint}/sign`, { signature })
}
