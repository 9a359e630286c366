import type { Tlp } from './tlp.ts'

/** What a membership can be, beside plain member. Nobody has one of them without being a member. */
export const GROUP_ROLES = ['list-owner', 'coordinator', 'group-administrator'] as const
export type GroupRole = (typeof GROUP_ROLES)[number]

/**
 * Every role. `newcomer`: approved by a group, but not active yet. `break-glass`: a site administrator who looks into a group
 * for an hour, with a reason that it is told.
 */
export const ROLES = ['newcomer', 'member', ...GROUP_ROLES, 'site-administrator', 'break-glass'] as const
export type Role = (typeof ROLES)[number]

/**
 * What somebody wants to do. `about` says with what: the site, a trust group, or one's own account.
 * `roles` says who may: `true`, or up to which label. A role that is not named may not.
 */
interface Rule {
  readonly about: 'site' | 'group' | 'self'
  readonly meaning: string
  readonly roles: Readonly<Partial<Record<Role, true | Tlp>>>
  /** The act is dangerous: the session must have proven itself within the last minutes (ASVS 5.0 7.5). */
  readonly stepUp?: true
}

const everyMember = { member: true } as const
const everyoneLetIn = { newcomer: true, member: true } as const
const groupAdministrator = { 'group-administrator': true } as const
const siteAdministrator = { 'site-administrator': true } as const

