import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { proveLdap } from '../../server/auth/ldap/prove.ts'
import type { LdapSettings } from '../../server/auth/ldap/settings.ts'
import { cityProvider } from '../support/city-directory.ts'
import { addNestedGroups, city, CITY_PASSWORD, GROUPS, MANY, PEOPLE } from '../support/people-of-the-city.ts'
import { noSlapd, type Slapd, startSlapd } from '../support/slapd.ts'

const DIRECT = { way: 'direct', directTemplate: `uid={name},${PEOPLE}` } as const
const WRONG = { ok: false, why: 'wrong' }

describe('proving somebody at a directory', { skip: noSlapd }, () => {
  let slapd: Slapd
  before(async () => {
    slapd = await startSlapd(city())
    await addNestedGroups(slapd)
  })
  after(() => slapd?.[Symbol.asyncDispose]())

  const prove = (name: string, password: string, more: Partial<LdapSettings> = {}) =>
    proveLdap(cityProvider(slapd, more), name, password)
  const person = async (name: string, more: Partial<LdapSettings> = {}) => {
    const answer = await prove(name, CITY_PASSWORD, more)
    assert.ok(answer.ok, JSON.stringify(answer))
    return answer.person
  }
  const groups = (more: Partial<LdapSettings['groups']>) => ({
    groups: { ...cityProvider(slapd).settings.groups, ...more },
  })

  it('takes the right password, and what the entry says of the person', async () => {
    assert.deepEqual(await person('ada'), {
      issuer: 'ldap:city',
      subject: 'a0a0a0a0-0000-4000-8000-00000000000a',
      name: 'ada',
      displayName: 'Ada Lovelace',
      email: 'ada@city.test',
      timeZone: undefined,
      groups: ['everyone', 'security', 'soc'].map((name) => `cn=${name},${GROUPS}`),
    })
    assert.equal((await person('zoë')).displayName, 'Zoë Ångström 東京')
    assert.equal((await person('ada@city.test', { userAttributes: ['uid', 'mail'] })).name, 'ada')
  })

  it('refuses a wrong password, an empty one and a name that nobody has alike', async () => {
    for (const [name, password] of [
      ['ada', 'wrong'],
      ['ada', ''],
      ['', CITY_PASSWORD],
      ['nobody', CITY_PASSWORD],
      ['ada\0', CITY_PASSWORD],
      ['ada', 'x'.repeat(2000)],
      ['ada', '\ud800'],
    ] as const) {
      assert.deepEqual(await prove(name, password), WRONG)
      assert.deepEqual(await prove(name, password, DIRECT), WRONG)
    }
  })

  it('refuses a name that two entries have', async () => {
    assert.deepEqual(await prove('twin', CITY_PASSWORD), WRONG)
  })

  it('refuses a spelling that only the directory takes for the name', async () => {
    assert.deepEqual(await prove('a\u00adda', CITY_PASSWORD), WRONG)
    assert.deepEqual(await prove(' ada', CITY_PASSWORD), WRONG)
    assert.equal((await person('ADA')).name, 'ada')
  })

  it('finds nobody by the syntax of filters and distinguished names', async () => {
    const hostile = [
      '*',
      'ad*',
      '(uid=*)',
      'ada)(uid=*',
      '*)(|(uid=*',
      '\\2a',
      'ada,ou=people',
      'ada+cn=Ada',
      'ada\\',
      '#04',
      '" ada',
      'ada;',
      `ada,${PEOPLE}`,
    ]
    for (const name of hostile) {
      assert.deepEqual(await prove(name, CITY_PASSWORD), WRONG, name)
      assert.deepEqual(await prove(name, CITY_PASSWORD, DIRECT), WRONG, name)
    }
    assert.equal((await person('a*b')).name, 'a*b')
    assert.equal((await person('a*b', DIRECT)).name, 'a*b')
  })

  it('finds by any text at most the entry whose name it is', async () => {
    const piece = fc.oneof(
      fc.constantFrom(...Array.from('*()\\,=+#;"<>&|! \u0000'), 'ada', 'uid', PEOPLE),
      fc.string({ unit: 'grapheme' }),
    )
    const name = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
    await fc.assert(
      fc.asyncProperty(name, fc.boolean(), async (text, direct) => {
        const answer = await prove(text, CITY_PASSWORD, direct ? DIRECT : {})
        if (answer.ok) assert.equal(answer.person.name, text.normalize('NFC').toLowerCase())
        else assert.deepEqual(answer, WRONG)
      }),
      { numRuns: 150 },
    )
  })

  it('says what the directory says of an expired, a locked and a reset password', async () => {
    assert.deepEqual(await prove('expired', CITY_PASSWORD), { ok: false, why: 'expired' })
    assert.deepEqual(await prove('expired', 'wrong'), WRONG)
    assert.deepEqual(await prove('locked', CITY_PASSWORD), { ok: false, why: 'locked' })
    assert.deepEqual(await prove('reset', CITY_PASSWORD), { ok: false, why: 'must-change' })
    assert.deepEqual(await prove('reset', 'wrong'), WRONG)
  })

  it('binds as the person where nobody searches', async () => {
    const found = await person('zoë', { ...DIRECT, bindDn: '', ...groups({ baseDn: '' }) })
    assert.equal(found.displayName, 'Zoë Ångström 東京')
    assert.equal(found.groups, undefined)
  })

  it('lets in a person whose groups cannot be read, and says so to those who look after it', async () => {
    const answer = await prove('ada', CITY_PASSWORD, { ...DIRECT, bindDn: '' })
    assert.ok(answer.ok)
    assert.equal(answer.person.groups, undefined)
    assert.equal(answer.trouble, 'groups-unread')
  })

  it('keeps the identity when the name changes', async () => {
    const bob = await person('bob')
    await slapd.change((client) => client.modifyDN(`uid=bob,${PEOPLE}`, 'uid=robert'))
    assert.deepEqual(await prove('bob', CITY_PASSWORD), WRONG)
    const robert = await person('robert')
    assert.equal(robert.subject, bob.subject)
    assert.equal(robert.name, 'robert')
  })

  it('refuses an entry without the unchanging id', async () => {
    const attributes = { ...cityProvider(slapd).settings.attributes, id: 'employeeNumber' }
    const answer = await prove('ada', CITY_PASSWORD, { attributes })
    assert.deepEqual(answer, { ok: false, why: 'unavailable', trouble: 'id-missing' })
  })

  describe('groups', () => {
    it('come in pages, more than the directory answers at once', async () => {
      const found = await person('busy')
      assert.equal(found.groups?.length, MANY)
    })

    it('are followed in nesting, in circles too, as deep as wanted', async () => {
      assert.deepEqual((await person('ada', groups({ nested: false }))).groups, [`cn=soc,${GROUPS}`])
      assert.deepEqual((await person('ada', groups({ maxDepth: 2 }))).groups, [
        `cn=security,${GROUPS}`,
        `cn=soc,${GROUPS}`,
      ])
    })

    it('are read from memberOf as well', async () => {
      const nested = await person('ada', groups({ memberAttribute: 'memberOf' }))
      assert.equal(nested.groups?.length, 3)
      const below = await person('ada', groups({ memberAttribute: 'memberOf', baseDn: `cn=soc,${GROUPS}` }))
      assert.deepEqual(below.groups, [`cn=soc,${GROUPS}`])
    })

    it('are found by names (memberUid)', async () => {
      const found = await person('ada', groups({ memberAttribute: 'memberUid', nested: false }))
      assert.deepEqual(found.groups, [`cn=posix,${GROUPS}`])
    })
  })
})
