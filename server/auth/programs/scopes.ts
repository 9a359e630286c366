/** What a token can be good for, and what that means. */
export const SCOPES = {
  taxii: 'exchange STIX objects by TAXII 2.1',
  'api:read': 'ask the API',
  'api:write': 'ask the API, and change things through it',
  metrics: 'read the measurements of the server',
  directory: 'bind to the directory (LDAP) in place of a password',
} as const satisfies Readonly<Record<string, string>>

/** The scopes that count for a program of a member, whatever its credential says. */
export const SERVICE_SCOPES: ReadonlySet<string> = new Set<keyof typeof SCOPES>(['taxii', 'directory'])

/** One of the scopes. */
export type Scope = keyof typeof SCOPES

/** Whether a text names a scope. */
export function isScope(text: string): text is Scope {
  return Object.hasOwn(SCOPES, text)
}