/** The matrix role × TLP × group × action. `docs/roles.md` is made from it, and the tests try every cell. */
export const RULES = {
  'see-group': {
    about: 'group',
    meaning: 'see that the group exists, and its page',
    roles: { ...everyoneLetIn, 'break-glass': true },
  },
  'see-members': { about: 'group', meaning: 'see who is a member', roles: { ...everyMember, 'break-glass': true } },
  'read-content': {
    about: 'group',
    meaning: 'read what the group shares',
    roles: {
      member: 'TLP:AMBER+STRICT',
      coordinator: 'TLP:RED',
      'group-administrator': 'TLP:RED',
      'break-glass': 'TLP:RED',
    },
  },
  contribute: { about: 'group', meaning: 'give the group something', roles: { member: 'TLP:RED' } },
  'leave-group': { about: 'group', meaning: 'leave the group', roles: everyoneLetIn },
  'see-own-membership': {
    about: 'group',
    meaning: 'see why one’s own membership is as it is, and what mends it',
    roles: everyoneLetIn,
  },
  'set-own-membership': {
    about: 'group',
    meaning: 'choose one’s own address, certificate and fields for the group',
    roles: everyoneLetIn,
  },
  vouch: { about: 'group', meaning: 'vouch for somebody, or take it back', roles: everyoneLetIn },
  nominate: { about: 'group', meaning: 'nominate somebody', roles: everyMember },
  'see-nominations': {
    about: 'group',
    meaning: 'see who is nominated',
    roles: { ...everyMember, 'break-glass': true },
  },
  'raise-concern': { about: 'group', meaning: 'decline to vouch, or tell of a concern', roles: everyMember },
  'see-concerns': { about: 'group', meaning: 'read concerns, and settle them', roles: groupAdministrator },
  'see-vouches': {
    about: 'group',
    meaning: 'see who vouches for whom, as far as the group shows it',
    roles: { ...everyMember, 'break-glass': true },
  },
  'export-vouches': {
    about: 'group',
    meaning: 'take all vouches away, which every member is told',
    roles: groupAdministrator,
    stepUp: true,
  },
  'see-collections': {
    about: 'group',
    meaning: 'see which collections the group has for one, and how programs read them',
    roles: { ...everyMember, 'break-glass': true },
  },
  'manage-collections': {
    about: 'group',
    meaning: 'make collections of the group, and switch off programs of its members',
    roles: groupAdministrator,
  },
  'see-requests': {
    about: 'group',
    meaning: 'read requests to be invited, and settle them',
    roles: groupAdministrator,
  },
  'see-assets': { about: 'group', meaning: 'see what members answer for', roles: groupAdministrator },
  'manage-lists': {
    about: 'group',
    meaning: 'look after its mailing lists',
    roles: { 'list-owner': true, ...groupAdministrator },
  },
  'publish-sitrep': { about: 'group', meaning: 'publish SITREPs', roles: { coordinator: 'TLP:RED' } },
  'manage-peers': { about: 'group', meaning: 'manage peer regions', roles: { coordinator: true } },
  'manage-members': { about: 'group', meaning: 'approve, add, block and remove members', roles: groupAdministrator },
  'assign-roles': { about: 'group', meaning: 'give and take roles', roles: groupAdministrator, stepUp: true },
  'set-group': { about: 'group', meaning: 'change its name and rules', roles: groupAdministrator },
  'end-glass': {
    about: 'group',
    meaning: 'end one’s own look into the group before its hour is over',
    roles: { 'break-glass': true },
  },
  'see-group-audit': {
    about: 'group',
    meaning: 'see who did what in the group',
    roles: { ...groupAdministrator, 'break-glass': true },
  },

  'see-status': { about: 'site', meaning: 'see how the server is', roles: siteAdministrator },
  'see-style': { about: 'site', meaning: 'see the style page', roles: siteAdministrator },
  'see-audit': { about: 'site', meaning: 'read and verify the audit', roles: siteAdministrator },
  'export-audit': { about: 'site', meaning: 'take the audit away', roles: siteAdministrator, stepUp: true },
  'see-accounts': { about: 'site', meaning: 'see the accounts', roles: siteAdministrator },
  'invite-account': { about: 'site', meaning: 'invite people', roles: siteAdministrator },
  'suspend-account': { about: 'site', meaning: 'suspend an account, and let it in again', roles: siteAdministrator },
  'recover-account': {
    about: 'site',
    meaning: 'open a way back for somebody who is locked out',
    roles: siteAdministrator,
    stepUp: true,
  },
  'appoint-administrator': {
    about: 'site',
    meaning: 'make and unmake site administrators',
    roles: siteAdministrator,
    stepUp: true,
  },
  'manage-groups': { about: 'site', meaning: 'make trust groups', roles: siteAdministrator },
  'break-glass': {
    about: 'site',
    meaning: 'look into a group, with a reason that the group is told',
    roles: siteAdministrator,
    stepUp: true,
  },
  'set-site': { about: 'site', meaning: 'change name, looks and mail of the site', roles: siteAdministrator },
  'manage-providers': {
    about: 'site',
    meaning: 'say which directories and providers sign people in',
    roles: siteAdministrator,
    stepUp: true,
  },
  'see-participants': {
    about: 'site',
    meaning: 'see the participant map of the region',
    roles: siteAdministrator,
  },
  'set-participants': { about: 'site', meaning: 'change the participant map', roles: siteAdministrator },
  'see-site-requests': {
    about: 'site',
    meaning: 'read requests to be invited that name no group, and settle them',
    roles: siteAdministrator,
  },
  'see-outbox': { about: 'site', meaning: 'see which notices went out', roles: siteAdministrator },
  'send-notice': { about: 'site', meaning: 'send a notice again, or a test notice', roles: siteAdministrator },

  'see-self': { about: 'self', meaning: 'see one’s own account', roles: everyMember },
  'set-self': { about: 'self', meaning: 'change one’s own name, language and time zone', roles: everyMember },
  'end-session': { about: 'self', meaning: 'end one’s own sessions', roles: everyMember },
  'vouch-for-recovery': {
    about: 'self',
    meaning: 'approve a way back for somebody whom one vouches for',
    roles: everyMember,
    stepUp: true,
  },
  'set-credentials': {
    about: 'self',
    meaning: 'change one’s own password, second factors, tokens and linked accounts',
    roles: everyMember,
    stepUp: true,
  },
} as const satisfies Readonly<Record<string, Rule>>

/** The name of something that can be permitted. */
export type Action = keyof typeof RULES

/** The rule of an action, with all that it may have. */
export function ruleOf(action: Action): Rule {
  return RULES[action]
}
