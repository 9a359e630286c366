import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { CAPABILITIES, MEMBER_STATES } from '../../policies/member-state.ts'
import { addGroupCollection } from '../../server/members/group-roots.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { addToken } from '../../server/site/tokens.ts'
import { peopleOf } from '../members/people.ts'
import { indicators } from '../support/indicators.ts'
import { post, TAXII, testSite } from '../support/site.ts'
import { setState } from './set-state.ts'

const site = await testSite()
after(() => site.close())
const { context } = site
const people = peopleOf(site)
for (const name of ['keeper', 'nina', 'carla', 'outsider']) await people.account(name)
await people.account('root', 'administrator')
await people.group('water', 'keeper')
await people.group('power', 'keeper')
for (const name of ['nina', 'outsider']) await people.member('power', name)
await people.member('water', 'nina')
await people.member('water', 'carla', ['coordinator'])
const inWater = { ...BY_OPERATOR, group: 'water' }
const early = {
  ...inWater,
  title: 'Early warnings',
  alias: 'early',
  audience: 'coordinators',
  label: 'TLP:AMBER',
} as const
await addGroupCollection(context, early)
await addGroupCollection(context, { ...early, title: 'Red', alias: 'red', audience: 'members', label: 'TLP:RED' })
await addGroupCollection(context, { ...early, title: 'Some', alias: 'some', audience: 'granted', label: 'TLP:GREEN' })

const tokenOf = async (account: string, strong = false) => {
  const { token } = await addToken(context, { actor: 'test', account, scopes: ['taxii'], strong })
  return { accept: TAXII, authorization: `Bearer ${token}` }
}
const tokens = {
  keeper: await tokenOf('keeper'),
  nina: await tokenOf('nina'),
  carla: await tokenOf('carla'),
  outsider: await tokenOf('outsider'),
  root: await tokenOf('root'),
}
type Headers = Readonly<Record<string, string>>
const OBJECT = indicators(1).map((text) => JSON.parse(text) as unknown)
const at = (collection: string, root = 'water') => `${site.url}/${root}/collections/${collection}/`
const get = (url: string, headers: Headers) => fetch(url, { headers })
const canSend = async (collection: string, headers: Headers, root?: string) =>
  (await post(`${at(collection, root)}objects/`, headers, OBJECT)).status
const canRead = async (collection: string, headers: Headers, root?: string) =>
  (await get(`${at(collection, root)}objects/`, headers)).status

/** Everything of an answer that its caller can see, but the time and what names the request. */
async function shown(response: Response) {
  const headers = [...response.headers].filter(([name]) => name !== 'date')
  const text = (await response.text()).replace(/"error_id":\s*"[^"]+"/, '')
  return { status: response.status, headers, text }
}

