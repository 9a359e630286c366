import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { it } from 'node:test'
import { ROLES, ruleOf, RULES } from '../../policies/roles.ts'
import { renderRoles, ROLES_PAGE } from '../../server/members/roles-page.ts'
import { MEMBERSHIP_PAGE, renderMembership } from '../../server/portal/groups/membership-page.ts'

it('docs/roles.md is what the matrix says', async () => {
  assert.equal(await readFile(ROLES_PAGE, 'utf8'), renderRoles(), 'run: node server/members/roles-page.ts --write')
})

it('every action is permitted to somebody, and no rule names a role that cannot be held where it applies', () => {
  for (const action of Object.keys(RULES) as (keyof typeof RULES)[]) {
    const { about, roles } = ruleOf(action)
    const named = ROLES.filter((role) => roles[role] !== undefined)
    assert.ok(named.length > 0, action)
    if (about === 'site') assert.deepEqual(named, ['site-administrator'], action)
    if (about === 'self') assert.deepEqual(named, ['member'], action)
    if (about === 'group') assert.ok(!named.includes('site-administrator'), action)
  }
})

it('the page about membership says what decides now', async () => {
  const page = await readFile(MEMBERSHIP_PAGE, 'utf8')
  assert.equal(page, renderMembership(page), 'run: node server/portal/groups/membership-page.ts --write')
})
