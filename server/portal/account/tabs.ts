import { tabs } from '../components/tabs.ts'
import type { Html } from '../html.ts'
import type { Visit } from '../visit.ts'

/** The sections of one's own account. */
const SECTIONS = [
  'overview',
  'profile',
  'assets',
  'keys',
  'security',
  'sessions',
  'tokens',
  'services',
  'identities',
  'notices',
] as const
export type AccountSection = (typeof SECTIONS)[number]

const PATHS: Readonly<Record<AccountSection, string>> = {
  overview: '/account',
  profile: '/account/profile',
  assets: '/account/assets',
  keys: '/account/keys',
  security: '/account/security',
  sessions: '/account/sessions',
  tokens: '/account/tokens',
  services: '/account/services',
  identities: '/account/identities',
  notices: '/account/notices',
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
