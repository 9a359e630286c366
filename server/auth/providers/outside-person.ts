import type { OutsideIdentity } from './identities.ts'

/** What a provider says of somebody whom it knows. All but issuer and subject is for show: it never finds an account. */
export interface OutsidePerson extends OutsideIdentity {
  /** What they are called there: the name of a new account is made from it. */
  readonly name: string | undefined
  readonly displayName: string | undefined
  readonly email: string | undefined
  /** IANA name. */
  readonly timeZone: string | undefined
  /** Names of groups; undefined when the provider was not asked for them or does not say. */
  readonly groups: readonly string[] | undefined
}
