import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { after, describe, it } from 'node:test'
import { signVouch, type SignedVouch, statementToSign } from '../../server/members/vouching/vouch-signature.ts'
import { Programs, missing } from '../keys/programs.ts'
import { testSite } from '../support/site.ts'
import { vouchersOf } from './vouching-people.ts'

const site = await testSite({ settings: { public_url: 'http://127.0.0.1:8123' } })
after(() => site.close())
const { context } = site
const people = vouchersOf(site)
await people.account('root', 'administrator')
for (const name of ['alice', 'bob', 'carol', 'dave']) await people.account(name)
await people.group('water', 'alice')
await people.group('ports', 'alice')
for (const group of ['water', 'ports']) for (const name of ['bob', 'carol', 'dave']) await people.member(group, name)

const programs = new Programs()
after(() => programs[Symbol.dispose]())

describe('a signed vouch', { skip: missing && `wants ${missing}` }, () => {
  const key = missing ? '' : programs.gpgKey('Bob <bob@city.example>')
  const other = missing ? '' : programs.gpgKey('Carol <carol@city.example>')

  /** Puts a key on file for somebody in all their groups, as one that was proven. */
  const pin = async (account: string, fingerprint: string) => {
    const account_no = await people.accountNo(account)
    const { certificate_no } = await context.database.kysely
      .insertInto('certificate')
      .values({
        account_no,
        fingerprint,
        body: Buffer.from(programs.gpg(['--export', fingerprint]), 'latin1'),
        addresses: `${account}@city.example`,
        algorithm: 'ed25519',
        key_micros: 1,
        origin: 'upload',
        added_micros: 1,
        checked_micros: 1,
        proven_micros: 1,
      })
      .returning('certificate_no')
      .executeTakeFirstOrThrow()
    await context.database.kysely
      .updateTable('membership')
      .set({ certificate_no })
      .where('account_no', '=', account_no)
      .execute()
  }
  const by = async (name: string, group = 'water', vouchee = 'carol') => ({
    ...(await people.by(name)),
    group,
    vouchee,
  })
  const detached = (text: string, fingerprint = key, ...options: readonly string[]) =>
    programs.gpg([
      '--armor',
      '--local-user',
      fingerprint,
      ...options,
      '--detach-sign',
      '--output',
      '-',
      programs.file(text),
    ])

  it('is checked, kept and given back as a bundle that gpg accepts: detached, text mode, clear-signed, any line end', async () => {
    await pin('bob', key)
    await people.vouch('bob', 'carol', { text: 'Met in the harbour.\n\n- twice\nFrom the lock' })
    const { statement, fingerprint } = await statementToSign(context, await by('bob'))
    assert.equal(fingerprint, key)
    for (const part of ['Site: http://127.0.0.1:8123', 'Group: water', 'Voucher: bob', 'Vouchee: carol', '| - twice']) {
      assert.ok(statement.includes(part), part)
    }
    const bob = await people.visitor('bob')
    for (const signature of [
      detached(statement),
      detached(`${statement}\n`),
      detached(`${statement}\n`, key, '--textmode'),
      detached(`${statement}\n`.replaceAll('\n', '\r\n')),
      programs.gpg(['--local-user', key, '--clear-sign', '--output', '-', programs.file(`${statement}\n`)]),
    ]) {
      await bob.get('/groups/water/vouch/carol/sign')
      const kept = await bob.post('/groups/water/vouch/carol/sign', { signature })
      assert.match(kept.text, /Your vouch is signed/)
      const bundle = JSON.parse((await bob.get('/groups/water/vouch/carol/bundle')).text) as SignedVouch
      assert.equal(bundle.fingerprint, key)
      using elsewhere = new Programs()
      elsewhere.gpg(['--import', elsewhere.file(bundle.certificate)])
      const [text, proof] = [elsewhere.file(bundle.statement), elsewhere.file(bundle.signature)]
      elsewhere.gpg(['--verify', proof, text])
      writeFileSync(text, bundle.statement.replace('carol', 'dave'))
      assert.throws(() => elsewhere.gpg(['--verify', proof, text]), 'for another person it is none')
    }
    assert.equal((await people.audited('vouch_signed')).length, 5)
  })

  it('is good for nobody else, in no other group, and for no other vouch', async () => {
    const { statement } = await statementToSign(context, await by('bob'))
    const signature = detached(statement)
    await people.vouch('bob', 'dave', { text: 'Met in the harbour.\n\n- twice\nFrom the lock' })
    await people.vouch('bob', 'carol', { group: 'ports', text: 'Met in the harbour.\n\n- twice\nFrom the lock' })
    const wrong = { code: 'signature_wrong' }
    await assert.rejects(signVouch(context, { ...(await by('bob', 'water', 'dave')), signature }), wrong)
    await assert.rejects(signVouch(context, { ...(await by('bob', 'ports')), signature }), wrong)
    await people.vouch('bob', 'carol', { text: 'In other words.' })
    await assert.rejects(signVouch(context, { ...(await by('bob')), signature }), wrong)
    const bob = await people.visitor('bob')
    await bob.get('/groups/water/vouch/carol/sign')
    const forged = await bob.post('/groups/water/vouch/carol/sign', { signature, statement, text: statement })
    assert.equal(forged.status, 422, 'a text that the browser sends is not looked at')
    assert.equal((await bob.get('/groups/water/vouch/carol/bundle')).status, 404)
  })

  it('is made by the key on file and by no other', async () => {
    const { statement } = await statementToSign(context, await by('bob'))
    const bad = { ...(await by('bob')), signature: detached(statement, other) }
    await assert.rejects(signVouch(context, bad), { code: 'signature_other_key' })
    const junk = {
      ...(await by('bob')),
      signature: '-----BEGIN PGP SIGNATURE-----\n\nnothing\n-----END PGP SIGNATURE-----',
    }
    await assert.rejects(signVouch(context, junk), { code: 'signature_unreadable' })
    await people.vouch('dave', 'carol')
    const dave = await people.visitor('dave')
    assert.match((await dave.get('/groups/water/vouch/carol/sign')).text, /There is no key on file/)
    const none = { ...(await by('dave')), signature: detached(statement) }
    await assert.rejects(signVouch(context, none), { code: 'no_key' })
  })

  it('of somebody else nobody signs', async () => {
    const dave = await people.visitor('dave')
    assert.equal((await dave.get('/groups/water/vouch/bob/sign')).status, 404, 'dave has not vouched for bob')
  })
})
