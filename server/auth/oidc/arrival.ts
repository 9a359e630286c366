import {
  type Configuration,
  fetchUserInfo,
  type IDToken,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from 'openid-client'
import type { Means, ProviderSession } from '../sessions/web-session.ts'
import type { OutsidePerson } from '../providers/outside-person.ts'
import type { OidcProvider } from '../providers/providers.ts'

/** Somebody whom a provider has just signed in, checked. */
export interface Arrival {
  readonly person: OutsidePerson
  readonly session: ProviderSession
  readonly means: readonly Means[]
}

/** OpenID Connect Core 1.0 §2: at most 255 ASCII characters. */
const SUBJECT = /^[\x20-\x7e]{1,255}$/
const MAX_SID = 500
const MAX_GROUPS = 1000

type Tokens = TokenEndpointResponse & TokenEndpointResponseHelpers

/**
 * Reads who has arrived out of a checked ID token, and what is only for show out of the userinfo.
 * @returns undefined for a subject that no provider may issue
 */
export async function readArrival(
  client: Configuration,
  provider: OidcProvider,
  tokens: Tokens,
): Promise<Arrival | undefined> {
  const token = tokens.claims()
  if (!token || !SUBJECT.test(token.sub)) return undefined
  const claims = { ...(await askUserInfo(client, tokens.access_token, token)), ...token }
  const { groupsClaim } = provider.settings
  const sid = text(token['sid'])
  return {
    person: {
      issuer: token.iss,
      subject: token.sub,
      name: text(claims['preferred_username']),
      displayName: text(claims['name']),
      email: claims['email_verified'] === false ? undefined : text(claims['email']),
      timeZone: text(claims['zoneinfo']),
      groups: groupsClaim === '' ? undefined : groupNames(claims[groupsClaim]),
    },
    session: {
      issuer: token.iss,
      subject: token.sub,
      provider: provider.name,
      ...(sid !== undefined && sid.length <= MAX_SID && { sid }),
    },
    means: isStrongThere(provider, token) ? ['oidc', 'oidc-second-factor'] : ['oidc'],
  }
}

/** What is for show must not keep anybody out: without an answer there is nothing to show. */
async function askUserInfo(
  client: Configuration,
  accessToken: string,
  { sub }: IDToken,
): Promise<Readonly<Record<string, unknown>>> {
  if (client.serverMetadata().userinfo_endpoint === undefined) return {}
  try {
    // checks that it is about the same subject (OpenID Connect Core 1.0 §5.3.2)
    return await fetchUserInfo(client, accessToken, sub)
  } catch {
    return {}
  }
}

/** Whether the provider says that it asked for more than one factor, in words that were set up for it (ASVS 5.0 6.8.4). */
function isStrongThere({ settings }: OidcProvider, token: IDToken): boolean {
  const { acr, amr } = token
  const methods: readonly unknown[] = Array.isArray(amr) ? amr : []
  return (
    (typeof acr === 'string' && settings.strongAcr.includes(acr)) ||
    methods.some((each) => typeof each === 'string' && settings.strongAmr.includes(each))
  )
}

function groupNames(claim: unknown): readonly string[] | undefined {
  if (typeof claim === 'string') return [claim]
  if (!Array.isArray(claim)) return undefined
  return claim.filter((each) => typeof each === 'string').slice(0, MAX_GROUPS)
}

function text(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined
}
