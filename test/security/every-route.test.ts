import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { ENDPOINTS } from '../../server/api/endpoints.ts'
import { API_ROOT } from '../../server/api/root.ts'
import { ROUTES } from '../../server/portal/routes.ts'
import { testSite } from '../support/site.ts'
import { EXPECTED_ENDPOINTS, EXPECTED_ROUTES } from './expected.ts'
import { type Persona, personas } from './personas.ts'

const site = await testSite()
after(() => site.close())
const everybody = await personas(site)

/** How far somebody came: let in, sent to sign in or to prove themself, refused by role, or told that nothing is there. */
type Outcome = 'in' | 'sign-in' | 'prove' | 'role' | 'absent'

/** A part of an address that no object has; only the group decides whether somebody is let in. */
const ABSENT = 'absent0000'

function addressOf(path: string, group: string): string {
  return path.replaceAll(/[:{](\w+)\}?/g, (_, name: string) => (name === 'group' ? group : ABSENT))
}

/**
 * A form in another media type is refused only after the decision to let somebody in, so it shows the decision and does
 * nothing.
 */
async function visit({ client }: Persona, method: string, path: string): Promise<{ outcome: Outcome; body: string }> {
  const probe = { 'content-type': 'text/plain', 'sec-fetch-site': 'same-origin' }
  const response = await client.once(path, method === 'GET' ? {} : { method, body: 'probe', headers: probe })
  const body = (await response.text()).replaceAll(/name="csrf"\s+value="[^"]*"/g, '')
  const location = response.headers.get('location') ?? ''
  if (method !== 'GET' && response.status === 415) return { outcome: 'in', body }
  if (location.startsWith('/sign-in?next=')) return { outcome: 'sign-in', body }
  if (location.startsWith('/account/prove')) return { outcome: 'prove', body }
  if (response.status === 403) return { outcome: 'role', body }
  if (response.status === 404 && /<h1[^>]*>\s*Not found/.test(body)) return { outcome: 'absent', body }
  return { outcome: 'in', body }
}

function differences(there: readonly string[], expected: readonly string[]): readonly string[] {
  return [...new Set(there).symmetricDifference(new Set(expected))]
}

describe('every page and form of the portal', () => {
  it('has a row here, and every row has a page', () => {
    const routes = ROUTES.map(({ method, path }) => `${method} ${path}`)
    assert.equal(new Set(routes).size, routes.length, 'an address stands twice')
    assert.deepEqual(differences(routes, Object.keys(EXPECTED_ROUTES)), [])
  })

  for (const route of ROUTES) {
    const name = `${route.method} ${route.path}`
    const needed = EXPECTED_ROUTES[name]
    if (needed === undefined || needed === 'anyone') continue
    it(`${name}: ${needed}`, async () => {
      const isGroup = route.path.includes(':group') && 'about' in route
      for (const persona of everybody) {
        const { outcome } = await visit(persona, route.method, addressOf(route.path, 'alpha'))
        const granted = persona.holds.includes(needed)
        // an absent object in a page that somebody may see is "not found" as well
        const fits = granted
          ? outcome === 'in' || (outcome === 'absent' && /:(?!group)/.test(route.path))
          : outcome === refusalFor(persona, isGroup)
        assert.ok(fits, `${persona.name}: ${outcome}`)
        if (!isGroup || persona.holds.length === 0) continue
        const others = await visit(persona, route.method, addressOf(route.path, 'beta'))
        const nobodys = await visit(persona, route.method, addressOf(route.path, 'nowhere'))
        assert.equal(others.outcome, 'absent', `${persona.name} in a group of others`)
        assert.equal(nobodys.outcome, 'absent', `${persona.name} in a group that is not there`)
        assert.equal(others.body, nobodys.body, `${persona.name} can tell a group of others from none`)
      }
    })
  }
})

function refusalFor(persona: Persona, isGroup: boolean): Outcome {
  if (persona.holds.length === 0) return 'sign-in'
  return isGroup && !persona.holds.includes('member') ? 'absent' : 'role'
}

describe('every endpoint of the API', () => {
  it('has a row here, and every row has an endpoint', () => {
    const endpoints = ENDPOINTS.map(({ method, path }) => `${method} ${path}`)
    assert.deepEqual(differences(endpoints, Object.keys(EXPECTED_ENDPOINTS)), [])
  })

  it('takes a body when it changes something, so that a call can be tried without doing it', () => {
    for (const { method, bodySchema, path } of ENDPOINTS) assert.equal(method !== 'GET', bodySchema !== undefined, path)
  })

  for (const endpoint of ENDPOINTS) {
    const name = `${endpoint.method} ${endpoint.path}`
    const needed = EXPECTED_ENDPOINTS[name]
    if (needed === undefined) continue
    it(`${name}: ${needed}`, async () => {
      const isGroup = endpoint.path.includes('{group}')
      for (const persona of everybody) {
        const status = await call(persona, endpoint.method, addressOf(endpoint.path, 'alpha'))
        const granted = persona.holds.includes(needed)
        if (granted) {
          const inside =
            endpoint.method === 'GET' ? [200, ...(/\{(?!group\})/.test(endpoint.path) ? [404] : [])] : [415]
          assert.ok(inside.includes(status.status), `${persona.name}: ${status.status} ${status.body}`)
        } else {
          const refused = persona.holds.length === 0 ? 401 : isGroup && !persona.holds.includes('member') ? 404 : 403
          assert.equal(status.status, refused, `${persona.name}: ${status.body}`)
        }
        if (!isGroup || persona.holds.length === 0) continue
        const others = await call(persona, endpoint.method, addressOf(endpoint.path, 'beta'))
        assert.equal(others.status, 404)
        assert.deepEqual(others, await call(persona, endpoint.method, addressOf(endpoint.path, 'nowhere')))
      }
    })
  }
})

async function call({ token }: Persona, method: string, path: string): Promise<{ status: number; body: string }> {
  const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }), 'content-type': 'text/plain' }
  const response = await fetch(`${site.url}${API_ROOT}${path}`, {
    method,
    headers,
    ...(method !== 'GET' && { body: 'probe' }),
  })
  return { status: response.status, body: await response.text() }
}
