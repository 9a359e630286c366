import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { config, generateKey, PacketList, readKey, revokeKey, SignaturePacket, UserIDPacket } from 'openpgp'
import { encryptChallenge } from '../../mail/openpgp/challenge.ts'
import { armoredKeyring } from '../../mail/openpgp/keyring.ts'
import { examineCertificate, readCertificate } from '../../mail/openpgp/read-certificate.ts'
import { REFUSALS } from '../../mail/openpgp/refusals.ts'
import { addressOfUserId } from '../../mail/openpgp/user-address.ts'
import { verifyDetached, verifySigned } from '../../mail/openpgp/verify-statement.ts'
import { wkdHash, wkdUrls } from '../../mail/openpgp/wkd.ts'
import { missing, Programs } from './programs.ts'

const programs = new Programs()
after(() => programs[Symbol.dispose]())
const skip = missing ? `${missing} is not installed` : false

const ADDRESSES = new Set(['ann@city.example'])
const ANN = 'Ann <Ann@City.example>'
const now = () => Date.now() * 1000

let rnpMade: string | undefined
/** One key of rnp, which finds its secret half by the address. */
const rnpKey = () => (rnpMade ??= programs.rnpKey('ann@city.example'))

async function codeOf(upload: string | Uint8Array, nowMicros = now()): Promise<string> {
  const read = await readCertificate(upload, { nowMicros, addresses: ADDRESSES })
  return read.ok ? 'taken' : read.code
}

async function taken(upload: string | Uint8Array, addresses: ReadonlySet<string> = ADDRESSES) {
  const read = await readCertificate(upload, { nowMicros: now(), addresses })
  assert.ok(read.ok, read.ok ? '' : read.code)
  return read.certificate
}

async function ownKey(options: Omit<Parameters<typeof generateKey>[0], 'userIDs' | 'format'> = {}) {
  const legacy = { type: 'ecc', curve: 'ed25519Legacy', ...options } as const
  return await generateKey({ userIDs: { name: 'Ann', email: 'ann@city.example' }, format: 'object', ...legacy })
}

it('takes keys of gpg: RSA 3072 and Curve25519, and knows when they end', { skip }, async () => {
  const rsa = await taken(
    programs.exported(
      programs.gpgKey('Ann R <ann@city.example>', { kind: 'rsa3072', encryption: 'rsa3072', expires: '1y' }),
    ),
  )
  assert.equal(rsa.algorithm, 'RSA 3072')
  assert.match(rsa.fingerprint, /^[0-9A-F]{40}$/)
  const days = ((rsa.expiresMicros ?? 0) - now()) / 86_400_000_000
  assert.ok(days > 364 && days < 367, String(days))
  const curve = await taken(programs.exported(programs.gpgKey(ANN)))
  assert.equal(curve.algorithm, 'Ed25519 + Curve25519')
  assert.deepEqual(curve.addresses, ['ann@city.example'])
  assert.equal(curve.expiresMicros, undefined)
})

it('takes keys of sq and rnp', { skip }, async () => {
  const sq = await taken(programs.sqKey(ANN).certificate)
  assert.ok((sq.expiresMicros ?? 0) > now())
  assert.deepEqual((await taken(rnpKey())).problems, [])
})

it('takes keys of openpgp.js, and says of the new format that not everybody reads it', async () => {
  const legacy = await ownKey()
  assert.deepEqual((await taken(legacy.publicKey.armor())).problems, [])
  for (const options of [{ type: 'curve25519' }, { type: 'curve25519', config: { v6Keys: true } }] as const) {
    const { publicKey } = await generateKey({
      userIDs: { email: 'ann@city.example' },
      format: 'object',
      ...options,
    })
    const certificate = await taken(publicKey.armor())
    assert.deepEqual(certificate.problems, ['key_new_format'])
    const message = await encryptChallenge(certificate.body, 'hello', now())
    assert.match(message, /BEGIN PGP MESSAGE/)
  }
})

