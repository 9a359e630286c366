import { tabs } from '../components/tabs.ts'
import type { Html } from '../html.ts'
import type { GroupVisit } from '../visit.ts'
import { may } from './may.ts'

/** The pages about vouches and nominations, as links: those that the visitor may open. */
export function vouchingTabs(
  visit: GroupVisit,
  current: 'vouching' | 'nominations' | 'concerns' | 'attestations' | 'vouch-export',
): Html {
  const { vouching, nominations } = visit.words
  const pages = [
    ['vouching', vouching.panelTab, 'vouch'],
    ['nominations', nominations.tab, 'see-nominations'],
    ['concerns', vouching.concernsTab, 'see-concerns'],
    ['attestations', vouching.attestationsTab, 'set-group'],
    ['vouch-export', vouching.exportTab, 'export-vouches'],
  ] as const
  return tabs(
    vouching.sections,
    pages
      .filter(([, , action]) => may(visit, action))
      .map(([path, label]) => ({ path: `/groups/${visit.group.name}/${path}`, label, current: path === current })),
  )
}