describe('the API root of a trust group', () => {
  it('is there from its first day, with a collection for members that takes no RED', async () => {
    const { api_roots } = (await (await get(`${site.url}/taxii2/`, tokens.nina)).json()) as { api_roots: string[] }
    assert.deepEqual(api_roots.toSorted(), ['/power/', '/water/'])
    const root = (await (await get(`${site.url}/water/`, tokens.nina)).json()) as { title: string }
    assert.equal(root.title, 'The water')
    const { collections } = (await (await get(`${site.url}/water/collections/`, tokens.nina)).json()) as {
      collections: { alias: string; can_read: boolean; can_write: boolean }[]
    }
    const indicators = collections.find(({ alias }) => alias === 'indicators')
    assert.deepEqual([indicators?.can_read, indicators?.can_write], [true, true])
  })

  for (const state of MEMBER_STATES) {
    const { see, send } = CAPABILITIES[state]
    it(`${state}: ${see ? 'reads' : 'gets 404'}${send ? ' and writes' : ''}`, async () => {
      await setState(site, 'water', 'nina', state)
      assert.equal(await canRead('indicators', tokens.nina), see ? 200 : 404)
      assert.equal(await canSend('indicators', tokens.nina), send ? 202 : see ? 403 : 404)
      assert.equal((await get(`${site.url}/water/`, tokens.nina)).status, see ? 200 : 404)
      if (see) return
      for (const [yours, absent] of [
        ['/water/', '/nothing/'],
        ['/water/collections/', '/nothing/collections/'],
        ['/water/collections/indicators/', '/nothing/collections/indicators/'],
        ['/water/collections/indicators/objects/', '/nothing/collections/indicators/objects/'],
        ['/water/collections/indicators/manifest/', '/water/collections/nothing/manifest/'],
      ] as const) {
        const [one, other] = [await get(site.url + yours, tokens.nina), await get(site.url + absent, tokens.nina)]
        assert.deepEqual(await shown(one), await shown(other), yours)
      }
      const { api_roots } = (await (await get(`${site.url}/taxii2/`, tokens.nina)).json()) as { api_roots: string[] }
      assert.deepEqual(api_roots, ['/power/'])
    })
  }

  it('somebody whom their one group has blocked, or remembers as dead, does not sign in at all', async () => {
    for (const state of ['blocked', 'deceased'] as const) {
      await setState(site, 'water', 'carla', state)
      assert.equal(await canRead('indicators', tokens.carla), 401)
    }
    await setState(site, 'water', 'carla', 'active')
    assert.equal(await canRead('indicators', tokens.carla), 200)
  })

  it('is as absent for an outsider and for site administrators, to curl as well', async () => {
    for (const headers of [tokens.outsider, tokens.root]) {
      for (const path of ['', 'collections/', 'collections/indicators/', 'collections/early/objects/']) {
        const [one, other] = [
          await get(`${site.url}/water/${path}`, headers),
          await get(`${site.url}/nothing/${path}`, headers),
        ]
        assert.equal(one.status, 404, path)
        assert.deepEqual(await shown(one), await shown(other), path)
      }
    }
    const curl = async (path: string) => {
      const headers = Object.entries(tokens.outsider).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
      const { stdout } = await promisify(execFile)('curl', ['-si', ...headers, site.url + path])
      return stdout.replace(/^date:.*\r\n/im, '').replace(/"error_id":\s*"[^"]+"/, '')
    }
    assert.equal(await curl('/water/collections/'), await curl('/nothing/collections/'))
  })

  it('the coordinators’ collection is for coordinators and group administrators', async () => {
    await setState(site, 'water', 'nina', 'active')
    assert.equal(await canRead('early', tokens.nina), 404)
    assert.equal(await canSend('early', tokens.nina), 404)
    for (const headers of [tokens.carla, tokens.keeper]) {
      assert.equal(await canRead('early', headers), 200)
      assert.equal(await canSend('early', headers), 202)
    }
  })

  it('RED goes to coordinators; a member may give it, and not read it', async () => {
    assert.equal(await canRead('red', tokens.nina), 403)
    assert.equal(await canSend('red', tokens.nina), 202)
    assert.equal(await canRead('red', tokens.carla), 200)
  })

  it('a collection for named accounts is nobody’s who was not named', async () => {
    for (const headers of [tokens.nina, tokens.carla, tokens.keeper]) assert.equal(await canRead('some', headers), 404)
  })

  it('where the group demands a second factor, only a token made behind one counts', async () => {
    await people.group('secret', 'keeper', true)
    const [weak, strong] = [await tokenOf('keeper'), await tokenOf('keeper', true)]
    assert.equal(await canRead('indicators', weak, 'secret'), 404)
    assert.equal(await canRead('indicators', strong, 'secret'), 200)
    assert.equal((await get(`${site.url}/secret/`, weak)).status, 404)
  })

  it('a group whose name means something else gets a path of its own', async () => {
    await people.group('api', 'keeper')
    assert.equal((await get(`${site.url}/api-group/`, tokens.keeper)).status, 200)
    await people.group('api-group', 'keeper')
    assert.equal((await get(`${site.url}/api-group-group/`, tokens.keeper)).status, 200)
  })
})
