import { NEW_LDAP, type LdapSettings } from '../../server/auth/ldap/settings.ts'
import type { LdapProvider } from '../../server/auth/providers/providers.ts'
import { GROUPS, PEOPLE } from './people-of-the-city.ts'
import { READER, type Slapd } from './slapd.ts'

/** Settings with which the city's directory lets people in. */
export function citySettings(slapd: Slapd, more: Partial<LdapSettings> = {}): LdapSettings {
  return {
    ...NEW_LDAP,
    url: slapd.ldaps,
    ca: slapd.authority.certificate,
    baseDn: PEOPLE,
    bindDn: READER.dn,
    groups: { ...NEW_LDAP.groups, baseDn: GROUPS, nested: true },
    ...more,
  }
}

/** The city's directory as a provider that was loaded. */
export function cityProvider(slapd: Slapd, more: Partial<LdapSettings> = {}): LdapProvider {
  return {
    kind: 'ldap',
    providerNo: 1,
    name: 'city',
    title: 'City of Test',
    active: true,
    secret: READER.password,
    checkedMicros: undefined,
    trouble: undefined,
    settings: citySettings(slapd, more),
  }
}
