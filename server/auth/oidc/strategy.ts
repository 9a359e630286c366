import type { Request } from 'express'
import { type Configuration, randomNonce, randomState } from 'openid-client'
import { Strategy } from 'openid-client/passport'
import type { Strategy as PassportStrategy } from 'passport'
import type { Proof } from '../proof.ts'
import type { OidcProvider } from '../providers/providers.ts'
import { type Arrival, readArrival } from './arrival.ts'

/** Where the session keeps what the answer of a provider is compared with: of each provider by itself. */
export function flowKey(provider: string): `openid:${string}` {
  return `openid:${provider}`
}

declare module 'express-session' {
  interface SessionData {
    [flow: `openid:${string}`]: {
      readonly code_verifier: string
      readonly state?: string
      readonly nonce?: string
      readonly max_age?: number
    }
  }
}

interface Exchange {
  readonly provider: OidcProvider
  readonly client: Configuration
  /** Exactly as it is registered at the provider. */
  readonly redirectUri: string
}

/**
 * Sends somebody to a provider: code flow with PKCE, state and nonce.
 * @param freshly whether the provider must ask for credentials even of somebody who is signed in there
 */
export function leaving(exchange: Exchange, freshly: boolean): PassportStrategy {
  return forPassport(new Leaving(exchange, freshly))
}

/**
 * Takes somebody back from a provider and changes the code for an ID token. openid-client refuses a wrong state, `iss`
 * (RFC 9207), nonce, audience, signature, `exp` and `auth_time`; a parameter that is there twice is refused too.
 * @param decide says whom the arrival proves, or in one word why nobody
 */
export function arriving(exchange: Exchange, decide: (arrival: Arrival) => Promise<Proof | string>): PassportStrategy {
  return forPassport(new Arriving(exchange, decide))
}

class Leaving extends Strategy {
  readonly #freshly: boolean

  constructor({ provider, client, redirectUri }: Exchange, freshly: boolean) {
    super({ ...optionsOf(provider, client), callbackURL: redirectUri }, (_tokens, verified) => {
      verified(new Error('nobody arrives on the way out'))
    })
    this.#freshly = freshly
  }

  override shouldInitiateAuthRequest(): boolean {
    return true
  }

  override authorizationRequestParams(): URLSearchParams {
    const fresh = this.#freshly ? { prompt: 'login', max_age: '0' } : {}
    return new URLSearchParams({ state: randomState(), nonce: randomNonce(), ...fresh })
  }
}

class Arriving extends Strategy {
  readonly #redirectUri: string

  constructor({ provider, client, redirectUri }: Exchange, decide: (arrival: Arrival) => Promise<Proof | string>) {
    super(optionsOf(provider, client), async (tokens, verified) => {
      const arrival = await readArrival(client, provider, tokens)
      const proof = arrival ? await decide(arrival) : 'untrusted'
      if (typeof proof === 'string') verified(null, false, proof)
      else verified(null, proof)
    })
    this.#redirectUri = redirectUri
  }

  override shouldInitiateAuthRequest(): boolean {
    return false
  }

  /** The address as we registered it, never as the request says (Host may be anything), with the parameters as they came. */
  override currentUrl(request: Request): URL {
    const url = new URL(this.#redirectUri)
    url.search = request.originalUrl.split('?', 2)[1] ?? ''
    return url
  }
}

function forPassport(strategy: Strategy): PassportStrategy {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- passport calls authenticate on the strategy itself; the two packages only write that `this` differently
  return strategy as unknown as PassportStrategy
}

function optionsOf(provider: OidcProvider, client: Configuration) {
  const scope = new Set(['openid', ...provider.settings.scope.split(' ').filter(Boolean)])
  return { config: client, name: provider.name, sessionKey: flowKey(provider.name), scope: [...scope].join(' ') }
}
