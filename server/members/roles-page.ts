import { readFileSync, writeFileSync } from 'node:fs'
import { type Action, ROLES, type Role, ruleOf, RULES } from '../../policies/roles.ts'
import { markdownTable } from './markdown-table.ts'

/** The page that is made from the matrix. */
export const ROLES_PAGE = new URL('../../docs/roles.md', import.meta.url)

const TITLES = {
  group: 'In a trust group',
  site: 'On the site',
  self: 'On one’s own account',
} as const

/** Who may do what, in Markdown as prettier would write it. */
export function renderRoles(): string {
  return [
    '# Who may do what',
    '',
    'This page is made from the matrix in `policies/roles.ts`: `node server/members/roles-page.ts --write` brings it up to date. One function, `can` in `policies/can.ts`, decides by it for every page, form, program and command; the tests try every cell.',
    '',
    '## How to read it',
    '',
    '- A cell says **yes**, or up to which label (FIRST TLP 2.0), or nothing: then it is refused.',
    '- Whoever is no active member of a group, and has not broken its glass, is answered as if the group did not exist.',
    '- Several roles let do what any one of them lets do.',
    '- Each group has roles of its own; a role in one group is worth nothing in another, and nothing on the site.',
    '- An administrator of the site has no right to anything in a group. **break-glass** is such an administrator for an hour after giving a reason, which the group is told.',
    '- The audit of the site names accounts and groups: whoever reads it sees who was added to which group and by whom. It never holds content.',
    '- A suspended account may do nothing at all; a blocked member nothing in that group.',
    '- A group can demand a second factor: then nothing in it is let through without one.',
    '- Acts with ⚠ want a factor that was proven within the last ten minutes.',
    '- The last administrator of a group cannot leave, be removed, be blocked or lose the role; the last of the site cannot lose the role or be suspended. Suspending the only administrator of a group is possible: it must be, at once.',
    ...(['group', 'site', 'self'] as const).flatMap(section),
    '',
  ].join('\n')
}

function section(about: keyof typeof TITLES): readonly string[] {
  const actions = actionsAbout(about)
  const roles = ROLES.filter((role) => actions.some((action) => ruleOf(action).roles[role] !== undefined))
  const rows = actions.map((action) => {
    const { meaning, stepUp } = ruleOf(action)
    return [`${meaning}${stepUp ? ' ⚠' : ''}`, `\`${action}\``, ...roles.map((role) => cell(action, role))]
  })
  return ['', `## ${TITLES[about]}`, '', ...markdownTable([['May', 'Action', ...roles], ...rows])]
}

function actionsAbout(about: keyof typeof TITLES): readonly Action[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of RULES are what an action is
  return (Object.keys(RULES) as Action[]).filter((action) => ruleOf(action).about === about)
}

function cell(action: Action, role: Role): string {
  const limit = ruleOf(action).roles[role]
  return limit === true ? 'yes' : (limit ?? '')
}

if (import.meta.main) {
  if (process.argv.includes('--write')) writeFileSync(ROLES_PAGE, renderRoles())
  else process.stdout.write(readFileSync(ROLES_PAGE, 'utf8') === renderRoles() ? 'up to date\n' : renderRoles())
}
