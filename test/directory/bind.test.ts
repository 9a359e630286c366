import assert from 'node:assert/strict'
import { connect as connectTls } from 'node:tls'
import { after, before, describe, it } from 'node:test'
import { Client, InsufficientAccessError, UnavailableError } from 'ldapts'
import { blockMember } from '../../server/members/departures.ts'
import { makeServiceAccount } from '../../server/members/service-accounts.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { setPassword } from '../../server/site/accounts.ts'
import { restoreAccount, suspendAccount } from '../../server/site/suspension.ts'
import { addToken, revokeToken } from '../../server/site/tokens.ts'
import { peopleOf } from '../members/people.ts'
import { withGenerator } from '../sign-in/person.ts'
import { PASSWORD } from '../support/site.ts'
import {
  type AskingSlapd,
  askingSlapd,
  directorySite,
  dnsIn,
  groupDn,
  noAskingSlapd,
  personDn,
  SUFFIX,
} from './asked-slapd.ts'

const at = await directorySite()
const { context } = at.site
const people = peopleOf(at.site)
const actor = 'test'

describe('binding to the directory', { skip: noAskingSlapd }, () => {
  let slapd: AskingSlapd
  before(async () => {
    slapd = await askingSlapd(at.socket)
    for (const name of ['ada', 'bob', 'careful', 'outsider', 'keeper']) await people.account(name)
    await people.group('water', 'keeper')
    await people.group('vault', 'keeper', true)
    for (const name of ['ada', 'bob', 'careful']) await people.member('water', name)
    await people.member('vault', 'ada')
    await people.member('vault', 'careful')
    await withGenerator(at.site, 'careful')
  })
  after(async () => {
    await slapd?.[Symbol.asyncDispose]()
    await at[Symbol.asyncDispose]()
  })

  const bindsAs = async (name: string, password: string) => (await slapd.as(name, password).whoami()).code
  const tokenOf = async (account: string, { scopes = ['directory'], strong = false } = {}) =>
    await addToken(context, { actor, account, scopes, strong })
  const client = () =>
    new Client({ url: slapd.ldaps, tlsOptions: { ca: slapd.authority.certificate }, timeout: 10_000 })

  it('takes the right password and no other, and no name that nobody has', async () => {
    const { code, out } = await slapd.as('ada', PASSWORD).whoami()
    assert.deepEqual([code, out], [0, `dn:${personDn('ada')}\n`])
    assert.equal(await bindsAs('ada', 'a wrong password indeed'), 49)
    assert.equal(await bindsAs('nobody', PASSWORD), 49)
    assert.notEqual(await bindsAs('*', PASSWORD), 0)
    const [wrong, unknown] = await Promise.all(
      ['ada', 'nobody'].map((name) => slapd.as(name, 'a wrong password indeed').whoami()),
    )
    assert.deepEqual(wrong, unknown, 'the answers differ')
  })

  it('takes the name of the tree in any capitals, by LDAPS, StartTLS and on the machine', async () => {
    const dn = `UID=ada, OU=People, DC=Region, DC=Example`
    const args = ['-D', dn, '-w', PASSWORD]
    for (const more of [{ url: slapd.ldaps }, { url: slapd.ldapi }]) {
      assert.equal((await slapd.run('ldapwhoami', args, more)).code, 0)
    }
    assert.equal((await slapd.run('ldapwhoami', [...args, '-ZZ'], { url: slapd.ldap })).code, 0)
    assert.equal((await slapd.run('ldapwhoami', args, { url: slapd.ldap })).code, 13, 'a password in the clear')
  })

  it('refuses an empty password', async () => {
    const { code } = await slapd.as('ada', '').whoami()
    assert.equal(code, 53) // slapd answers by itself; the socket test shows that we would not let it in either
  })

  it('takes the whole password: colons, lines and letters of every kind', async () => {
    for (const password of [
      'a: b\ncred: c\n\nRESULT\ncode: 0\n',
      'пароль — 長い秘密の言葉 🔑🔑',
      '  spaces at the ends  ',
    ]) {
      await setPassword(context, { actor, name: 'bob', password })
      assert.equal(await bindsAs('bob', password), 0, password)
      assert.equal(await bindsAs('bob', password.slice(0, -1)), 49, 'without its last character')
    }
    await setPassword(context, { actor, name: 'bob', password: PASSWORD })
  })

  it('reads no further than a zero byte and lets nobody in with it', async () => {
    assert.equal(await rawBind(slapd, personDn('ada'), Buffer.from(PASSWORD)), 0)
    const withZero = ['', 'more'].map((more) => Buffer.from(`${PASSWORD}\0${more}`))
    assert.deepEqual(await Promise.all(withZero.map((password) => rawBind(slapd, personDn('ada'), password))), [49, 49])
  })

  it('lets nobody choose the lines that we read', async () => {
    const smuggled = [
      `uid=ada,ou=people,${SUFFIX}\nmethod: 128\ncredlen: ${PASSWORD.length}\ncred: ${PASSWORD}\n\n`,
      `uid=ada,ou=people,${SUFFIX}\n`,
      `uid=ada\n`,
    ]
    for (const text of smuggled) {
      const escaped = text.replaceAll('\n', '\\0A')
      assert.notEqual(await rawBind(slapd, `${escaped},${SUFFIX}`, Buffer.from(PASSWORD)), 0)
      assert.notEqual(await rawBind(slapd, `${escaped},ou=people,${SUFFIX}`, Buffer.from(PASSWORD)), 0)
    }
  })

  it('demands a token of whoever has a second factor', async () => {
    assert.equal(await bindsAs('careful', PASSWORD), 49)
    const { token } = await tokenOf('careful')
    assert.equal(await bindsAs('careful', token), 0)
    assert.equal(await bindsAs('ada', token), 49, 'the token of somebody else')
    const other = await tokenOf('careful', { scopes: ['taxii', 'api:read'] })
    assert.equal(await bindsAs('careful', other.token), 49, 'a token for something else')
  })

  it('shows a group that demands a second factor to strong tokens only', async () => {
    const groups = async (name: string, password: string) =>
      dnsIn(await slapd.as(name, password).search('(objectClass=groupOfNames)'))
    assert.deepEqual(await groups('ada', PASSWORD), [groupDn('water')])
    assert.deepEqual(await groups('careful', (await tokenOf('careful')).token), [groupDn('water')])
    const strong = await tokenOf('careful', { strong: true })
    assert.deepEqual(await groups('careful', strong.token), [groupDn('vault'), groupDn('water')])
  })

  it('lets nobody in who sees no group', async () => {
    assert.equal(await bindsAs('outsider', PASSWORD), 49)
    await people.account('blocked')
    await people.member('water', 'blocked')
    assert.equal(await bindsAs('blocked', PASSWORD), 0)
    await blockMember(context, { ...BY_OPERATOR, group: 'water', account: 'blocked', reason: 'a test' })
    assert.equal(await bindsAs('blocked', PASSWORD), 49)
  })

  it('ends a bind with the suspension: the next bind, and what is asked on an open connection', async () => {
    const open = client()
    try {
      await open.bind(personDn('bob'), PASSWORD)
      const ask = () => open.search(SUFFIX, { scope: 'sub', filter: '(uid=bob)' })
      assert.equal((await ask()).searchEntries.length, 1)
      await suspendAccount(context, { ...BY_OPERATOR, name: 'bob' })
      await assert.rejects(ask(), InsufficientAccessError)
      await assert.rejects(open.compare(personDn('bob'), 'uid', 'bob'), InsufficientAccessError)
      assert.equal(await bindsAs('bob', PASSWORD), 49)
      await restoreAccount(context, { ...BY_OPERATOR, name: 'bob' })
      // what was bound before counts no more: the suspension was for a reason
      await assert.rejects(ask(), InsufficientAccessError)
      assert.equal(await bindsAs('bob', PASSWORD), 0)
    } finally {
      await open.unbind()
    }
  })

  it('ends a bind with its token, or with a new password', async () => {
    const open = client()
    const ask = () => open.search(SUFFIX, { scope: 'sub', filter: '(uid=ada)' })
    try {
      const { token, token_no } = await tokenOf('ada')
      await open.bind(personDn('ada'), token)
      await ask()
      await revokeToken(context, { actor, tokenNo: token_no })
      await assert.rejects(ask(), InsufficientAccessError)
      await open.bind(personDn('ada'), PASSWORD)
      await ask()
      await setPassword(context, { actor, name: 'ada', password: 'quite another long password' })
      await assert.rejects(ask(), InsufficientAccessError)
      await setPassword(context, { actor, name: 'ada', password: PASSWORD })
    } finally {
      await open.unbind()
    }
  })

  it('gives a connection up when a later bind on it fails', async () => {
    const open = client()
    try {
      await open.bind(personDn('ada'), PASSWORD)
      await assert.rejects(open.bind(personDn('ada'), 'a wrong password indeed'))
      await assert.rejects(open.search(SUFFIX, { scope: 'sub' }), InsufficientAccessError)
    } finally {
      await open.unbind()
    }
  })

  it('asks for a new bind after a restart of the server', async () => {
    const { startDirectory } = await import('../../server/directory/listener.ts')
    const socket = `${at.folder}/again.sock`
    const again = { ...context, config: { ...context.config, directory: { socket, suffix: SUFFIX } } }
    const first = await startDirectory(again)
    await using second = await askingSlapd(socket)
    const open = new Client({ url: second.ldaps, tlsOptions: { ca: second.authority.certificate }, timeout: 10_000 })
    try {
      await open.bind(personDn('ada'), PASSWORD)
      await first?.close()
      const next = await startDirectory(again)
      await assert.rejects(open.search(SUFFIX, { scope: 'sub' }), UnavailableError)
      await open.bind(personDn('ada'), PASSWORD)
      assert.ok((await open.search(SUFFIX, { scope: 'sub' })).searchEntries.length > 0)
      await next?.close()
      await assert.rejects(open.search(SUFFIX, { scope: 'sub' }), 'with no server behind it')
    } finally {
      await open.unbind()
    }
  })

  it('lets a program see the one group that it is for, as long as its owner does', async () => {
    await people.group('power', 'ada')
    const service = await makeServiceAccount(context, {
      ...(await people.by('ada')),
      owner: 'ada',
      name: 'wiki',
      group: 'water',
      canWrite: false,
    })
    const { token } = await tokenOf(service.account)
    const groups = async () => await slapd.as(service.account, token).search('(objectClass=groupOfNames)')
    assert.deepEqual(dnsIn(await groups()), [groupDn('water')])
    assert.equal((await slapd.as(service.account, token).search(`(uid=${service.account})`)).out, '')
    await suspendAccount(context, { ...BY_OPERATOR, name: 'ada' })
    assert.equal((await groups()).code, 49)
    await restoreAccount(context, { ...BY_OPERATOR, name: 'ada' })
    assert.deepEqual(dnsIn(await groups()), [groupDn('water')])
    await blockMember(context, { ...BY_OPERATOR, group: 'water', account: 'ada', reason: 'a test' })
    assert.equal((await groups()).code, 49)
  })

  it('counts wrong passwords, and keeps each on the record without what was typed', async () => {
    await people.account('victim')
    await people.member('water', 'victim')
    const codes: number[] = []
    for (let attempt = 0; attempt < 12; attempt += 1) codes.push(await bindsAs('victim', `wrong password ${attempt}`))
    assert.deepEqual(new Set(codes.slice(0, 8)), new Set([49]))
    assert.equal(codes.at(-1), 51)
    const refused = (await people.audited('directory_bind_refused')).map(({ detail }) => detail)
    assert.ok(refused.some(({ account, network }) => account === 'victim' && network === '127.0.0.1'))
    assert.ok(refused.every(({ account }) => account !== 'nobody'))
    assert.doesNotMatch(JSON.stringify(refused), /wrong password/)
  })
})

/** A bind whose password may have any bytes, written as RFC 4511 §4.2 says. Answers with the result code. */
async function rawBind(slapd: AskingSlapd, dn: string, password: Buffer): Promise<number> {
  const body = Buffer.concat([tlv(0x02, Buffer.from([3])), tlv(0x04, Buffer.from(dn)), tlv(0x80, password)])
  const message = tlv(0x30, Buffer.concat([tlv(0x02, Buffer.from([1])), tlv(0x60, body)]))
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const socket = connectTls({ port: slapd.tlsPort, host: '127.0.0.1', ca: slapd.authority.certificate })
  socket.on('secureConnect', () => socket.write(message)).on('error', reject)
  // BindResponse: 30 len 02 01 01 61 len 0a 01 code
  socket.on('data', (answer: Buffer) => resolve(answer[answer.indexOf(Buffer.from([0x0a, 0x01])) + 2] ?? -1))
  try {
    return await promise
  } finally {
    socket.destroy()
  }
}

function tlv(tag: number, value: Buffer): Buffer {
  const long = [0x82, value.length >> 8, value.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...(value.length < 128 ? [value.length] : long)]), value])
}
