import { TLSSocket } from 'node:tls'
import type { Request } from 'express'
import type { Config } from '../../config/schema.ts'
import { verifiedClientCertificate } from '../../tls/client-certificate.ts'
import type { Presented } from './authenticate.ts'

/** What a request of a program brings to say who it is: Authorization, a client certificate, and where it comes from. */
export function presentedBy(config: Pick<Config, 'trustedProxies'>, request: Request): Presented {
  return {
    authorization: request.headers.authorization,
    certificate: certificateOf(request),
    network: networkOf(config, request),
  }
}

/** Where a request comes from: behind a trusted proxy the client that it names, else whoever connected. */
export function networkOf(config: Pick<Config, 'trustedProxies'>, request: Request): string {
  const address = config.trustedProxies.length > 0 ? request.ip : request.socket.remoteAddress
  return address ?? 'unknown'
}

function certificateOf(request: Request): string | undefined {
  if (!(request.socket instanceof TLSSocket)) return undefined
  const certificate = verifiedClientCertificate(request.socket)
  return certificate?.fingerprint256.replaceAll(':', '').toLowerCase()
}
