import { readFileSync, writeFileSync } from 'node:fs'
import { DEFAULT_POLICY, POLICY_SHAPE, type PolicyKey } from '../../../policies/group-policy.ts'
import { CAPABILITIES, MEMBER_STATES } from '../../../policies/member-state.ts'
import { markdownTable } from '../../members/markdown-table.ts'
import { membership } from '../words/en/membership.ts'
import { policy } from '../words/en/policy.ts'

/** The page about membership; its tables of states and rules are made from what decides and from what the portal says. */
export const MEMBERSHIP_PAGE = new URL('../../../docs/membership.md', import.meta.url)

/** The page with its tables up to date. */
export function renderMembership(page: string): string {
  return filled(filled(page, 'states', states()), 'rules', rules())
}

/** Puts a text between `<!-- name -->` and `<!-- /name -->`. */
function filled(page: string, name: string, lines: readonly string[]): string {
  const [from, to] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const start = page.indexOf(from)
  const end = page.indexOf(to)
  if (start < 0 || end < start) throw new Error(`the page has no part ${name}`)
  return `${page.slice(0, start + from.length)}\n\n${lines.join('\n')}\n\n${page.slice(end)}`
}

function states(): readonly string[] {
  const rows = MEMBER_STATES.map((state) => {
    const { login, see, send, receive, hidden } = CAPABILITIES[state]
    const flags = [login, see, send, receive].map((can) => (can ? 'yes' : ''))
    return [`**${state}**`, ...flags, hidden ? 'administrators' : 'members', membership.meaning[state]]
  })
  return markdownTable([['State', 'come in', 'see', 'send', 'get mail', 'seen by', 'What it is'], ...rows])
}

function rules(): readonly string[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of POLICY_SHAPE are what a rule is
  const rows = (Object.keys(POLICY_SHAPE) as PolicyKey[]).map((key) => {
    const { label, hint } = policy.fields[key]
    return [`${label} (\`${key}\`)`, valueOf(DEFAULT_POLICY[key]), hint]
  })
  return markdownTable([['Rule', 'New groups', 'What it does'], ...rows])
}

function valueOf(value: boolean | number | string): string {
  return typeof value === 'boolean' ? (value ? policy.yes : policy.no) : String(value)
}

if (import.meta.main) {
  const page = readFileSync(MEMBERSHIP_PAGE, 'utf8')
  if (process.argv.includes('--write')) writeFileSync(MEMBERSHIP_PAGE, renderMembership(page))
  else process.stdout.write(renderMembership(page) === page ? 'up to date\n' : renderMembership(page))
}
