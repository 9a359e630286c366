import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { ENDPOINTS } from '../../server/api/endpoints.ts'
import { ROUTES } from '../../server/portal/routes.ts'
import { addToken } from '../../server/site/tokens.ts'
import { peopleOf } from '../members/people.ts'
import { PASSWORD, testSite } from '../support/site.ts'

const site = await testSite()
after(() => site.close())
const people = peopleOf(site)
await people.account('root', 'administrator')
await people.group('water', 'root')
const scopes = ['api:read', 'api:write']
const { token } = await addToken(site.context, { actor: 'test', account: 'root', scopes })

/** What no browser sends: NUL, what is no UTF-8, numbers beyond every column, what every object has, too much. */
const ODD_FIELDS = ['%00', 'a%00b', '-1', '1e300', '99999999999999999999', '-99999999999', '__proto__']
const ODD = [...ODD_FIELDS, '%ff', '%ED%A0%80', 'x'.repeat(3000)]
const IN_ADDRESSES = 'after before q state kind actor from to text next lang account v'.split(' ')
const IN_FORMS = [
  IN_ADDRESSES,
  'name display_name display-name email password again code reason title purpose administrator token way host'.split(
    ' ',
  ),
  'port user relay-password colour language time-zone format scope days session credential generator'.split(' '),
  'provider issuer subject response outside-group group logout_token contact region device second_factor'.split(' '),
].flat()

function filledIn(path: string, odd: string): string {
  return path.replaceAll(/[:{](\w+)\}?/g, (_, name: string) => (name === 'group' ? 'water' : odd))
}

describe('a page whose address says something odd', () => {
  for (const { path } of ROUTES.filter(({ method }) => method === 'GET')) {
    it(`${path} is no fault of the server`, async () => {
      const root = await people.visitor('root')
      for (const odd of ODD) {
        const query = IN_ADDRESSES.map((name) => `${name}=${odd}`).join('&')
        for (const address of [filledIn(path, odd), `${filledIn(path, 'root')}?${query}`]) {
          const { status } = await root.get(address)
          assert.ok(status < 500, `${address.slice(0, 200)}: ${status}`)
        }
      }
    })
  }
})

describe('a form that says something odd', () => {
  for (const { path } of ROUTES.filter(({ method }) => method === 'POST')) {
    it(`${path} is no fault of the server`, async () => {
      const root = await people.visitor('root')
      const send = async (address: string, value: string) => {
        // some of the forms end the session
        if ((await root.get('/')).url !== '/') await root.signIn('root', PASSWORD)
        const { status } = await root.post(address, Object.fromEntries(IN_FORMS.map((name) => [name, value])))
        assert.ok(status < 500, `${address} ${JSON.stringify(value)}: ${status}`)
      }
      for (const odd of ODD_FIELDS) await send(filledIn(path, 'root'), odd.replaceAll('%00', '\0'))
      if (path.includes(':')) for (const odd of ['%00', '%ff', '-1']) await send(filledIn(path, odd), '')
    })
  }
})

describe('a call of the API that says something odd', () => {
  const call = async (method: string, address: string, body?: object) => {
    const { status } = await fetch(`${site.url}/api/v1${address}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    assert.ok(status < 500, `${address.slice(0, 200)}: ${status}`)
  }

  for (const { method, path, querySchema, bodySchema } of ENDPOINTS) {
    it(`${method} ${path} is no fault of the server`, async () => {
      for (const odd of ODD) {
        await call(method, filledIn(path, odd), bodySchema && {})
        for (const name of Object.keys(querySchema.properties)) {
          await call(method, `${filledIn(path, 'root')}?${name}=${odd}`)
        }
      }
    })
  }

  it('NUL in a body is a text that does not fit', async () => {
    const nul = '\0'
    await call('POST', '/groups', { name: 'nul', title: nul, purpose: nul, administrator: 'root' })
    await call('POST', '/groups', { name: 'nul', title: 'Nul', administrator: nul })
    await call('POST', '/groups/water/members', { account: nul })
  })

  it('an address that cannot be decoded is 404, as a problem', async () => {
    const response = await fetch(`${site.url}/api/v1/groups/%ff`, { headers: { authorization: `Bearer ${token}` } })
    assert.equal(response.status, 404)
    assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/)
  })
})
