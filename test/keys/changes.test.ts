import assert from 'node:assert/strict'
import { after, before, beforeEach, it } from 'node:test'
import { createCleartextMessage, generateKey, type PrivateKey, revokeKey, sign } from 'openpgp'
import { addCertificate } from '../../server/keys/add-certificate.ts'
import { keyHealth } from '../../server/keys/group-keys.ts'
import { listGroupKeys } from '../../server/keys/list-keys.ts'
import { finishByOldKey, pinCertificate } from '../../server/keys/pin-certificate.ts'
import { askProof, proveBySignature } from '../../server/keys/proof.ts'
import { retireCertificate } from '../../server/keys/retire-certificate.ts'
import { stopChange } from '../../server/keys/stop-change.ts'
import { DAY, siteWithKeys } from './members.ts'

interface Key {
  readonly privateKey: PrivateKey
  readonly fingerprint: string
}

let home: Awaited<ReturnType<typeof siteWithKeys>>
let count = 0
/** Names of members that are new in each test: to make a site takes longer than all of them. */
let ann = ''
let bob = ''
before(async () => {
  home = await siteWithKeys()
})
after(() => home[Symbol.asyncDispose]())
beforeEach(async () => {
  count++
  ann = `ann${count}`
  bob = `bob${count}`
  for (const name of [ann, bob]) {
    await home.people.account(name)
    await home.verify(name, `${name}@city.example`)
    await home.people.member('harbour', name)
  }
})

/** Who got notices of a kind since, and where they lead. */
async function noticesSince(before: number, kind: string) {
  return (await home.people.notices(kind)).slice(before)
}

const today = () => new Date(home.context.clock.nowMicros() / 1000)

async function add(name: string, keyExpirationTime = 0): Promise<Key> {
  const made = await generateKey({
    type: 'ecc',
    curve: 'ed25519Legacy',
    userIDs: { email: `${name}@city.example` },
    keyExpirationTime,
    date: today(),
    format: 'object',
  })
  const upload = made.publicKey.armor()
  const { fingerprint } = await addCertificate(home.context, { owner: await home.owner(name), upload })
  return { privateKey: made.privateKey, fingerprint }
}

async function signed(key: Key, text: string): Promise<string> {
  const message = await createCleartextMessage({ text })
  return await sign({ message, signingKeys: key.privateKey, date: today() })
}

async function proven(name: string, keyExpirationTime?: number): Promise<Key> {
  const key = await add(name, keyExpirationTime)
  const owner = await home.owner(name)
  const { statement } = await askProof(home.context, { owner, fingerprint: key.fingerprint })
  const signature = await signed(key, statement)
  await proveBySignature(home.context, { owner, fingerprint: key.fingerprint, signature })
  return key
}

async function pin(name: string, key: Key) {
  const by = await home.people.by(name)
  return await pinCertificate(home.context, {
    ...by,
    owner: await home.owner(name),
    group: 'harbour',
    fingerprint: key.fingerprint,
  })
}

async function waiting(name: string) {
  const [group] = await listGroupKeys(home.context, await home.owner(name))
  return group?.waiting
}

async function finish(name: string, changeNo: number, signature: string) {
  const by = await home.people.by(name)
  const owner = await home.owner(name)
  await finishByOldKey(home.context, { ...by, owner, group: 'harbour', changeNo, signature })
}

it('the first key wants a proof, and counts at once', async () => {
  const key = await add(ann)
  await assert.rejects(pin(ann, key), { code: 'key_not_proven' })
  const other = await proven(ann)
  assert.deepEqual(await pin(ann, other), { outcome: 'pinned' })
  assert.equal(await home.pinned(ann), other.fingerprint)
  await assert.rejects(pin(ann, other), { code: 'key_pinned_already' })
})

it('another key waits seven days, with notice to the member and the administrators, and then counts', async () => {
  const [old, next] = [await proven(ann), await proven(ann)]
  await pin(ann, old)
  const before = (await home.people.notices('key-change')).length
  assert.equal((await pin(ann, next)).outcome, 'waiting')
  assert.equal(await home.pinned(ann), old.fingerprint)
  assert.deepEqual(await noticesSince(before, 'key-change'), [
    { address: `${ann}@city.example`, path: '/account/keys' },
    { address: 'lea@city.example', path: '/groups/harbour/keys' },
  ])
  home.clock.move(7 * DAY - 60_000_000)
  await home.complete()
  assert.equal(await home.pinned(ann), old.fingerprint, 'a minute too early')
  home.clock.move(120_000_000)
  await home.complete()
  await home.complete()
  assert.equal(await home.pinned(ann), next.fingerprint)
  assert.deepEqual(
    (await home.people.audited('key_pinned'))
      .filter(({ detail }) => detail['account'] === ann)
      .map(({ actor, detail }) => [actor, detail['proof']]),
    [
      [ann, 'first'],
      ['system', 'delay'],
    ],
  )
})

