import type { Action } from '../../policies/roles.ts'
import type { shell } from './words/en/shell.ts'

/** The keys of plain texts: those that take values are functions. */
type TextKey = { [Key in keyof typeof shell]: (typeof shell)[Key] extends string ? Key : never }[keyof typeof shell]

/** A place of the navigation: shown when its page exists, to those who may go there. */
export interface Place {
  /** As its route says it. */
  readonly path: string
  /** Key of its name in the words of the shell. */
  readonly label: TextKey
  readonly action: Action
  /** Other addresses whose pages belong to this place, with all below them. */
  readonly also?: readonly string[]
}

/** In a trust group, in the order that members of Ops-Trust know. */
export const GROUP_PLACES: readonly Place[] = [
  { path: '/groups/:group', label: 'overview', action: 'see-group' },
  {
    path: '/groups/:group/members',
    label: 'members',
    action: 'see-members',
    also: [
      '/groups/:group/invite',
      '/groups/:group/invitations',
      '/groups/:group/proposals',
      '/groups/:group/requests',
      '/groups/:group/graph',
      '/groups/:group/cards',
    ],
  },
  {
    path: '/groups/:group/membership',
    label: 'membership',
    action: 'see-own-membership',
    also: ['/groups/:group/you'],
  },
  { path: '/groups/:group/nominate', label: 'nominate', action: 'nominate' },
  {
    path: '/groups/:group/vouching',
    label: 'vouching',
    action: 'vouch',
    also: [
      '/groups/:group/nominations',
      '/groups/:group/vouch',
      '/groups/:group/concerns',
      '/groups/:group/attestations',
      '/groups/:group/vouch-export',
    ],
  },
  { path: '/groups/:group/lists', label: 'lists', action: 'see-group' },
  { path: '/groups/:group/keys', label: 'keys', action: 'see-members' },
  { path: '/groups/:group/sitreps', label: 'sitreps', action: 'see-group' },
  { path: '/groups/:group/indicators', label: 'indicators', action: 'see-group' },
  { path: '/groups/:group/collections', label: 'collections', action: 'see-collections' },
  { path: '/groups/:group/peers', label: 'peers', action: 'manage-peers' },
  { path: '/groups/:group/audit', label: 'groupAudit', action: 'see-group-audit' },
  {
    path: '/groups/:group/settings',
    label: 'groupSettings',
    action: 'set-group',
    also: ['/groups/:group/fields'],
  },
]

/** On the site, for those who look after it. */
export const SITE_PLACES: readonly Place[] = [
  { path: '/site/status', label: 'status', action: 'see-status' },
  { path: '/site/accounts', label: 'accounts', action: 'see-accounts' },
  { path: '/site/groups', label: 'groups', action: 'manage-groups' },
  { path: '/site/requests', label: 'requests', action: 'see-site-requests' },
  { path: '/site/providers', label: 'providers', action: 'manage-providers' },
  { path: '/site/participants', label: 'participants', action: 'see-participants' },
  { path: '/site/outbox', label: 'outbox', action: 'see-outbox' },
  { path: '/site/audit', label: 'audit', action: 'see-audit' },
  { path: '/site/settings', label: 'settings', action: 'set-site' },
  { path: '/_style', label: 'style', action: 'see-style' },
]
