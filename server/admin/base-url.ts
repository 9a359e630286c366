import { isTls } from '../config/rules.ts'
import type { Config } from '../config/schema.ts'

/** The address at which people reach the server, without a slash at the end: the public one, else where it listens. */
export function baseUrl({ config }: { readonly config: Config }): string {
  if (config.publicUrl !== undefined) return config.publicUrl.replace(/\/$/, '')
  const { listenHost, listenPort } = config
  // every address of the machine is no address to go to
  const named = listenHost === '0.0.0.0' || listenHost === '::' ? 'localhost' : listenHost
  const host = named.includes(':') ? `[${named}]` : named
  return `${isTls(config) ? 'https' : 'http'}://${host}:${listenPort}`
}

/** The same for links that people open in a browser. */
export function pagesUrl(context: { readonly config: Config }): string {
  return byName(baseUrl(context))
}

/**
 * An address of the loopback by its name, any other as it is: a passkey belongs to a name and cannot be made at an IP
 * address (WebAuthn §5.1.2), and a session at one is none at the other.
 */
export function byName(url: string): string {
  return url.replace(/^(https?:\/\/)(?:127\.0\.0\.1|\[::1\])(?=[:/]|$)/, '$1localhost')
}