it('the old key’s signature over this very change makes it count at once', async () => {
  const [old, next] = [await proven(ann), await proven(ann)]
  await pin(ann, old)
  await pin(ann, next)
  const change = await waiting(ann)
  assert.ok(change?.statement)
  for (const part of ['Group: harbour', `Old key: ${old.fingerprint}`, `New key: ${next.fingerprint}`, 'Site: http']) {
    assert.ok(change.statement.includes(part), part)
  }
  await assert.rejects(finish(ann, change.changeNo, await signed(next, change.statement)), {
    code: 'signature_other_key',
  })
  const altered = change.statement.replace('harbour', 'harbor')
  await assert.rejects(finish(ann, change.changeNo, await signed(old, altered)), { code: 'signature_wrong' })
  const signature = await signed(old, change.statement)
  await assert.rejects(finish(bob, change.changeNo, signature), { status: 404 })
  await finish(ann, change.changeNo, signature)
  assert.equal(await home.pinned(ann), next.fingerprint)

  // back, and the old signature a second time
  await pin(ann, old)
  const back = await waiting(ann)
  assert.ok(back?.statement)
  await finish(ann, back.changeNo, await signed(next, back.statement))
  await pin(ann, next)
  const third = await waiting(ann)
  assert.ok(third)
  await assert.rejects(finish(ann, third.changeNo, signature), { code: 'signature_wrong' })
})

it('a revoked old key has no word any more', async () => {
  const [old, next] = [await proven(ann), await proven(ann)]
  await pin(ann, old)
  await pin(ann, next)
  const change = await waiting(ann)
  assert.ok(change?.statement)
  const signature = await signed(old, change.statement)
  const { publicKey } = await revokeKey({ key: old.privateKey, format: 'object', date: today() })
  const refreshed = await addCertificate(home.context, { owner: await home.owner(ann), upload: publicKey.armor() })
  assert.equal(refreshed.outcome, 'refreshed')
  await assert.rejects(finish(ann, change.changeNo, signature), { code: 'key_revoked' })
})

it('the member and the administrators stop a change, nobody else', async () => {
  const [old, next] = [await proven(ann), await proven(ann)]
  await pin(ann, old)
  for (const who of [ann, 'lea']) {
    await pin(ann, next)
    const change = await waiting(ann)
    assert.ok(change)
    const stop = async (name: string) =>
      await stopChange(home.context, { ...(await home.people.by(name)), group: 'harbour', changeNo: change.changeNo })
    await assert.rejects(stop(bob), { status: 404 }, 'nor learns that one waits')
    await home.people.account(`zoe-${count}-${who}`)
    await assert.rejects(stop(`zoe-${count}-${who}`), { status: 404 })
    await stop(who)
    await assert.rejects(stop(who), { status: 404 })
    assert.equal(await waiting(ann), undefined)
  }
  home.clock.move(8 * DAY)
  await home.complete()
  assert.equal(await home.pinned(ann), old.fingerprint)
})

it('putting the old key away opens no way around the waiting', async () => {
  const [old, next] = [await proven(ann), await proven(ann)]
  await pin(ann, old)
  await retireCertificate(home.context, { owner: await home.owner(ann), fingerprint: old.fingerprint })
  assert.equal((await pin(ann, next)).outcome, 'waiting')
  const again = await addCertificate(home.context, {
    owner: await home.owner(ann),
    upload: old.privateKey.toPublic().armor(),
  })
  assert.equal(again.outcome, 'added')
  const row = (await home.certificates(ann)).find(({ fingerprint }) => fingerprint === old.fingerprint)
  assert.equal(row?.proven_micros, null, 'it has to be proven anew')
})

it('a change to a key that was put away or that expired meanwhile is stopped', async () => {
  const [old, short] = [await proven(ann), await proven(ann, 86_400 * 3)]
  await pin(ann, old)
  await pin(ann, short)
  home.clock.move(8 * DAY)
  await home.complete()
  assert.equal(await home.pinned(ann), old.fingerprint)
  assert.equal(
    (await home.people.audited('key_change_stopped')).filter(({ detail }) => detail['account'] === ann).length,
    1,
  )
})

