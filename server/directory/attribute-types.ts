import { normalDn } from '../auth/ldap/dn.ts'

/** How values of an attribute are compared (RFC 4517 §4.2). */
type Rule = 'caseIgnoreMatch' | 'distinguishedNameMatch' | 'uuidMatch'

interface AttributeType {
  readonly name: string
  /** Other names that it goes by, and its object identifier. */
  readonly also: readonly string[]
  readonly rule: Rule
  /** Given only when it is asked for by name, or by `+` (RFC 4511 §4.5.1.8). */
  readonly operational?: true
}

/** Every attribute that an entry of ours can have. What is not here is in no entry, and no filter matches it. */
const TYPES: readonly AttributeType[] = [
  { name: 'objectClass', also: ['2.5.4.0'], rule: 'caseIgnoreMatch' },
  { name: 'uid', also: ['userid', '0.9.2342.19200300.100.1.1'], rule: 'caseIgnoreMatch' },
  { name: 'cn', also: ['commonName', '2.5.4.3'], rule: 'caseIgnoreMatch' },
  { name: 'sn', also: ['surname', '2.5.4.4'], rule: 'caseIgnoreMatch' },
  { name: 'displayName', also: ['2.16.840.1.113730.3.1.241'], rule: 'caseIgnoreMatch' },
  { name: 'mail', also: ['rfc822Mailbox', '0.9.2342.19200300.100.1.3'], rule: 'caseIgnoreMatch' },
  { name: 'description', also: ['2.5.4.13'], rule: 'caseIgnoreMatch' },
  { name: 'dc', also: ['domainComponent', '0.9.2342.19200300.100.1.25'], rule: 'caseIgnoreMatch' },
  { name: 'o', also: ['organizationName', '2.5.4.10'], rule: 'caseIgnoreMatch' },
  { name: 'ou', also: ['organizationalUnitName', '2.5.4.11'], rule: 'caseIgnoreMatch' },
  { name: 'member', also: ['2.5.4.31'], rule: 'distinguishedNameMatch' },
  { name: 'memberOf', also: ['1.2.840.113556.1.2.102'], rule: 'distinguishedNameMatch', operational: true },
  { name: 'entryUUID', also: ['1.3.6.1.1.16.4'], rule: 'uuidMatch', operational: true },
]

/** `name` is what cn, sn, o and ou are kinds of (RFC 4519 §2.18). */
const KINDS_OF_NAME = ['cn', 'sn', 'o', 'ou']

const BY_NAME = new Map(TYPES.flatMap((type) => [type.name, ...type.also].map((name) => [name.toLowerCase(), [type]])))
const OF_NAME = TYPES.filter(({ name }) => KINDS_OF_NAME.includes(name))
BY_NAME.set('name', OF_NAME).set('2.5.4.41', OF_NAME)

/** The attributes that a description means, in any capitals; none for what we do not have. Options mean nothing here. */
export function attributeTypes(description: string): readonly AttributeType[] {
  return BY_NAME.get(description.toLowerCase()) ?? []
}

/**
 * The names of the attributes that a search wants (RFC 4511 §4.5.1.8): `*` is all of the user's, `+` the operational ones,
 * `1.1` none.
 * @param wanted as the search says; empty for all of the user's
 */
export function wantedAttributes(wanted: readonly string[]): ReadonlySet<string> {
  const asked = wanted.length === 0 ? ['*'] : wanted
  const types = asked.flatMap((each) => {
    if (each === '*') return TYPES.filter(({ operational }) => !operational)
    return each === '+' ? TYPES.filter(({ operational }) => operational) : attributeTypes(each)
  })
  return new Set(types.map(({ name }) => name))
}

/** A value in the one form that all values have that are equal to it. */
export function normalValue(rule: Rule, value: string): string {
  if (rule === 'distinguishedNameMatch') return normalDn(value)
  return rule === 'uuidMatch' ? value.toLowerCase() : normalText(value)
}

/** Small letters, one space for many, none at the ends (RFC 4518 §2). */
export function normalText(value: string): string {
  return prepared(value).trim()
}

/** As {@link normalText}, but a space at an end stays one: for a piece of a substring. */
export function prepared(value: string): string {
  return value.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ')
}
