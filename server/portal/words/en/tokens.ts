import type { Scope } from '../../../auth/programs/scopes.ts'

const scopes: Readonly<Record<Scope, string>> = {
  taxii: 'Exchange indicators and other STIX objects by TAXII 2.1',
  'api:read': 'Ask the API for what you may see',
  'api:write': 'Change through the API what you may change',
  metrics: 'Read the measurements of the server',
  directory: 'Sign in where the directory (LDAP) is asked, in place of your password',
}

/** English texts: API tokens. */
export const tokens = {
  title: 'API tokens',
  intro: 'A token lets a program act as you, within its scopes, without your password. Give each program its own.',
  list: 'Your tokens',
  name: 'Name',
  nameHint: 'Where it is used: “SIEM of the harbour”.',
  scopes: 'Good for',
  scopeNames: scopes,
  state: 'State',
  states: { good: 'good', expired: 'expired', revoked: 'revoked' } as Readonly<Record<string, string>>,
  created: 'Made',
  expires: 'Expires',
  lastUsed: 'Last used',
  never: 'never',
  revoke: 'Revoke',
  revoked: 'The token counts no more.',
  none: 'No token yet',
  whyNone: 'Programs that poll collections or call the API need one.',
  add: 'Make a token',
  days: 'Good for how many days',
  daysHint: '1 to 365. A program that nobody looks after should stop by itself.',
  made: 'The token is made',
  madeText: 'This is the only time that it is shown. Copy it to where it is needed now; nobody can show it again.',
  tryIt: 'Try it:',
  back: 'Back to the tokens',
  badName: 'Give the token a name of 1 to 100 characters.',
  badScope: 'Choose at least one thing that it is good for.',
  badDays: 'A whole number from 1 to 365.',
}