it('warns 60, 30, 14, 7 and 1 days before the end, once each, the administrators from 14 on', async () => {
  const key = await proven(ann, 86_400 * 90)
  await pin(ann, key)
  const days: [number, number, number][] = []
  const counts = async () => [
    (await home.people.notices('key-expiring')).filter(({ address }) => address.startsWith(ann)).length,
    (await home.people.notices('key-health')).length,
  ]
  let told = await counts()
  let left = 90
  for (const day of [90, 61, 60, 59, 31, 30, 29, 15, 14, 13, 8, 7, 6, 2, 1, 0, -1]) {
    home.clock.move((left - day) * DAY)
    left = day
    await home.check()
    await home.check()
    const now = await counts()
    if (now[0] !== told[0]) days.push([left, now[0]! - told[0]!, now[1]! - told[1]!])
    told = now
  }
  assert.deepEqual(days, [
    [60, 1, 0],
    [30, 1, 0],
    [14, 1, 1],
    [7, 1, 1],
    [1, 1, 1],
    [0, 1, 1],
  ])
  assert.deepEqual((await home.people.notices('key-health')).at(-1), {
    address: 'lea@city.example',
    path: '/groups/harbour/keys',
  })
  const [row] = await home.certificates(ann)
  assert.ok(row && JSON.parse(row.problems).includes('key_expired'))
})

it('an address that is not verified any more makes its key a problem, and it stays usable', async () => {
  const key = await proven(ann)
  await pin(ann, key)
  await home.context.database.transaction(async (trx) => {
    await trx.deleteFrom('account_address').where('address', '=', `${ann}@city.example`).execute()
  })
  await home.check()
  const [row] = await home.certificates(ann)
  assert.deepEqual(JSON.parse(row?.problems ?? ''), ['key_no_address'])
  assert.equal(row?.addresses, `${ann}@city.example`)
})

it('a revocation stays, also where no address of the key is verified any more', async () => {
  const key = await proven(ann)
  await pin(ann, key)
  await home.verify(ann, `${ann}@new.example`)
  await home.context.database.transaction(async (trx) => {
    await trx.deleteFrom('account_address').where('address', '=', `${ann}@city.example`).execute()
  })
  const { publicKey } = await revokeKey({ key: key.privateKey, format: 'object', date: today() })
  const owner = await home.owner(ann)
  await addCertificate(home.context, { owner, upload: publicKey.armor() })
  home.clock.move(DAY)
  await home.check()
  const [row] = await home.certificates(ann)
  assert.notEqual(row?.revoked_micros, null)
  await retireCertificate(home.context, { owner, fingerprint: key.fingerprint })
  await home.verify(ann, `${ann}@city.example`)
  const old = addCertificate(home.context, { owner, upload: key.privateKey.toPublic().armor() })
  await assert.rejects(old, { code: 'key_revoked' })
})

it('a key that can only be encrypted to with a weak algorithm counts for nobody', async () => {
  const key = await proven(ann)
  await pin(ann, key)
  const canDecrypt = async () => {
    const { kysely } = home.context.database
    const { group_no } = await kysely.selectFrom('trust_group').select('group_no').executeTakeFirstOrThrow()
    return (await keyHealth(home.context.database, group_no, home.context.clock.nowMicros())).canDecrypt
  }
  const before = await canDecrypt()
  await home.context.database.transaction(async (trx) => {
    await trx
      .updateTable('certificate')
      .set({ problems: '["key_new_format","key_weak_algorithm"]' })
      .where('fingerprint', '=', key.fingerprint)
      .execute()
  })
  assert.equal(await canDecrypt(), before - 1)
  const owner = await home.owner(ann)
  const asked = await askProof(home.context, { owner, fingerprint: key.fingerprint })
  assert.equal(asked.encrypted, undefined)
})

it('a group that wants keys lets a member in with one, and notices when it is revoked', async () => {
  await home.context.database.transaction(async (trx) => {
    await trx
      .updateTable('trust_group')
      .set({ policy: JSON.stringify({ pgpRequired: true }) })
      .execute()
  })
  const stateOf = async () => {
    const { kysely } = home.context.database
    const accountNo = await home.numberOf(bob)
    const row = await kysely
      .selectFrom('membership')
      .select('state')
      .where('account_no', '=', accountNo)
      .executeTakeFirst()
    return row?.state
  }
  const key = await proven(bob)
  await pin(bob, key)
  assert.equal(await stateOf(), 'active')
  const { publicKey } = await revokeKey({ key: key.privateKey, format: 'object', date: today() })
  await addCertificate(home.context, { owner: await home.owner(bob), upload: publicKey.armor() })
  assert.notEqual(await stateOf(), 'active')
})
