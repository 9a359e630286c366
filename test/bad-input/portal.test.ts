import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { PortalClient } from '../support/portal-client.ts'
import { testSite, type TestSite } from '../support/site.ts'

let site: TestSite

before(async () => {
  site = await testSite()
})
after(() => site.close())

it('a link with a line end or a letter that no header holds is dead, not a fault', async () => {
  for (const token of ['%0d%0aset-cookie:x', '%e2%82%ac', '%00', '%2f..%2f..%2f']) {
    const { status } = await new PortalClient(site.url).post(`/invitation/${token}/join`)
    assert.equal(status, 404, token)
  }
})

it('a broken cookie is no cookie', async () => {
  for (const cookie of ['vouchsafe=s%3A%00.x', 'vouchsafe=s:a.%ff', 'vouchsafe-known=9e99.x.y', '=;;=']) {
    const response = await fetch(`${site.url}/sign-in`, { headers: { cookie } })
    assert.equal(response.status, 200, cookie)
    await response.text()
  }
})
