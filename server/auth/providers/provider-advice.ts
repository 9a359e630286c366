import type { ProviderTrouble } from './provider-check.ts'

/** What a trouble comes from and what to do about it, for those who look after a provider. */
export interface Advice {
  readonly cause: string
  readonly remedy: string
}

/** Of every trouble, in English. */
export const ADVICE: Readonly<Record<ProviderTrouble, Advice>> = {
  'name-unknown': {
    cause: 'The host name is not known here.',
    remedy: 'Check the address for a typing mistake, and the name service of this machine.',
  },
  refused: {
    cause: 'The host takes no connection on this port.',
    remedy: 'Check that the server runs, the port, and that firewalls let this machine through.',
  },
  silent: {
    cause: 'No answer came in time.',
    remedy:
      'Check that the server is not overloaded and that no firewall drops packets. Allow more seconds if it is slow.',
  },
  cut: {
    cause: 'The connection was closed before there was an answer.',
    remedy: 'Check that port and way of encryption belong together: ldaps:// is usually 636, StartTLS 389.',
  },
  'not-tls': {
    cause: 'What answered did not speak TLS 1.2 or later.',
    remedy: 'Check the port, and that the server offers TLS 1.2. Without encryption no password is sent.',
  },
  'starttls-refused': {
    cause: 'The directory refused StartTLS.',
    remedy: 'Set up TLS on the directory, or use ldaps://.',
  },
  'authority-unknown': {
    cause: 'The certificate comes from an authority that is not trusted here.',
    remedy: 'Paste the certificate of your own authority, or let the server send the whole chain.',
  },
  'certificate-name': {
    cause: 'The certificate is for another name than the address.',
    remedy: 'Use the name that stands in the certificate, or give the server one for this name.',
  },
  'certificate-expired': {
    cause: 'The certificate has ended, or is not valid yet.',
    remedy: 'Renew it on the server. If it is fresh, check the clock of this machine.',
  },
  'bind-refused': {
    cause: 'The directory refused the account that searches.',
    remedy: 'Check its DN, give its password again, and see whether it is locked or expired there.',
  },
  'base-unknown': {
    cause: 'The directory knows no entry of this base, or does not show it to the account that searches.',
    remedy: 'Check the base DN, and what the account may read.',
  },
  'search-refused': {
    cause: 'The directory refused the search.',
    remedy: 'Check the base DN and the attributes, and what the account that searches may read.',
  },
  referral: {
    cause: 'The directory pointed to another server. We do not follow: it could be anybody.',
    remedy: 'Name the server that holds the entries itself; with Active Directory, the global catalogue (port 3269).',
  },
  'nobody-found': {
    cause: 'Below the base there is no entry with the attribute of the name.',
    remedy: 'Check the base DN and the name attribute; with Active Directory it is usually sAMAccountName.',
  },
  'too-many': {
    cause: 'Somebody is in more than 2,000 groups.',
    remedy: 'Narrow the base of the groups, or turn nested groups off.',
  },
  'id-missing': {
    cause: 'An entry has no unchanging id, or several.',
    remedy: 'Check the attribute: entryUUID (OpenLDAP), objectGUID (Active Directory), ipaUniqueID, nsUniqueId.',
  },
  'groups-unread': {
    cause: 'People can sign in, but their groups could not be read.',
    remedy: 'Check the base of the groups, and what the account that searches may read.',
  },
  'not-openid': {
    cause: 'What is at this address does not describe itself as this OpenID provider.',
    remedy: 'Open the issuer with /.well-known/openid-configuration behind it and copy its issuer as it stands there.',
  },
}
