import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { addAccount } from '../../server/site/accounts.ts'
import { raiseAccess } from '../../server/site/site.ts'
import { doctor } from '../../server/doctor/doctor.ts'
import { addNestedGroups, city, CITY_PASSWORD, GROUPS, PEOPLE } from '../support/people-of-the-city.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, testSite, type TestSite } from '../support/site.ts'
import { noSlapd, READER, type Slapd, startSlapd } from '../support/slapd.ts'

describe('the pages of sign-in providers', { skip: noSlapd }, () => {
  let slapd: Slapd
  let site: TestSite
  let admin: PortalClient
  before(async () => {
    slapd = await startSlapd(city())
    await addNestedGroups(slapd)
    site = await testSite()
    await addAccount(site.context, { actor: 'test', name: 'root', password: PASSWORD, role: 'administrator' })
    await addAccount(site.context, { actor: 'test', name: 'member', password: PASSWORD })
    admin = new PortalClient(site.url)
    await admin.signIn('root', PASSWORD)
  })
  after(async () => {
    await site?.close()
    await slapd?.[Symbol.asyncDispose]()
  })

  const filled = (more: Readonly<Record<string, string>> = {}) => ({
    name: 'city',
    title: 'City of Test',
    url: slapd.ldaps,
    tls: 'ldaps',
    ca: slapd.authority.certificate,
    way: 'search-then-bind',
    baseDn: PEOPLE,
    userAttributes: 'uid mail',
    bindDn: READER.dn,
    secret: READER.password,
    directTemplate: '',
    'attributes.id': 'entryUUID',
    'attributes.name': 'uid',
    'attributes.displayName': 'cn',
    'attributes.email': 'mail',
    'attributes.timeZone': '',
    'groups.baseDn': GROUPS,
    'groups.memberAttribute': 'member',
    'groups.nested': 'on',
    'groups.maxDepth': '5',
    newAccounts: 'make',
    timeoutSeconds: '5',
    ...more,
  })
  const add = async (more: Readonly<Record<string, string>>) => {
    await admin.get('/site/providers/new/ldap')
    return await admin.post('/site/providers/new/ldap', filled(more))
  }

  it('are for site administrators', async () => {
    const member = new PortalClient(site.url)
    await member.signIn('member', PASSWORD)
    for (const path of ['/site/providers', '/site/providers/new/ldap', '/site/providers/city']) {
      assert.notEqual((await member.get(path)).status, 200, path)
      const visitor = await new PortalClient(site.url).get(path)
      assert.match(visitor.url, /^\/sign-in/)
    }
  })

  it('say what there could be while there is nothing', async () => {
    assert.match((await admin.get('/site/providers')).text, /Nobody signs in with an outside provider yet/)
  })

  it('begin with the attributes of a kind of directory', async () => {
    const { text } = await admin.get('/site/providers/new/ldap?like=active-directory')
    assert.match(text, /value="objectGUID"/)
    assert.match(text, /value="sAMAccountName"/)
  })

  it('say beside the field what is wrong, and keep what was typed but the secret', async () => {
    const cases: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
      [{ url: 'ldap://city.test' }, 'url'],
      [{ url: 'https://city.test' }, 'url'],
      [{ url: 'ldaps://name:password@city.test' }, 'url'],
      [{ ca: 'no certificate' }, 'ca'],
      [{ ca: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----' }, 'ca'],
      [{ baseDn: '' }, 'baseDn'],
      [{ userAttributes: '' }, 'userAttributes'],
      [{ userAttributes: 'uid)(x' }, 'userAttributes'],
      [{ way: 'direct', directTemplate: 'uid=ada' }, 'directTemplate'],
      [{ 'attributes.id': '' }, 'attributes.id'],
      [{ timeoutSeconds: '0' }, 'timeoutSeconds'],
      [{ timeoutSeconds: 'soon' }, 'timeoutSeconds'],
      [{ name: 'No Good' }, 'name'],
      [{ title: '' }, 'title'],
    ]
    for (const [change, field] of cases) {
      const { status, text } = await add(change)
      assert.equal(status, 422, JSON.stringify(change))
      assert.match(text, new RegExp(`href="#${field.replace('.', '\\.')}"`), JSON.stringify(change))
      assert.match(text, new RegExp(`id="${field.replace('.', '\\.')}-mistake"`))
      assert.doesNotMatch(text, /a reader of the directory/)
    }
  })

  it('set up a directory that is paused until it was tested', async () => {
    const added = await add({})
    assert.equal(added.status, 200, added.text)
    assert.equal(added.url, '/site/providers/city')
    assert.match(added.text, /Saved, and paused/)
    assert.equal((await new PortalClient(site.url).get('/sign-in/ldap/city')).status, 404)
    assert.equal((await add({})).status, 422)
    const tested = await admin.post('/site/providers/city/test')
    assert.equal(tested.status, 200)
    assert.match(tested.text, /Everything that can be tried/)
    assert.match(tested.text, /For localhost, 127\.0\.0\.1/)
    assert.match(tested.text, /Directory Authority/)
    assert.match(tested.text, /cn=g0,ou=groups/)
    const resumed = await admin.post('/site/providers/city/resume')
    assert.match(resumed.text, /People can sign in with it now/)
    const visitor = new PortalClient(site.url)
    await visitor.get('/sign-in/ldap/city')
    assert.equal((await visitor.post('/sign-in/ldap/city', { name: 'ada', password: CITY_PASSWORD })).status, 200)
  })

  it('never show the secret', async () => {
    for (const path of ['/site/providers', '/site/providers/city', '/site/providers/city/edit']) {
      const { text, status } = await admin.get(path)
      assert.equal(status, 200)
      assert.doesNotMatch(text, /a reader of the directory/)
    }
  })

  it('say which step failed, why and what to do', async () => {
    const cases = [
      [{ url: 'ldaps://directory.invalid' }, /host name is not known here/],
      [{ ca: '' }, /authority that is not trusted/],
      [{ url: slapd.ldaps.replace('127.0.0.1', '127.0.0.2') }, /certificate is for another name/],
      [{ secret: 'wrong' }, /refused the account that searches/],
      [{ baseDn: 'ou=none,dc=city,dc=test' }, /no entry of this base/],
      [{ baseDn: GROUPS }, /no entry with the attribute of the name/],
      [{ 'attributes.id': 'employeeNumber' }, /no unchanging id/],
      [{ 'groups.baseDn': 'ou=none,dc=city,dc=test' }, /no entry of this base/],
    ] as const
    for (const [i, [change, cause]] of cases.entries()) {
      assert.equal((await add({ name: `broken-${i}`, ...change })).status, 200)
      const { text } = await admin.post(`/site/providers/broken-${i}/test`)
      assert.match(text, /It does not work yet/)
      assert.match(text, cause)
    }
    assert.match((await admin.get('/site/providers')).text, /host name is not known here/)
  })

  it('tell a changed server the old secret only when it is given again', async () => {
    await admin.get('/site/providers/city/edit')
    const elsewhere = { ...filled({ url: 'ldaps://elsewhere.invalid', secret: '' }) }
    const refused = await admin.post('/site/providers/city/edit', elsewhere)
    assert.equal(refused.status, 422)
    assert.match(refused.text, /href="#secret"/)
    await admin.get('/site/providers/city/edit')
    const kept = await admin.post('/site/providers/city/edit', filled({ title: 'The City', secret: '' }))
    assert.equal(kept.status, 200, kept.text)
    assert.match(kept.text, /The City/)
    assert.match((await admin.post('/site/providers/city/test')).text, /Everything that can be tried/)
  })

  it('map groups', async () => {
    assert.match((await admin.get('/site/providers/city')).text, /There is no trust group yet/)
    await site.context.database.transaction(async (trx) => {
      await raiseAccess(trx)
      await trx
        .insertInto('trust_group')
        .values({ name: 'harbour', title: 'Harbour watch', created_micros: 1 })
        .execute()
    })
    await admin.get('/site/providers/city')
    const refused = await admin.post('/site/providers/city/map', { outsideGroup: 'soc', group: 'harbour' })
    assert.equal(refused.status, 422)
    assert.match(refused.text, /write the DN|Write the DN/)
    const mapped = await admin.post('/site/providers/city/map', { outsideGroup: `CN=SOC,${GROUPS}`, group: 'harbour' })
    assert.match(mapped.text, /cn=soc,ou=groups,dc=city,dc=test/)
    const none = await admin.post('/site/providers/city/map', { outsideGroup: `cn=soc,${GROUPS}`, group: 'nowhere' })
    assert.equal(none.status, 404)
    await admin.get('/site/providers/city')
    const gone = await admin.post('/site/providers/city/unmap', { outsideGroup: `cn=soc,${GROUPS}`, group: 'harbour' })
    assert.match(gone.text, /No outside group proposes anybody yet/)
  })

  it('pause, and are recorded without secrets', async () => {
    await admin.get('/site/providers/city')
    assert.match((await admin.post('/site/providers/city/pause')).text, /paused/)
    assert.equal((await new PortalClient(site.url).get('/sign-in/ldap/city')).status, 404)
    const rows = await site.context.database.kysely
      .selectFrom('audit')
      .select(['kind', 'actor', 'detail'])
      .orderBy('seq')
      .execute()
    const kinds = rows.filter(({ actor }) => actor === 'root').map(({ kind }) => kind)
    for (const kind of [
      'provider_added',
      'provider_changed',
      'provider_resumed',
      'provider_paused',
      'group_mapped',
      'group_unmapped',
    ]) {
      assert.ok(kinds.includes(kind), kind)
    }
    assert.doesNotMatch(JSON.stringify(rows), /a reader of the directory/)
  })

  it('set up an OpenID provider as well', async () => {
    await admin.get('/site/providers/new/oidc')
    const fields = {
      name: 'county',
      title: 'County',
      tokenAuth: 'client_secret_basic',
      timeoutSeconds: '5',
      secret: 'client secret',
    }
    const bad = await admin.post('/site/providers/new/oidc', { ...fields, issuer: 'http://county.test', clientId: '' })
    assert.equal(bad.status, 422)
    const good = await admin.post('/site/providers/new/oidc', {
      ...fields,
      issuer: 'http://127.0.0.1:9',
      clientId: 'us',
    })
    assert.equal(good.url, '/site/providers/county', good.text)
    assert.match(good.text, /\/sign-in\/oidc\/county\/callback/)
    const tested = await admin.post('/site/providers/county/test')
    assert.match(tested.text, /takes no connection|does not describe itself/)
    assert.doesNotMatch(tested.text, /client secret</)
  })

  it('answer for a provider that is not there as for no page', async () => {
    for (const path of ['/site/providers/none', '/site/providers/none/edit'])
      assert.equal((await admin.get(path)).status, 404)
    await admin.get('/site/providers')
    assert.equal((await admin.post('/site/providers/none/test')).status, 404)
    assert.equal((await admin.post('/site/providers/none/pause')).status, 404)
  })

  it('are looked at by the doctor', async () => {
    await admin.get('/site/providers/city')
    await admin.post('/site/providers/city/resume')
    await admin.get('/site/providers/broken-1')
    await admin.post('/site/providers/broken-1/resume')
    const { checks } = await doctor(site.context)
    const outcomes = checks
      .filter(({ name }) => name.startsWith('provider '))
      .map(({ name, outcome }) => [name, outcome])
    assert.deepEqual(outcomes, [
      ['provider broken-1', 'warn'],
      ['provider city', 'ok'],
    ])
  })
})
