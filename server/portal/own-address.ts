import type { IncomingMessage } from 'node:http'
import { baseUrl } from '../admin/base-url.ts'
import { isLoopback } from '../config/address.ts'
import { isTls } from '../config/rules.ts'
import type { Config } from '../config/schema.ts'

/**
 * The address of this server as others are told it, without a slash at the end: the public one. Without one a server of
 * this machine alone goes by the name and port that the visitor asked for, because the port may not be known beforehand;
 * a header `Host` that names anything but this machine is never believed.
 */
export function ownAddress(config: Config, request: Pick<IncomingMessage, 'headers'>): string {
  if (config.publicUrl !== undefined || !isLoopback(config.listenHost)) return baseUrl({ config })
  const asked = URL.parse(`${isTls(config) ? 'https' : 'http'}://${request.headers.host ?? ''}`)
  return asked && isLoopback(asked.hostname.replace(/^\[(.*)\]$/, '$1')) ? asked.origin : baseUrl({ config })
}