it('refuses what is no key, or more than one', { skip }, async () => {
  const one = programs.gpgKey('One <ann@city.example>')
  const other = programs.gpgKey('Other <ann@city.example>')
  assert.equal(await codeOf(''), 'key_empty')
  assert.equal(await codeOf(' \n '), 'key_empty')
  assert.equal(await codeOf('hello'), 'key_not_a_key')
  assert.equal(await codeOf(programs.gpg(['--armor', '-u', one, '--detach-sign'], 'x')), 'key_not_a_key')
  assert.equal(await codeOf(new Uint8Array(1000).fill(0xff)), 'key_not_a_key')
  assert.equal(await codeOf(programs.gpg(['--armor', '--export', one, other])), 'key_several')
  assert.equal(await codeOf(programs.exported(one) + programs.exported(other)), 'key_several')
  const broken = programs.exported(one).replace(/^[\w+/]{64}$/m, (line) => line.toLowerCase())
  assert.notEqual(await codeOf(broken), 'taken')
})

it('refuses a secret key in every form, and says that it must be revoked', { skip }, async () => {
  const fingerprint = programs.gpgKey('Secret <ann@city.example>')
  const armored = programs.gpg(['--armor', '--export-secret-keys', fingerprint])
  const binary = Buffer.from(programs.gpg(['--export-secret-keys', fingerprint]), 'latin1')
  for (const upload of [
    armored,
    binary,
    armored.replaceAll('PRIVATE', 'PUBLIC'),
    programs.gpg(['--armor', '--export-secret-subkeys', fingerprint]),
  ]) {
    const read = await readCertificate(upload, { nowMicros: now(), addresses: ADDRESSES })
    assert.ok(!read.ok && read.code === 'key_secret' && read.sentence.includes('Revoke it'))
  }
})

it('refuses weak keys', { skip }, async () => {
  const dsa = programs.gpgKey('D <ann@city.example>', { kind: 'dsa1024', encryption: 'elg1024' })
  assert.equal(await codeOf(programs.exported(dsa)), 'key_weak_algorithm')
  const rsa = programs.gpgKey('R <ann@city.example>', { kind: 'rsa1024', encryption: 'rsa1024' })
  assert.equal(await codeOf(programs.exported(rsa)), 'key_weak_algorithm')
  const elgamal = programs.gpgKey('E <ann@city.example>', { kind: 'rsa3072', encryption: 'elg2048' })
  assert.equal(await codeOf(programs.exported(elgamal)), 'key_weak_algorithm')
  programs.gpg([
    '--cert-digest-algo',
    'SHA1',
    '--quick-generate-key',
    'S <ann@city.example>',
    'rsa2048',
    'default',
    'never',
  ])
  assert.equal(await codeOf(programs.gpg(['--armor', '--export', '=S <ann@city.example>'])), 'key_weak_signature')
})

it('says commands that mend a key, and they do', { skip }, async () => {
  const expired = programs.gpgKey('Old mended <ann@city.example>', { expires: '1m', at: '20240101T000000' })
  const signOnly = programs.gpgKey('Sign mended <ann@city.example>', { encryption: '' })
  const old = programs.gpgKey('Form mended <ann@city.example>')
  const sha1 = ['--cert-digest-algo', 'SHA1']
  programs.gpg([...sha1, '--quick-generate-key', 'Weak mended <ann@city.example>', 'rsa2048', 'default', 'never'])
  const [weak = ''] =
    programs
      .gpg(['--list-keys', '--with-colons', '--', '=Weak mended <ann@city.example>'])
      .match(/(?<=^fpr:+)[0-9A-F]{40}/m) ?? []
  programs.gpg([...sha1, '--quick-add-key', weak, 'rsa2048', 'encr', 'never'])
  for (const [fingerprint, code] of [
    [expired, 'key_expired'],
    [signOnly, 'key_no_encryption'],
    [weak, 'key_weak_signature'],
  ] as const) {
    assert.equal(await codeOf(programs.exported(fingerprint)), code)
    // a command of a sentence ends where its next half begins
    for (const [, command = ''] of REFUSALS[code].matchAll(/gpg (--.*?)(?=,| and upload)/g)) {
      programs.gpg(command.replaceAll('"', '').replace('FINGERPRINT', fingerprint).split(' '))
    }
    assert.equal(await codeOf(programs.exported(fingerprint)), 'taken', code)
  }
  const [, preferences = ''] = /enter (setpref .*?),/.exec(REFUSALS.key_ocb_only) ?? []
  const set = programs.tryGpg(['--command-fd', '0', '--edit-key', old], `${preferences}\ny\nsave\n`)
  assert.deepEqual([set.status, /invalid/.test(set.complaint), /Features:.*MDC/.test(set.complaint)], [0, false, true])
})

