import type { Clock } from '../../clock.ts'
import { checkLdap } from '../ldap/check.ts'
import { withDirectory } from '../ldap/connection.ts'
import { troubleOf, type LdapTroubleKind } from '../ldap/trouble.ts'
import { OpenIdProviders } from '../oidc/openid-providers.ts'
import type { OidcProvider, Provider } from './providers.ts'

/** Everything that can be wrong with a provider; `not-openid` is one that does not describe itself as it was set up. */
export type ProviderTrouble = LdapTroubleKind | 'not-openid'

/** What is done to find out whether a provider works, in this order. */
export type CheckStepName = 'connect' | 'encrypt' | 'bind' | 'search' | 'groups' | 'describe'

/** How far a step came. A step that was not reached is skipped, and so is one that needs a person's own password. */
export interface CheckStep {
  readonly step: CheckStepName
  readonly outcome: 'ok' | 'failed' | 'skipped'
  readonly trouble?: ProviderTrouble
  /** Of the certificate: whom it is for, who made it, and when it ends. */
  readonly certificate?: { readonly names: string; readonly issuer: string; readonly untilMicros: number }
  /** Names of what was found, for example some groups. */
  readonly found?: readonly string[]
}

/** Asks a provider as a sign-in would, without anybody's password, and says what happened at each step. */
export async function checkProvider(clock: Clock, provider: Provider): Promise<readonly CheckStep[]> {
  return provider.kind === 'ldap' ? await checkLdap(provider) : [await describe(clock, provider)]
}

/**
 * Whether a provider can be reached and proves to be the right one; nothing is asked that takes a secret.
 * @returns undefined when it is
 */
export async function reach(clock: Clock, provider: Provider): Promise<ProviderTrouble | undefined> {
  if (provider.kind === 'oidc') return (await describe(clock, provider)).trouble
  try {
    await withDirectory(provider.settings, async () => undefined)
    return undefined
  } catch (error) {
    return troubleOf(error, 'refused').kind
  }
}

/** The trouble of the first step that failed. */
export function troubleIn(steps: readonly CheckStep[]): ProviderTrouble | undefined {
  return steps.find((each) => each.outcome === 'failed')?.trouble
}

async function describe(clock: Clock, provider: OidcProvider): Promise<CheckStep> {
  try {
    const { authorization_endpoint } = await new OpenIdProviders(clock).metadata(provider)
    if (authorization_endpoint === undefined) return { step: 'describe', outcome: 'failed', trouble: 'not-openid' }
    return { step: 'describe', outcome: 'ok', found: [authorization_endpoint] }
  } catch (error) {
    return { step: 'describe', outcome: 'failed', trouble: ofFetch(error) }
  }
}

/** `fetch` keeps the error of the socket as the innermost cause. */
function ofFetch(error: unknown): ProviderTrouble {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === 'TimeoutError') return 'silent'
    const { kind } = troubleOf(cause, 'id-missing')
    if (kind !== 'id-missing') return kind
  }
  return 'not-openid'
}
