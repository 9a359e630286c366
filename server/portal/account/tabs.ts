import { tabs } from '../components/tabs.ts'
import type { Html } from '../html.ts'
import type { Visit } from '../visit.ts'

/** The sections of one's own account. */
const SECTIONS = ['overview', 'profile', 'assets', 'security', 'sessions', 'tokens', 'identities'] as const
export type AccountSection = (typeof SECTIONS)[number]

const PATHS: Readonly<Record<AccountSection, string>> = {
  overview: '/account',
  profile: '/account/profile',
  assets: '/account/assets',
  security: '/account/security',
  sessions: '/account/sessions',
  tokens: '/account/tokens',
  identities: '/account/identities',
}

/** Links between the sections of one's own account: first on each of their pages. */
export function accountTabs({ words, pages }: Visit, current: AccountSection): Html {
  const sections = SECTIONS.filter((section) => pages.has(PATHS[section]))
  return tabs(
    words.account.sections,
    sections.map((section) => ({
      path: PATHS[section],
      label: words.account.tabs[section],
      current: section === current,
    })),
  )
}
