import { Type, type Static } from 'typebox'

const closed = { additionalProperties: false }
const line = (maxLength: number) => Type.String({ maxLength, pattern: '^[^\\u0000-\\u001f\\u007f]*$' })

/** Name of an attribute (RFC 4512 §2.5), without options; `''` for none. */
const attribute = Type.String({ maxLength: 64, pattern: '^[A-Za-z][A-Za-z0-9-]*$' })
const attributeOrNone = Type.String({ maxLength: 64, pattern: '^([A-Za-z][A-Za-z0-9-]*)?$' })

/** How the members of an outside group are written: in the group by DN or by name, or in the person's entry. */
export const MEMBER_ATTRIBUTES = ['member', 'uniqueMember', 'memberUid', 'memberOf'] as const

/** How an LDAP directory is asked. There is no way to ask one in the clear. */
export const LDAP_SETTINGS = Type.Object(
  {
    /** `ldaps://host[:port]`, or `ldap://host[:port]` with StartTLS. */
    url: Type.String({ maxLength: 300, pattern: '^ldaps?://[^\\s/?#@\\u0000-\\u001f]+/?$' }),
    tls: Type.Enum(['ldaps', 'starttls']),
    /** Certificates of its authority as PEM; `''` for those that Node.js trusts. */
    ca: Type.String({ maxLength: 40_000 }),
    way: Type.Enum(['search-then-bind', 'direct']),
    /** Below it people are searched. */
    baseDn: line(500),
    /** Attributes that may hold the name a person signs in with. */
    userAttributes: Type.Array(attribute, { minItems: 1, maxItems: 5 }),
    /** Who searches; `''` searches anonymously. Its password is the provider's secret. */
    bindDn: line(500),
    /** For `direct`: the DN of a person, with `{name}` for the name. */
    directTemplate: line(500),
    attributes: Type.Object(
      {
        /** Never changes and is never given to another entry: entryUUID, objectGUID, ipaUniqueID, nsUniqueId. */
        id: attribute,
        /** Becomes the name of a new account. */
        name: attribute,
        displayName: attributeOrNone,
        email: attributeOrNone,
        timeZone: attributeOrNone,
      },
      closed,
    ),
    groups: Type.Object(
      {
        /** Below it groups are searched; `''` asks for no groups. With `memberOf` it is what a group must lie below. */
        baseDn: line(500),
        memberAttribute: Type.Enum([...MEMBER_ATTRIBUTES]),
        /** Whether a member of a group within a group counts. */
        nested: Type.Boolean(),
        maxDepth: Type.Integer({ minimum: 1, maximum: 20 }),
      },
      closed,
    ),
    /** What the first sign-in of somebody unknown does. Never links to an account that is there. */
    newAccounts: Type.Enum(['refuse', 'make']),
    /** For each step: connecting, one question. */
    timeoutSeconds: Type.Integer({ minimum: 1, maximum: 60 }),
  },
  closed,
)

/** How an LDAP directory is asked. */
export type LdapSettings = Static<typeof LDAP_SETTINGS>

/** Where an administrator begins. */
export const NEW_LDAP: LdapSettings = {
  url: '',
  tls: 'ldaps',
  ca: '',
  way: 'search-then-bind',
  baseDn: '',
  userAttributes: ['uid'],
  bindDn: '',
  directTemplate: '',
  attributes: { id: 'entryUUID', name: 'uid', displayName: 'cn', email: 'mail', timeZone: '' },
  groups: { baseDn: '', memberAttribute: 'member', nested: false, maxDepth: 5 },
  newAccounts: 'refuse',
  timeoutSeconds: 5,
}
