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
