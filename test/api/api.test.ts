import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import Value from 'typebox/value'
import { ENDPOINTS } from '../../server/api/endpoints.ts'
import { operationIdOf } from '../../server/api/openapi.ts'
import { addAccount } from '../../server/site/accounts.ts'
import { addToken } from '../../server/site/tokens.ts'
import { testSite } from '../support/site.ts'

const site = await testSite()
after(() => site.close())
const { context } = site
await addAccount(context, { actor: 'test', name: 'root', role: 'administrator' })
await addAccount(context, { actor: 'test', name: 'second-root', role: 'administrator' })
for (let i = 0; i < 120; i += 1)
  await addAccount(context, { actor: 'test', name: `person-${String(i).padStart(3, '0')}` })
const tokenOf = async (account: string, scopes: readonly string[]) =>
  (await addToken(context, { actor: 'test', account, scopes })).token
const root = await tokenOf('root', ['api:read', 'api:write'])

async function call(method: string, path: string, body?: unknown, token = root) {
  const response = await fetch(`${site.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? undefined : JSON.parse(text)) as Record<string, unknown>,
  }
}

describe('the API', () => {
  it('makes a group, fills it, blocks and removes a member', async () => {
    const made = await call('POST', '/groups', { name: 'harbour', title: 'Harbour', administrator: 'root' })
    assert.equal(made.status, 204)
    assert.equal((await call('POST', '/groups/harbour/members', { account: 'person-001' })).status, 204)
    assert.equal((await call('POST', '/groups/harbour/members/person-001/block', { reason: 'a test' })).status, 204)
    const { body } = await call('GET', '/groups/harbour/members')
    const members = body['members'] as readonly { account: string; state: string; roles: readonly string[] }[]
    assert.deepEqual(
      members.map(({ account, state, roles }) => [account, state, roles]),
      [
        ['person-001', 'blocked', []],
        ['root', 'active', ['group-administrator']],
      ],
    )
    assert.equal((await call('POST', '/groups/harbour/members/person-001/remove', {})).status, 204)
    const last = await call('POST', '/groups/harbour/members/root/remove', {})
    assert.equal(last.status, 409)
    assert.equal(last.body['code'], 'last_administrator')
  })

  it('suspends an account and lets it in again', async () => {
    const person = await tokenOf('person-002', ['api:read'])
    assert.equal((await call('GET', '/self', undefined, person)).status, 200)
    assert.equal((await call('POST', '/accounts/person-002/suspend', {})).status, 200)
    assert.equal((await call('GET', '/self', undefined, person)).status, 401)
    assert.equal((await call('POST', '/accounts/person-002/restore', {})).status, 204)
    assert.equal((await call('GET', '/self', undefined, person)).status, 200)
  })

  it('a group that demands a second factor takes only tokens that were made behind one', async () => {
    const group = { name: 'strict', title: 'Strict', administrator: 'root', second_factor: true }
    assert.equal((await call('POST', '/groups', group)).status, 204)
    assert.equal((await call('GET', '/groups/strict')).status, 403)
    const scopes = ['api:read']
    const { token } = await addToken(context, { actor: 'test', account: 'root', scopes, strong: true })
    assert.equal((await call('GET', '/groups/strict', undefined, token)).status, 200)
  })

  it('nobody takes a name that passes for another', async () => {
    await context.database.transaction(async (trx) => {
      await trx.updateTable('account').set({ email: 'five@city.example' }).where('name', '=', 'person-005').execute()
    })
    for (const name of ['Person-004', 'PERSON-004', 'Five@City.example']) {
      await assert.rejects(addAccount(context, { actor: 'test', name }), { code: 'name_taken' }, name)
    }
  })

  it('pages through the accounts and the audit without gap or double', async () => {
    const names: string[] = []
    for (let after: string | null = ''; after !== null;) {
      const { body } = await call('GET', `/accounts?after=${encodeURIComponent(after)}`)
      names.push(...(body['accounts'] as readonly { name: string }[]).map(({ name }) => name))
      after = body['next'] as string | null
    }
    assert.equal(names.length, 122)
    assert.deepEqual(names, [...new Set(names)].toSorted())
    const seqs: number[] = []
    for (let before: number | null = 0; before !== null;) {
      const { body } = await call('GET', `/audit?kind=account_made${before > 0 ? `&before=${before}` : ''}`)
      seqs.push(...(body['records'] as readonly { seq: number }[]).map(({ seq }) => seq))
      before = body['next'] as number | null
    }
    assert.equal(seqs.length, 122)
    assert.deepEqual(
      seqs,
      [...new Set(seqs)].toSorted((a, b) => b - a),
    )
  })

  for (const endpoint of ENDPOINTS.filter(({ method }) => method === 'GET')) {
    it(`${endpoint.path} answers what its schema says`, async () => {
      await call('POST', '/groups', { name: 'schema', title: 'Schema', administrator: 'root' })
      const { status, body } = await call(
        'GET',
        endpoint.path.replace('{group}', 'schema').replace('{account}', 'root'),
      )
      assert.equal(status, 200, JSON.stringify(body))
      assert.ok(endpoint.resultSchema)
      assert.deepEqual(Value.Errors(endpoint.resultSchema, body), [])
    })
  }

  it('a call that does not fit is told which field, and changes nothing', async () => {
    const cases: readonly (readonly [method: string, path: string, body: unknown, status: number, word: string])[] = [
      ['GET', '/accounts?actives=true', undefined, 400, 'query'],
      ['GET', '/accounts?after=a&after=b', undefined, 400, 'after'],
      ['GET', '/audit?before=none', undefined, 400, 'before'],
      ['GET', '/audit?before=0', undefined, 400, 'before'],
      ['POST', '/groups', { name: 'x', title: 'X', administrator: 'root', admin: true }, 400, 'body'],
      ['POST', '/groups', { name: 'No Spaces', title: 'X', administrator: 'root' }, 400, 'name'],
      ['POST', '/groups', '{"name": "x", "name": "y"}', 400, 'name'],
      ['POST', '/groups', '{"__proto__": {}}', 400, '__proto__'],
      ['POST', '/groups', '{', 400, 'JSON'],
      ['POST', '/groups', [], 400, 'body'],
      ['POST', '/groups', `"${'x'.repeat(70_000)}"`, 413, 'larger'],
      ['POST', '/groups/schema/members', { account: 'nobody' }, 404, 'nobody'],
      ['POST', '/nothing', {}, 404, 'address'],
      ['DELETE', '/groups', {}, 404, 'address'],
    ]
    for (const [method, path, body, status, word] of cases) {
      const answer = await call(method, path, body)
      assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`)
      assert.ok(String(answer.body['title']).includes(word), `${path}: ${JSON.stringify(answer.body)}`)
      assert.equal(answer.headers.get('content-type')?.split(';')[0], 'application/problem+json')
    }
  })

  it('a token that may only read changes nothing', async () => {
    const reader = await tokenOf('root', ['api:read'])
    const refused = await call('POST', '/groups', { name: 'r', title: 'R', administrator: 'root' }, reader)
    assert.equal(refused.status, 403)
    assert.match(String(refused.body['title']), /api:write/)
  })
})