it('refuses keys that nothing can be encrypted to, each with its reason', { skip }, async () => {
  const signOnly = programs.gpgKey('Sign <ann@city.example>', { encryption: '' })
  assert.equal(await codeOf(programs.exported(signOnly)), 'key_no_encryption')
  const expired = programs.gpgKey('Old <ann@city.example>', { expires: '1m', at: '20240101T000000' })
  assert.equal(await codeOf(programs.exported(expired)), 'key_expired')
  const half = programs.gpgKey('Half <ann@city.example>', { encryption: '' })
  programs.gpg([
    '--faked-system-time',
    '20240101T000000!',
    '--ignore-time-conflict',
    '--quick-add-key',
    half,
    'cv25519',
    'encr',
    '1m',
  ])
  assert.equal(await codeOf(programs.exported(half)), 'key_encryption_expired')
  const { privateKey } = await ownKey()
  const { publicKey } = await revokeKey({ key: privateKey, format: 'object' })
  assert.equal(await codeOf(publicKey.armor()), 'key_revoked')
  const { publicKey: tomorrow } = await ownKey({ date: new Date(Date.now() + 86_400_000) })
  assert.equal(await codeOf(tomorrow.armor()), 'key_not_yet_valid')
  const { publicKey: soon } = await ownKey({ date: new Date(Date.now() + 300_000) })
  assert.equal(await codeOf(soon.armor()), 'taken', 'ten minutes are tolerated')
})

it('refuses a key that takes only the OCB packets of GnuPG', async () => {
  const { publicKey, privateKey } = await ownKey()
  const [user] = publicKey.users
  assert.ok(user?.userID)
  const signature = new SignaturePacket()
  const [old] = user.selfCertifications
  assert.ok(old)
  Object.assign(signature, { signatureType: 0x13, publicKeyAlgorithm: old.publicKeyAlgorithm, hashAlgorithm: 10 })
  signature.keyFlags = new Uint8Array([3])
  signature.features = new Uint8Array([0x02])
  await signed(signature, privateKey, { userID: user.userID, key: publicKey.keyPacket })
  user.selfCertifications.splice(0, 1, signature)
  assert.equal(await codeOf(publicKey.write()), 'key_ocb_only')
})

