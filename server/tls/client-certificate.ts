import type { PeerCertificate, TLSSocket } from 'node:tls'

/**
 * The client certificate of a connection when it was verified against `tls.client_ca_file`, else undefined. Asks for the
 * certificate beside `authorized`, so that identity never rests on a connection that showed none (TAXII 2.1 §8.3.1).
 */
export function verifiedClientCertificate(socket: TLSSocket): PeerCertificate | undefined {
  if (!socket.authorized) return undefined
  const certificate = socket.getPeerCertificate()
  // without a certificate Node answers with an empty object
  return 'fingerprint256' in certificate ? certificate : undefined
}