describe('the OpenAPI document', () => {
  it('has every endpoint with its parameters, its answers and its permission', async () => {
    const document = (await (await fetch(`${site.url}/api/openapi.json`)).json()) as {
      openapi: string
      paths: Record<
        string,
        Record<
          string,
          { operationId: string; parameters: { name: string; in: string }[]; responses: object; 'x-permission': string }
        >
      >
      components: { responses: object; schemas: object }
    }
    assert.match(document.openapi, /^3\.1\./)
    const ids = new Set<string>()
    for (const endpoint of ENDPOINTS) {
      const operation = document.paths[endpoint.path]?.[endpoint.method.toLowerCase()]
      assert.ok(operation, endpoint.path)
      ids.add(operation.operationId)
      assert.equal(operation['x-permission'], endpoint.permission)
      const inPath = operation.parameters.filter((each) => each.in === 'path').map(({ name }) => name)
      assert.deepEqual(
        inPath,
        [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
      )
      assert.ok(String(endpoint.status) in operation.responses)
    }
    assert.equal(ids.size, ENDPOINTS.length, 'two operations have one name')
    for (const [, reference] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+\/\w+)"/g)) {
      const [part = '', name = ''] = (reference ?? '').split('/')
      assert.ok(name in (document.components as Record<string, object>)[part]!, reference)
    }
  })

  it('is shown as a page that needs no script', async () => {
    const page = await fetch(`${site.url}/api/docs`)
    const text = await page.text()
    assert.equal(page.status, 200)
    for (const endpoint of ENDPOINTS) assert.ok(text.includes(`id="${operationIdOf(endpoint)}"`), endpoint.path)
    assert.ok(!text.includes('<script'))
  })
})