it('keeps only what a group needs of a key', { skip }, async () => {
  const fingerprint = programs.gpgKey('Ann <ann@city.example>')
  const friend = programs.gpgKey('Friend <friend@other.example>')
  programs.gpg(['--quick-add-uid', fingerprint, 'Ann at home <ann@home.example>'])
  programs.gpg(['--quick-add-uid', fingerprint, 'Ann before <ann.before@city.example>'])
  programs.gpg(['--quick-revoke-uid', fingerprint, 'Ann before <ann.before@city.example>'])
  programs.gpg(['--local-user', friend, '--quick-sign-key', fingerprint])
  const photo = programs.file(Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex'))
  programs.gpg(['--command-fd', '0', '--no-tty', '--edit-key', fingerprint, 'addphoto', 'save'], `${photo}\ny\n`)
  const whole = programs.exported(fingerprint)
  const wholeKey = await readKey({ armoredKey: whole })
  assert.ok(
    wholeKey.users.some(({ userAttribute }) => userAttribute),
    'gpg put a picture in',
  )
  const certificate = await taken(whole, new Set(['ann@city.example', 'ann.before@city.example']))
  assert.deepEqual(certificate.addresses, ['ann@city.example'])
  const kept = await readKey({ binaryKey: certificate.body })
  assert.deepEqual(kept.getUserIDs(), ['Ann <ann@city.example>'])
  assert.ok(
    kept.users.every(({ userAttribute, otherCertifications }) => !userAttribute && otherCertifications.length === 0),
  )
  const text = Buffer.from(certificate.body).toString('latin1')
  assert.ok(!text.includes('home.example') && !text.includes('before'))
})

it('matches addresses by case and in their ASCII form, and nothing else', { skip }, async () => {
  assert.equal(addressOfUserId('Jörg <JOERG@Bücher.example>'), 'joerg@xn--bcher-kva.example')
  assert.equal(addressOfUserId('ann@city.example'), 'ann@city.example')
  for (const odd of [
    'Ann',
    'ann@city.example <other>',
    'Ann <ann@[127.0.0.1]>',
    'a <b@c.example> d',
    '"a b"@c.example',
  ]) {
    assert.equal(addressOfUserId(odd), undefined, odd)
  }
  assert.equal(await codeOf(programs.exported(programs.gpgKey('Bob <bob@city.example>'))), 'key_no_address')
})

it('what a key said before stays said: an old copy takes no revocation and no longer life back', async () => {
  const { privateKey, publicKey } = await ownKey()
  const old = publicKey.write()
  const { publicKey: revoked } = await revokeKey({ key: privateKey, format: 'object' })
  const first = await examineCertificate(revoked.write(), { nowMicros: now(), addresses: ADDRESSES })
  assert.ok(first.ok && first.certificate.problems.includes('key_revoked'))
  const again = await examineCertificate(old, { nowMicros: now(), addresses: ADDRESSES, known: first.certificate.body })
  assert.ok(again.ok && again.certificate.problems.includes('key_revoked'))
})

it('a poisoned key is refused, or read without what is poisonous, in a short time', async () => {
  const { publicKey, privateKey } = await ownKey()
  const started = performance.now()
  assert.equal(await codeOf(new Uint8Array(5_000_000).fill(0xc6)), 'key_too_large')
  assert.equal(await codeOf('A'.repeat(5_000_000)), 'key_too_large')
  for (const tiny of ['ca00', 'c600', 'c200', 'fd00', '9800']) {
    assert.equal(await codeOf(Buffer.from(tiny.repeat(131_000), 'hex')), 'key_flooded')
  }
  for (const cut of ['c6', 'c6ff', '99ff', 'c6ffffffffff', '9b', 'c6e000', '00']) {
    assert.equal(await codeOf(Buffer.concat([publicKey.write(), Buffer.from(cut, 'hex')])), 'key_not_a_key', cut)
  }
  const packets = publicKey.toPacketList()
  const [own] = publicKey.users[0]?.selfCertifications ?? []
  assert.ok(own)
  const flooded = new PacketList<ReturnType<typeof publicKey.toPacketList>[number]>()
  flooded.push(...packets.slice(0, 2))
  for (let i = 0; i < 10_000; i++) flooded.push(own)
  assert.equal(await codeOf(flooded.write()), 'key_too_large')
  assert.equal(
    await codeOf(Buffer.concat([packets.write(), ...Array.from({ length: 300 }, () => writeOne(own))])),
    'key_flooded',
  )
  const certificate = await taken(
    await withUserIds(publicKey.write(), privateKey, [
      'x'.repeat(10_000),
      '\u202egnp.exe <ann@city.example>',
      'a\u001b[31m\r\nb <ann@city.example>',
    ]),
  )
  assert.ok(certificate.body.length < 3000, String(certificate.body.length))
  assert.ok(performance.now() - started < 2000, `${performance.now() - started} ms`)
})

it('a subkey that another key stole is not taken for its own', { skip }, async () => {
  const thief = await ownKey()
  const victim = await ownKey({ subkeys: [{ sign: true }, {}] })
  const stolen = victim.publicKey.subkeys[0]
  assert.ok(stolen)
  const binding = new SignaturePacket()
  Object.assign(binding, {
    signatureType: 0x18,
    publicKeyAlgorithm: thief.publicKey.keyPacket.algorithm,
    hashAlgorithm: 10,
  })
  binding.keyFlags = new Uint8Array([2])
  await signed(binding, thief.privateKey, { key: thief.publicKey.keyPacket, bind: stolen.keyPacket })
  stolen.bindingSignatures = [binding]
  thief.publicKey.subkeys.push(stolen)
  const { body } = await taken(thief.publicKey.write())
  assert.equal((await readKey({ binaryKey: body })).subkeys.length, 1)
})

it('each program decrypts a challenge whatever its length, with exit status 0', { skip }, async () => {
  const gpg = await taken(programs.exported(programs.gpgKey('Dec <ann@city.example>')))
  const key = programs.sqKey(ANN)
  const sq = await taken(key.certificate)
  const rnp = await taken(rnpKey())
  for (const text of ['abc', 'abcd', 'abcde']) {
    const byGpg = programs.tryGpg(['--decrypt'], await encryptChallenge(gpg.body, text, now()))
    assert.deepEqual([byGpg.status, byGpg.text], [0, text], byGpg.complaint)
    const bySq = programs.sq([
      'decrypt',
      '--recipient-key',
      key.secret,
      programs.file(await encryptChallenge(sq.body, text, now())),
    ])
    assert.equal(bySq, text)
    assert.equal(
      programs.rnp(['--decrypt', programs.file(await encryptChallenge(rnp.body, text, now())), '--output', '-']),
      text,
    )
  }
})

it('signatures of gpg, sq and rnp over a statement are good in every form, and only over it', { skip }, async () => {
  const fingerprint = programs.gpgKey('Signer <ann@city.example>')
  const { body } = await taken(programs.exported(fingerprint))
  const statement = 'I am Ann.\n\nSite: here \nOnce: ABCD\n'
  const sign =
    (...options: readonly string[]) =>
    (text: string) =>
      programs.gpg(['-u', fingerprint, '--armor', ...options], text)
  const forms = [sign('--clearsign'), sign('--detach-sign'), sign('--textmode', '--detach-sign'), sign('--sign')]
  for (const each of forms) {
    const good = await verifySigned(body, statement, each(statement), { nowMicros: now() })
    assert.ok(good.ok && good.fingerprint === fingerprint)
    const other = await verifySigned(body, statement, each(statement.replace('ABCD', 'ABCE')), { nowMicros: now() })
    assert.ok(!other.ok && other.code === 'signature_wrong')
    const old = await verifySigned(body, statement, each(statement), {
      nowMicros: now() + 3.6e9,
      notBeforeMicros: now() + 3.6e9,
    })
    assert.ok(!old.ok && old.code === 'signature_too_old')
    const ahead = await verifySigned(body, statement, each(statement), { nowMicros: now() - 3.6e9 })
    assert.ok(!ahead.ok)
  }
  assert.ok(
    (
      await verifyDetached(body, statement, sign('--detach-sign')(statement.replaceAll('\n', '\r\n')), {
        nowMicros: now(),
      })
    ).ok,
  )
  const stranger = programs.gpgKey('Stranger <stranger@city.example>')
  const foreign = await verifySigned(body, statement, programs.gpg(['-u', stranger, '--clearsign'], statement), {
    nowMicros: now(),
  })
  assert.ok(!foreign.ok && foreign.code === 'signature_other_key')
  for (const junk of [
    '',
    'x',
    programs.exported(fingerprint),
    '-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----',
    'x'.repeat(100_000),
  ]) {
    const none = await verifySigned(body, statement, junk, { nowMicros: now() })
    assert.ok(!none.ok && none.code === 'signature_unreadable', junk.slice(0, 40))
  }
  const key = programs.sqKey(ANN)
  const sq = await taken(key.certificate)
  for (const option of ['--detached', '--cleartext-signature']) {
    const signed = programs.sq(['sign', option, '--signer-key', key.secret, programs.file(statement)])
    assert.ok((await verifySigned(sq.body, statement, signed, { nowMicros: now() })).ok, option)
  }
  const rnp = await taken(rnpKey())
  for (const options of [['--sign', '--detach', '--armor'], ['--clearsign']]) {
    const signed = programs.rnp([...options, '-u', 'ann@city.example', programs.file(statement), '--output', '-'])
    assert.ok((await verifySigned(rnp.body, statement, signed, { nowMicros: now() })).ok, options[0])
  }
})

it('the keyring imports in gpg and sq, and the same keys give the same bytes', { skip }, async () => {
  const certificates = [
    await taken(programs.exported(programs.gpgKey('Ring <ann@city.example>'))),
    await taken(programs.sqKey(ANN).certificate),
    await taken((await ownKey()).publicKey.armor()),
  ]
  const ring = armoredKeyring(certificates)
  assert.equal(ring, armoredKeyring(certificates.toReversed()))
  using other = new Programs()
  assert.match(other.tryGpg(['--import'], ring).complaint, /imported: 3/)
  assert.equal(other.sq(['inspect', other.file(ring)]).match(/Fingerprint: /g)?.length, 3)
})

it('names keys in a Web Key Directory as the draft does', () => {
  assert.equal(wkdUrls('a@b.0x7f'), undefined, 'such a name is an IPv4 address to a URL')
  assert.equal(wkdHash('Joe.Doe'), 'iy9q119eutrkn8s1mk4r39qejnbu3n5q')
  const urls = wkdUrls('Joe.Doe@Example.ORG')
  const name = 'hu/iy9q119eutrkn8s1mk4r39qejnbu3n5q?l=Joe.Doe'
  assert.equal(urls?.advanced.href, `https://openpgpkey.example.org/.well-known/openpgpkey/example.org/${name}`)
  assert.equal(urls?.direct.href, `https://example.org/.well-known/openpgpkey/${name}`)
  assert.equal(wkdUrls('no address'), undefined)
})

/** Signs a packet by hand: openpgp.js wants its configuration there, which its type does not know. */
async function signed(
  signature: SignaturePacket,
  { keyPacket }: Awaited<ReturnType<typeof ownKey>>['privateKey'],
  over: object,
): Promise<void> {
  const sign = signature.sign.bind(signature) as (...all: readonly unknown[]) => Promise<void>
  await sign(keyPacket, over, new Date(Date.now() - 1000), false, config)
}

function writeOne(signature: SignaturePacket): Uint8Array {
  const list = new PacketList<SignaturePacket>()
  list.push(signature)
  return list.write()
}

/** The same key with more User IDs, which it signed itself. */
async function withUserIds(
  key: Uint8Array,
  privateKey: Awaited<ReturnType<typeof ownKey>>['privateKey'],
  userIds: readonly string[],
): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  const original = await readKey({ binaryKey: key })
  const all = original.toPacketList()
  parts.push(slice(all.slice(0, 3)))
  for (const userID of userIds) {
    const packet = new UserIDPacket()
    Object.assign(packet, { userID })
    const signature = new SignaturePacket()
    Object.assign(signature, {
      signatureType: 0x13,
      publicKeyAlgorithm: original.keyPacket.algorithm,
      hashAlgorithm: 10,
    })
    signature.keyFlags = new Uint8Array([3])
    await signed(signature, privateKey, { userID: packet, key: original.keyPacket })
    parts.push(slice([packet, signature]))
  }
  parts.push(slice(all.slice(3)))
  return Buffer.concat(parts)

  function slice(packets: readonly (typeof all)[number][]): Uint8Array {
    const list = new PacketList<(typeof all)[number]>()
    list.push(...packets)
    return list.write()
  }
}
