import { type LdapSettings, NEW_LDAP } from './settings.ts'

/** Where to begin with a kind of directory that is often met: its own attributes. */
export const LDAP_PRESETS = {
  openldap: NEW_LDAP,
  'active-directory': {
    ...NEW_LDAP,
    userAttributes: ['sAMAccountName'],
    attributes: {
      id: 'objectGUID',
      name: 'sAMAccountName',
      displayName: 'displayName',
      email: 'mail',
      timeZone: '',
    },
    groups: { ...NEW_LDAP.groups, memberAttribute: 'member', nested: true },
  },
  freeipa: {
    ...NEW_LDAP,
    attributes: { ...NEW_LDAP.attributes, id: 'ipaUniqueID', displayName: 'displayName' },
    groups: { ...NEW_LDAP.groups, memberAttribute: 'memberOf' },
  },
  '389ds': { ...NEW_LDAP, attributes: { ...NEW_LDAP.attributes, id: 'nsUniqueId', displayName: 'displayName' } },
} as const satisfies Readonly<Record<string, LdapSettings>>

/** The name of a kind of directory. */
export type LdapPreset = keyof typeof LDAP_PRESETS

/** Whether a text names one. */
export function isPreset(text: string | null | undefined): text is LdapPreset {
  return typeof text === 'string' && Object.hasOwn(LDAP_PRESETS, text)
}
