import { tabs } from '../components/tabs.ts'
import type { Html } from '../html.ts'
import type { GroupVisit } from '../visit.ts'
import { may } from './may.ts'

/** Links between the lists of members, invitations, proposals and requests, for those who manage members. */
export function memberTabs(
  visit: GroupVisit,
  current: 'members' | 'invitations' | 'proposals' | 'requests',
): Html | undefined {
  if (!may(visit, 'manage-members')) return undefined
  const { groups } = visit.words
  const base = `/groups/${visit.group.name}`
  return tabs(groups.sections, [
    { path: `${base}/members`, label: groups.sections, current: current === 'members' },
    { path: `${base}/invitations`, label: groups.invitations, current: current === 'invitations' },
    { path: `${base}/proposals`, label: groups.proposals, current: current === 'proposals' },
    { path: `${base}/requests`, label: visit.words.shell.requests, current: current === 'requests' },
  ])
}
