import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import {
  blockMember,
  leaveGroup,
  memorialiseMember,
  reinstateMember,
  removeMember,
} from '../../server/members/departures.ts'
import { reviewEveryone } from '../../server/members/review.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { addServiceToken, makeServiceAccount } from '../../server/members/service-accounts.ts'
import { raiseAccess } from '../../server/site/site.ts'
import { restoreAccount, suspendAccount } from '../../server/site/suspension.ts'
import { addToken } from '../../server/site/tokens.ts'
import { peopleOf } from '../members/people.ts'
import { TEST_DATABASE_URL } from '../support/database.ts'
import { startProcess } from '../support/serve-process.ts'
import { PASSWORD, TAXII, testSite } from '../support/site.ts'
import { until } from '../support/until.ts'
import { PortalClient } from '../support/portal-client.ts'

/** How soon a change must have reached every door of every process. */
const WITHIN_MILLIS = 5000

const site = await testSite()
const { context } = site
// on PostgreSQL a second process, which shares nothing with this one but the database
const other = TEST_DATABASE_URL ? await startProcess(site.place) : undefined
after(async () => {
  await other?.stop()
  await site.close()
})
const urls = [site.url, ...(other ? [other.url] : [])]
const people = peopleOf(site)
await people.account('keeper')
await people.group('water', 'keeper')

/** What somebody in one group has: a session, a token, a program with its token. */
async function member(name: string) {
  await people.account(name)
  await people.member('water', name)
  const { token } = await addToken(context, { actor: 'test', account: name, scopes: ['taxii'] })
  const { account } = await makeServiceAccount(context, {
    ...BY_OPERATOR,
    owner: name,
    group: 'water',
    name: 'siem',
    canWrite: false,
  })
  const service = await addServiceToken(context, { ...BY_OPERATOR, owner: name, account })
  const session = await people.visitor(name)
  const cookie = [...session.cookies].map(([key, value]) => `${key}=${value}`).join('; ')
  const isOk = async (url: string, headers: Readonly<Record<string, string>>) => {
    const response = await fetch(url, { headers, redirect: 'manual' })
    await response.arrayBuffer()
    return response.status === 200
  }
  const taxii = (text: string) => (url: string) =>
    isOk(`${url}/water/collections/indicators/objects/`, { accept: TAXII, authorization: `Bearer ${text}` })
  return {
    name,
    place: { ...BY_OPERATOR, group: 'water', account: name },
    doors: {
      'signing in': async (url: string) => {
        const client = new PortalClient(url)
        await client.get('/sign-in')
        return (await client.post('/sign-in', { name, password: PASSWORD })).url === '/'
      },
      'the page of the group': (url: string) => isOk(`${url}/groups/water/members`, { cookie }),
      'a token': taxii(token),
      'a token of a program': taxii(service.token),
    },
  }
}

type Member = Awaited<ReturnType<typeof member>>
const ALL = ['signing in', 'the page of the group', 'a token', 'a token of a program'] as const

/** Waits until exactly these doors are open, on every process. */
async function opens({ name, doors }: Member, open: readonly (typeof ALL)[number][]): Promise<void> {
  for (const url of urls) {
    for (const door of ALL) {
      const wanted = open.includes(door)
      await until(async () => (await doors[door](url)) === wanted, WITHIN_MILLIS).catch(() => {
        assert.fail(`${door} of ${name} ${wanted ? 'does not open' : 'stays open'}`)
      })
    }
  }
}

describe('within five seconds, at sign-in, on pages, and at the collections of every process', () => {
  it('block shuts, reinstate opens', async () => {
    const alice = await member('alice')
    await opens(alice, ALL)
    await blockMember(context, alice.place)
    await opens(alice, [])
    await reinstateMember(context, alice.place)
    await opens(alice, ALL)
  })

  it('leaving, being removed: the group is gone, the account stays', async () => {
    const boris = await member('boris')
    await leaveGroup(context, { ...(await people.by('boris')), group: 'water', account: 'boris' })
    await opens(boris, ['signing in'])
    const carla = await member('carla')
    await removeMember(context, carla.place)
    await opens(carla, ['signing in'])
  })

  it('a member who is remembered as dead signs in nowhere', async () => {
    const dora = await member('dora')
    await memorialiseMember(context, dora.place)
    await opens(dora, [])
  })

  it('suspension of the owner shuts the program too', async () => {
    const emil = await member('emil')
    await suspendAccount(context, { ...BY_OPERATOR, name: 'emil' })
    await opens(emil, [])
    await restoreAccount(context, { ...BY_OPERATOR, name: 'emil' })
    await opens(emil, ['signing in', 'a token', 'a token of a program'])
  })

  it('a stricter policy makes inactive, which sees and sends on, and gets no list mail', async () => {
    const fran = await member('fran')
    await context.database.transaction(async (trx) => {
      await raiseAccess(trx)
      await trx.updateTable('trust_group').set({ policy: '{"pgpRequired":true}' }).where('name', '=', 'water').execute()
    })
    await reviewEveryone(context)
    const { access } = await context.freshness.read()
    const groupNo = access.group('water')?.groupNo ?? 0
    assert.equal(access.membership(access.accountNamed('fran')?.accountNo ?? 0, groupNo)?.state, 'inactive')
    await opens(fran, ALL)
  })
})
