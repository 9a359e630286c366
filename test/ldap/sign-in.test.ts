import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { LdapSettings } from '../../server/auth/ldap/settings.ts'
import { addProvider, setProviderActive } from '../../server/auth/providers/provider-changes.ts'
import { mapGroup, unmapGroup } from '../../server/auth/providers/provider-mappings.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { addAccount } from '../../server/site/accounts.ts'
import { raiseAccess } from '../../server/site/site.ts'
import { suspendAccount } from '../../server/site/suspension.ts'
import { citySettings } from '../support/city-directory.ts'
import { movableClock } from '../support/movable-clock.ts'
import { addNestedGroups, city, CITY_PASSWORD, GROUPS, PEOPLE } from '../support/people-of-the-city.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, testSite, type TestSite } from '../support/site.ts'
import { noSlapd, READER, type Slapd, startSlapd } from '../support/slapd.ts'

const DAY = 86_400_000_000

describe('signing in at a directory', { skip: noSlapd }, () => {
  let slapd: Slapd
  let site: TestSite
  const clock = movableClock('2026-11-21T12:00:00Z')
  before(async () => {
    slapd = await startSlapd(city())
    await addNestedGroups(slapd)
    site = await testSite({ clock })
    await provider('city', 'City of Test', { newAccounts: 'make' })
    await provider('strict', 'Strict city', {})
    await addAccount(site.context, { actor: 'test', name: 'ada', password: PASSWORD })
    await site.context.database.transaction(async (trx) => {
      await raiseAccess(trx)
      const groups = ['harbour', 'clinics'].map((name) => ({ name, title: name, created_micros: 1 }))
      await trx.insertInto('trust_group').values(groups).execute()
    })
  })
  after(async () => {
    await site?.close()
    await slapd?.[Symbol.asyncDispose]()
  })

  const provider = (name: string, title: string, more: Partial<LdapSettings>) =>
    addProvider(site.context, {
      actor: 'test',
      kind: 'ldap',
      name,
      title,
      settings: citySettings(slapd, more),
      secret: READER.password,
    })
  const signIn = async (name: string, password = CITY_PASSWORD, at = 'city') => {
    const visitor = new PortalClient(site.url)
    await visitor.get(`/sign-in/ldap/${at}`)
    const got = await visitor.post(`/sign-in/ldap/${at}`, { name, password, next: '/account' })
    return { ...got, visitor }
  }
  const accounts = () =>
    site.context.database.kysely
      .selectFrom('account')
      .leftJoin('external_identity', 'external_identity.account_no', 'account.account_no')
      .select(['account.name', 'display_name', 'email', 'issuer', 'subject', 'account.account_no'])
      .orderBy('account.account_no')
      .execute()
  const proposals = () =>
    site.context.database.kysely
      .selectFrom('membership_proposal')
      .innerJoin('trust_group', 'trust_group.group_no', 'membership_proposal.group_no')
      .select(['trust_group.name', 'outside_group', 'settled_micros', 'accepted'])
      .orderBy('trust_group.name')
      .execute()
  const audit = async (kind: string) => {
    const rows = await site.context.database.kysely
      .selectFrom('audit')
      .select('detail')
      .where('kind', '=', kind)
      .orderBy('seq')
      .execute()
    return rows.map(({ detail }) => JSON.parse(detail) as Record<string, unknown>)
  }

  it('offers the directory beside the other ways', async () => {
    const got = await new PortalClient(site.url).get('/sign-in')
    assert.match(got.text, /href="\/sign-in\/ldap\/city\?/)
    assert.match(got.text, /City of Test/)
  })

  it('makes an account without membership, of a name that nobody has, and never takes one that is there', async () => {
    const got = await signIn('ada')
    assert.equal(got.status, 200, got.text)
    assert.equal(got.url, '/account')
    const made = (await accounts()).find((each) => each.issuer === 'ldap:city')
    assert.deepEqual(
      { ...made, account_no: 0 },
      {
        name: 'ada-2',
        display_name: 'Ada Lovelace',
        email: 'ada@city.test',
        issuer: 'ldap:city',
        subject: 'a0a0a0a0-0000-4000-8000-00000000000a',
        account_no: 0,
      },
    )
    const memberships = await site.context.database.kysely.selectFrom('membership').selectAll().execute()
    assert.deepEqual(memberships, [])
    const [signedIn] = (await audit('signed_in')).slice(-1)
    assert.equal(signedIn?.['means'], 'ldap')
  })

  it('lets the same person into the same account again, and brings it up to date', async () => {
    const before = (await accounts()).length
    await slapd.change(async (client) => {
      const { Attribute, Change } = await import('ldapts')
      const modification = new Attribute({ type: 'cn', values: ['Ada King'] })
      await client.modify(`uid=ada,${PEOPLE}`, new Change({ operation: 'replace', modification }))
    })
    assert.equal((await signIn('ADA')).url, '/account')
    const now = await accounts()
    assert.equal(now.length, before)
    assert.equal(now.find((each) => each.name === 'ada-2')?.display_name, 'Ada King')
  })

  it('gives one sentence for a wrong password, an unknown name, a suspended account and two entries', async () => {
    assert.equal((await signIn('zoë')).url, '/account')
    await suspendAccount(site.context, { ...BY_OPERATOR, name: 'zoe' })
    const answers = await Promise.all([
      signIn('ada', 'wrong'),
      signIn('nobody'),
      signIn('twin'),
      signIn('zoë'),
      signIn('*'),
    ])
    for (const { status, text } of answers) {
      assert.equal(status, 422)
      assert.match(text, /do not let anybody in here/)
    }
    const pages = answers.map(({ text }) => text.replaceAll(/value="[^"]*"/g, ''))
    assert.equal(new Set(pages).size, 1)
  })

  it('asks for what is missing', async () => {
    const { status, text } = await signIn('', '')
    assert.equal(status, 422)
    assert.match(text, /Enter your name/)
    assert.match(text, /Enter your password/)
  })

  it('says what the directory says', async () => {
    assert.match((await signIn('expired')).text, /has expired/)
    assert.match((await signIn('locked')).text, /is locked there/)
    assert.match((await signIn('reset')).text, /set a new password first/)
  })

  it('refuses somebody unknown where accounts are not made, and says so only after the right password', async () => {
    const before = (await accounts()).length
    assert.match((await signIn('ada', CITY_PASSWORD, 'strict')).text, /Ask your trust group for an invitation/)
    assert.match((await signIn('ada', 'wrong', 'strict')).text, /do not let anybody in here/)
    assert.equal((await accounts()).length, before)
  })

  it('wants the second factor that the account has', async () => {
    const { account_no } = (await accounts()).find((each) => each.name === 'ada-2')!
    const row = {
      account_no,
      kind: 'totp' as const,
      name: 'phone',
      secret: Buffer.from('x'),
      confirmed_micros: 1,
      created_micros: 1,
      last_used_micros: null,
    }
    await site.context.database.transaction(async (trx) => {
      await raiseAccess(trx)
      await trx.insertInto('code_generator').values(row).execute()
    })
    assert.equal((await signIn('ada')).url, '/sign-in/second')
    await site.context.database.transaction(async (trx) => {
      await raiseAccess(trx)
      await trx.deleteFrom('code_generator').execute()
    })
  })

  it('is not there while it is paused', async () => {
    await setProviderActive(site.context, { actor: 'test', name: 'strict', active: false })
    assert.equal((await new PortalClient(site.url).get('/sign-in/ldap/strict')).status, 404)
    assert.equal((await new PortalClient(site.url).get('/sign-in/ldap/none')).status, 404)
    assert.doesNotMatch((await new PortalClient(site.url).get('/sign-in')).text, /Strict city/)
  })

  describe('groups of the directory', () => {
    const SOC = `cn=soc,${GROUPS}`
    const mapping = (outsideGroup: string, group: string) =>
      ({ actor: 'test', provider: 'city', kind: 'ldap', outsideGroup, group }) as const

    it('propose memberships, once, and make none', async () => {
      await mapGroup(site.context, mapping(`CN=Everyone, ${GROUPS.toUpperCase()}`, 'harbour'))
      await mapGroup(site.context, mapping(SOC, 'harbour'))
      await mapGroup(site.context, mapping(SOC, 'clinics'))
      await signIn('ada')
      await signIn('ada')
      assert.deepEqual(
        (await proposals()).map(({ name, outside_group }) => [name, outside_group]),
        [
          ['clinics', SOC],
          ['harbour', `cn=everyone,${GROUPS}`],
        ],
      )
      assert.equal((await audit('membership_proposed')).length, 2)
      const memberships = await site.context.database.kysely.selectFrom('membership').selectAll().execute()
      assert.deepEqual(memberships, [])
    })

    it('do not propose again for a year what was declined', async () => {
      const nowMicros = site.context.clock.nowMicros()
      const settle = (column: { accepted: boolean }) =>
        site.context.database.kysely
          .updateTable('membership_proposal')
          .set({ ...column, settled_micros: nowMicros })
          .where('outside_group', '=', SOC)
          .execute()
      await settle({ accepted: false })
      await signIn('ada')
      assert.equal((await proposals())[0]?.accepted, false)
      clock.move(366 * DAY)
      await signIn('ada')
      assert.equal((await proposals())[0]?.settled_micros, null)
    })

    it('withdraw what they no longer support, but nothing while they cannot be read', async () => {
      await unmapGroup(site.context, mapping(`cn=everyone,${GROUPS}`, 'harbour'))
      await unmapGroup(site.context, mapping(SOC, 'harbour'))
      await slapd.change((client) => client.modifyDN(GROUPS, 'ou=moved'))
      assert.equal((await signIn('ada')).url, '/account')
      assert.equal((await proposals()).length, 2)
      await slapd.change((client) => client.modifyDN(GROUPS.replace('groups', 'moved'), 'ou=groups'))
      await signIn('ada')
      assert.deepEqual(
        (await proposals()).map(({ name }) => name),
        ['clinics'],
      )
      assert.equal((await audit('proposal_withdrawn')).length, 1)
    })

    it('propose nobody who is a member', async () => {
      const { account_no } = (await accounts()).find((each) => each.name === 'ada-2')!
      await site.context.database.transaction(async (trx) => {
        await raiseAccess(trx)
        await trx.deleteFrom('membership_proposal').execute()
        const group = await trx
          .selectFrom('trust_group')
          .select('group_no')
          .where('name', '=', 'clinics')
          .executeTakeFirstOrThrow()
        await trx
          .insertInto('membership')
          .values({ ...group, account_no, created_micros: 1 })
          .execute()
      })
      await signIn('ada')
      assert.deepEqual(await proposals(), [])
    })
  })

  it('counts wrong passwords, of a name and of its spellings together', async () => {
    for (const name of ['robin', 'ROBIN', 'Robin', 'rObin', 'roBin', 'robIn', 'robiN', 'rObiN', 'robin', 'robin']) {
      assert.equal((await signIn(name, 'wrong')).status, 422)
    }
    assert.equal((await signIn('robin', 'wrong')).status, 429)
  })

  it('is calm while the directory is away, lets others sign in, and tells those who look after it', async () => {
    await slapd.kill()
    const { status, text } = await signIn('ada')
    assert.equal(status, 422)
    assert.match(text, /does not answer/)
    await new PortalClient(site.url).signIn('ada', PASSWORD)
    const state = await site.context.database.kysely
      .selectFrom('sign_in_provider')
      .select('trouble')
      .where('name', '=', 'city')
      .executeTakeFirst()
    assert.equal(state?.trouble, 'refused')
    await slapd.start()
    assert.equal((await signIn('ada')).url, '/account')
  })

  it('writes no password and no bind secret into the database', async () => {
    const rows = await site.context.database.kysely.selectFrom('sign_in_provider').selectAll().execute()
    const records = await site.context.database.kysely.selectFrom('audit').selectAll().execute()
    const all =
      JSON.stringify([rows, records]) + rows.map(({ secret }) => Buffer.from(secret ?? []).toString()).join('')
    assert.doesNotMatch(all, /a reader of the directory|correct horse/)
  })
})
