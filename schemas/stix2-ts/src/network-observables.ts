import { observable } from './definition.ts'
import type { ObjectOf } from './definition.ts'
import { integer, list, string } from './fields.ts'
import type { ObjectRule } from './fields.ts'
import { prefixRef, ref } from './identifier-fields.ts'
import { hasScheme, hasUrlCharacters, isDomainName, isEmailAddress, isIpv4, isIpv6, isMac } from './network-address.ts'
import { defangable, valueForm } from './observable-fields.ts'
import { required } from './table.ts'

/** STIX 2.1 §6.2. */
export const autonomousSystem = observable(
  'autonomous-system',
  ['number'],
  { number: required(integer()), name: string(), rir: string() },
  {},
)

/** STIX 2.1 §6.4. */
export const domainName = observable(
  'domain-name',
  ['value'],
  { value: required(defangable()), resolves_to_refs: list(ref('ipv4-addr', 'ipv6-addr', 'domain-name')) },
  {},
  valueForm(isDomainName, 'must be a domain name: correct it, or set defanged'),
)

/** STIX 2.1 §6.5. */
export const emailAddress = observable(
  'email-addr',
  ['value'],
  { value: required(defangable()), display_name: string(), belongs_to_ref: ref('user-account') },
  {},
  valueForm(isEmailAddress, 'must be a mail address without a display name: correct it, or set defanged'),
)

/** STIX 2.1 §6.8. */
export const ipv4Address = observable(
  'ipv4-addr',
  ['value'],
  {
    value: required(defangable()),
    resolves_to_refs: list(ref('mac-addr')),
    belongs_to_refs: list(ref('autonomous-system')),
  },
  {},
  valueForm(isIpv4, 'must be an IPv4 address or CIDR block: correct it, or set defanged'),
)

/** STIX 2.1 §6.9. */
export const ipv6Address = observable(
  'ipv6-addr',
  ['value'],
  {
    value: required(defangable()),
    resolves_to_refs: list(ref('mac-addr')),
    belongs_to_refs: list(ref('autonomous-system')),
  },
  {},
  valueForm(isIpv6, 'must be an IPv6 address or CIDR block: correct it, or set defanged'),
)

/** STIX 2.1 §6.10. */
export const macAddress = observable(
  'mac-addr',
  ['value'],
  { value: required(defangable()) },
  {},
  valueForm(isMac, 'must be six lower-case pairs with colons: correct it, or set defanged'),
)

const urlCharacters: ObjectRule = (object, report) => {
  const value = object['value']
  if (object['defanged'] === true || typeof value !== 'string' || hasUrlCharacters(value)) return
  report.warningAt('value', 'url-characters', 'should have only the characters of RFC 3986: escape the others')
}

/** STIX 2.1 §6.15. */
export const url = observable(
  'url',
  ['value'],
  { value: required(defangable()) },
  {},
  valueForm(hasScheme, 'must start with a scheme such as https: correct it, or set defanged'),
  urlCharacters,
)

/** Where a connection starts or ends (STIX 2.1 §6.12). */
export function endpoint() {
  return prefixRef('ipv4-addr', 'ipv6-addr', 'mac-addr', 'domain-name')
}

/** A routing domain (STIX 2.1 §6.2). */
export type AutonomousSystem = ObjectOf<typeof autonomousSystem>
/** A domain name (STIX 2.1 §6.4). */
export type DomainName = ObjectOf<typeof domainName>
/** A mail address (STIX 2.1 §6.5). */
export type EmailAddress = ObjectOf<typeof emailAddress>
/** An IPv4 address or block (STIX 2.1 §6.8). */
export type Ipv4Address = ObjectOf<typeof ipv4Address>
/** An IPv6 address or block (STIX 2.1 §6.9). */
export type Ipv6Address = ObjectOf<typeof ipv6Address>
/** A MAC address (STIX 2.1 §6.10). */
export type MacAddress = ObjectOf<typeof macAddress>
/** A URL (STIX 2.1 §6.15). */
export type Url = ObjectOf<typeof url>
