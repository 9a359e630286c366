import { isIP } from 'node:net'
import { isLoopback } from '../../config/address.ts'
import { isTls } from '../../config/rules.ts'
import type { Config } from '../../config/schema.ts'

/** Where passkeys work: what they are bound to (WebAuthn §5.1.2, RP ID) and what the browser says it is showing. */
export interface PasskeyPlace {
  readonly kind: 'here'
  /** A host name, never an address: browsers refuse those (WebAuthn §5.1.2). */
  readonly rpId: string
  readonly origin: string
}

/** `elsewhere`: the same server under a name that passkeys can be bound to. `nowhere`: the site has no name yet. */
export type CeremonyPlace =
  PasskeyPlace | { readonly kind: 'elsewhere'; readonly url: string } | { readonly kind: 'nowhere' }

/**
 * Says what a passkey of this request is bound to: the site's public address. The header `Host` counts only on a site of
 * this machine alone, where the address may not be known beforehand; a remote client cannot make up another name with it.
 */
export function ceremonyPlace(config: Pick<Config, 'publicUrl' | 'tls'>, host: string | undefined): CeremonyPlace {
  const site = config.publicUrl === undefined ? undefined : new URL(config.publicUrl)
  if (site && !isLoopback(nameOf(site))) {
    if (isIP(nameOf(site)) !== 0) return { kind: 'nowhere' }
    return { kind: 'here', rpId: site.hostname, origin: site.origin }
  }
  const scheme = site?.protocol ?? (isTls(config) ? 'https:' : 'http:')
  const asked = /^[\w.:[\]-]+$/.test(host ?? '') ? URL.parse(`${scheme}//${host}`) : null
  if (!asked || !isLoopback(nameOf(asked))) return { kind: 'nowhere' }
  if (asked.hostname === 'localhost') return { kind: 'here', rpId: 'localhost', origin: asked.origin }
  asked.hostname = 'localhost'
  return { kind: 'elsewhere', url: asked.origin }
}

function nameOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}
