import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { addAccount } from '../../server/site/accounts.ts'
import { addToken } from '../../server/site/tokens.ts'
import { indicators } from '../support/indicators.ts'
import { PASSWORD, post, type TestSite, testSite } from '../support/site.ts'

const PROMTOOL = '/usr/bin/promtool'
const noPromtool = existsSync(PROMTOOL) ? false : 'promtool is not installed (apt-get install prometheus)'
/** A request that a proxy on this machine passes on. */
const ELSEWHERE = { 'x-forwarded-for': '203.0.113.7' }

describe('/metrics', { timeout: 60_000 }, () => {
  let site: TestSite
  const metrics = async (headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(`${site.url}/metrics`, { headers })
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
  }
  const value = (text: string, series: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.slice(series.length + 1) ?? Number.NaN,
    )

  before(async () => {
    site = await testSite()
    await site.addCollection({ alias: 'main' })
    const alice = await site.addUser('alice', { read: ['main'], write: ['main'] })
    await addAccount(site.context, { actor: 'test', name: 'root', password: PASSWORD, role: 'administrator' })
    const root = `${site.url}/${(await site.context.freshness.read()).access.roots[0]?.path}`
    const objects = `${root}/collections/main/objects/`
    assert.equal(
      (
        await post(
          objects,
          alice,
          indicators(7).map((text) => JSON.parse(text) as unknown),
        )
      ).status,
      202,
    )
    assert.equal((await fetch(objects, { headers: alice })).status, 200)
    await fetch(`${root}/collections/no-such-collection/objects/`, { headers: alice })
    await fetch(`${site.url}/sign-in`)
    await fetch(`${site.url}/site/no-such-page/9f8e7d`)
  })
  after(() => site.close())

  it('counts requests by route, method and status; no address stands in a label', async () => {
    const { text, type } = await metrics()
    assert.match(type ?? '', /^text\/plain; version=0\.0\.4/)
    const objects = 'route="/:root/collections/:collection/objects"'
    assert.equal(value(text, `vouchsafe_http_requests_total{${objects},method="POST",status="202"}`), 1)
    assert.equal(value(text, `vouchsafe_http_requests_total{${objects},method="GET",status="200"}`), 1)
    assert.equal(value(text, `vouchsafe_http_requests_total{${objects},method="GET",status="404"}`), 1)
    assert.equal(value(text, 'vouchsafe_http_requests_total{route="none",method="GET",status="404"}'), 1)
    assert.ok(value(text, `vouchsafe_http_request_duration_seconds_count{${objects}}`) === 3)
    assert.doesNotMatch(text, /no-such|9f8e7d|main/)
  })

  it('counts objects, sessions, jobs, notices, audit, database', async () => {
    const { text } = await metrics()
    assert.equal(value(text, 'vouchsafe_taxii_objects_total{direction="in"}'), 7)
    assert.equal(value(text, 'vouchsafe_taxii_objects_total{direction="out"}'), 7)
    assert.equal(value(text, 'vouchsafe_sessions'), 0)
    assert.ok(value(text, 'vouchsafe_audit_records') > 3)
    assert.ok(value(text, 'vouchsafe_database_size_bytes') > 1_000_000)
    assert.ok(value(text, 'process_resident_memory_bytes') > 10_000_000)
    for (const name of ['jobs_waiting', 'jobs_oldest_seconds', 'notices_waiting', 'notices_oldest_seconds']) {
      assert.ok(value(text, `vouchsafe_${name}`) >= 0, name)
    }
    if (site.context.database.kind === 'postgres') {
      assert.ok(value(text, 'vouchsafe_database_connections{state="idle"}') >= 0)
    }
  })

  it('is as absent for whoever comes from elsewhere', async () => {
    const absent = await fetch(`${site.url}/no-such-address/at/all`, { headers: ELSEWHERE })
    assert.equal((await metrics(ELSEWHERE)).status, absent.status === 401 ? 404 : absent.status)
    const { authorization } = await site.addUser('carol')
    assert.equal((await metrics({ ...ELSEWHERE, authorization })).status, 404)
  })

  it('opens for a token of a site administrator that is made for it, and that token opens nothing else', async () => {
    const make = async (account: string, scope: string) => {
      const { token } = await addToken(site.context, { actor: 'test', account, scopes: [scope] })
      return { ...ELSEWHERE, authorization: `Bearer ${token}` }
    }
    const good = await make('root', 'metrics')
    assert.equal((await metrics(good)).status, 200)
    assert.equal(
      (await fetch(`${site.url}/taxii2/`, { headers: { ...good, accept: 'application/taxii+json;version=2.1' } }))
        .status,
      401,
    )
    assert.equal((await metrics(await make('root', 'taxii'))).status, 404)
    assert.equal((await metrics(await make('alice', 'metrics'))).status, 404)
    assert.equal((await metrics({ ...ELSEWHERE, authorization: 'Bearer nonsense' })).status, 404)
  })

  it('is text that promtool finds nothing wrong with', { skip: noPromtool }, async () => {
    const { text } = await metrics()
    const checked = spawnSync(PROMTOOL, ['check', 'metrics'], { input: text, encoding: 'utf8', timeout: 30_000 })
    assert.equal(`${checked.stdout}${checked.stderr}`, '')
    assert.equal(checked.status, 0)
  })

  it('every name is in the operating manual, and no other', async () => {
    const { text } = await metrics()
    const served = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? '')
    const manual = readFileSync(join(import.meta.dirname, '../../docs/operate.md'), 'utf8')
    const named = [...manual.matchAll(/^\| `((?:vouchsafe|process|nodejs)_\w+)/gm)].map(([, name]) => name ?? '')
    assert.deepEqual(named.toSorted(), served.toSorted())
  })
})
