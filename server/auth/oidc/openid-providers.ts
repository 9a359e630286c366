import { createRemoteJWKSet, customFetch as keyFetch, type JWTVerifyGetKey } from 'jose'
import {
  allowInsecureRequests,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
  type ServerMetadata,
} from 'openid-client'
import type { Clock } from '../../clock.ts'
import type { OidcProvider } from '../providers/providers.ts'
import { isOnThisMachine, type ProviderFetch, providerFetch } from './provider-fetch.ts'
import { OidcTrouble } from './trouble.ts'

/** Signatures that we take (RFC 8725 §3.1): no `none`, no shared secrets. */
export const SIGNATURES = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'] as const

/** How long what a provider says of itself is believed without asking again. */
const DISCOVERY_MICROS = 3_600_000_000
/** A key that is not known makes the key set be read again, but not more often: anybody can send a forged token. */
const KEYS_COOLDOWN_MILLIS = 1000

interface Known {
  readonly of: string
  readonly untilMicros: number
  readonly found: Promise<Found>
}

/** What a provider says of itself, and its keys. */
interface Found {
  readonly metadata: ServerMetadata
  readonly keys: JWTVerifyGetKey | undefined
}

/** The OpenID providers as they describe themselves, each asked once an hour and whenever its settings change. */
export class OpenIdProviders {
  readonly #clock: Clock
  readonly #send: typeof fetch
  readonly #known = new Map<string, Known>()

  /** @param send what really asks: `fetch`, or the network of a test */
  constructor(clock: Clock, send: typeof fetch = fetch) {
    this.#clock = clock
    this.#send = send
  }

  /**
   * A client for one exchange. It reads the provider's keys when it needs them and forgets them with itself: a key that
   * the provider has withdrawn counts no more with the next sign-in, and a new one counts at once.
   * @throws when the provider cannot be asked or is not what was set up
   */
  async client(provider: OidcProvider): Promise<Configuration> {
    const { metadata } = await this.#find(provider)
    return clientOf(provider, metadata, providerFetch(provider.settings, this.#send))
  }

  /** What the provider says of itself. @throws as {@link client} */
  async metadata(provider: OidcProvider): Promise<ServerMetadata> {
    return (await this.#find(provider)).metadata
  }

  /**
   * The provider's keys, for tokens that it sends by itself.
   * @throws as {@link client}
   */
  async keys(provider: OidcProvider): Promise<JWTVerifyGetKey> {
    const { keys } = await this.#find(provider)
    if (!keys) throw new OidcTrouble('setup', `the provider ${provider.name} names no key set`)
    return keys
  }

  async #find(provider: OidcProvider): Promise<Found> {
    const nowMicros = this.#clock.nowMicros()
    const of = JSON.stringify([provider.providerNo, provider.settings])
    const known = this.#known.get(provider.name)
    if (known && known.of === of && known.untilMicros > nowMicros) return await known.found
    const found = discover(provider, this.#send)
    const asked: Known = { of, untilMicros: nowMicros + DISCOVERY_MICROS, found }
    this.#known.set(provider.name, asked)
    try {
      return await found
    } catch (error) {
      // the next visitor asks again
      if (this.#known.get(provider.name) === asked) this.#known.delete(provider.name)
      throw error
    }
  }
}

async function discover(provider: OidcProvider, send: typeof fetch): Promise<Found> {
  const { issuer, clientId, timeoutSeconds } = provider.settings
  const ask = providerFetch(provider.settings, send)
  const found = await discovery(new URL(issuer), clientId, undefined, None(), {
    [customFetch]: ask,
    timeout: timeoutSeconds,
    ...(isOnThisMachine(issuer) && { execute: [allowInsecureRequests] }),
  })
  const metadata = found.serverMetadata()
  // openid-client lets some large providers answer with another issuer: ours must be the one that was set up
  if (new URL(metadata.issuer).href !== new URL(issuer).href) {
    throw new OidcTrouble('setup', `the provider ${provider.name} calls itself by another issuer`)
  }
  const { jwks_uri: keySet } = metadata
  const keys =
    keySet === undefined
      ? undefined
      : createRemoteJWKSet(new URL(keySet), {
          [keyFetch]: ask,
          timeoutDuration: timeoutSeconds * 1000,
          cooldownDuration: KEYS_COOLDOWN_MILLIS,
        })
  return { metadata, keys }
}

function clientOf(provider: OidcProvider, metadata: ServerMetadata, ask: ProviderFetch): Configuration {
  const { clientId, tokenAuth, timeoutSeconds, issuer } = provider.settings
  const offered = metadata.id_token_signing_alg_values_supported ?? ['RS256']
  const taken = offered.filter((each) => SIGNATURES.some((ours) => ours === each))
  const auth =
    tokenAuth === 'none'
      ? None()
      : tokenAuth === 'client_secret_post'
        ? ClientSecretPost(provider.secret)
        : ClientSecretBasic(provider.secret)
  const server = { ...metadata, id_token_signing_alg_values_supported: taken }
  const client = new Configuration(server, clientId, provider.secret === undefined ? {} : provider.secret, auth)
  client[customFetch] = ask
  client.timeout = timeoutSeconds
  if (isOnThisMachine(issuer)) allowInsecureRequests(client)
  // TLS alone would do for the code flow (OpenID Connect Core 1.0 §3.1.3.7); the signature is checked all the same
  enableNonRepudiationChecks(client)
  return client
}
