import { X509Certificate, createHash } from 'node:crypto'
import type { AgentOptions } from 'node:https'
import { checkServerIdentity } from 'node:tls'
import type { PeerCertificate } from 'node:tls'
import { TaxiiClientError } from './errors.ts'

/** Which servers are believed and with which certificate the client shows itself (TAXII 2.1 §8.4). */
export interface TlsOptions {
  /** Certificate authorities in PEM. Given, they replace those of Node. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[] | undefined
  /** Client certificate with its chain, PEM. */
  readonly certificate?: string | Buffer | undefined
  /** Private key of the client certificate, PEM. */
  readonly key?: string | Buffer | undefined
  /** Client certificate and key in one, PKCS #12. */
  readonly pfx?: Buffer | undefined
  /** Of the key or of the PKCS #12 file. */
  readonly passphrase?: string | undefined
  /** TLS 1.2 when absent; nothing older can be asked for. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined
  /** On top of the verification, never in its place. The server must match one of all that are listed. */
  readonly pins?:
    | {
        /** SHA-256 of the server certificate (DER), hexadecimal with or without colons, or base64. */
        readonly certificateSha256?: readonly string[] | undefined
        /** SHA-256 of the SubjectPublicKeyInfo (DER); survives a renewal with the same key. */
        readonly publicKeySha256?: readonly string[] | undefined
      }
    | undefined
}

/**
 * Options of the HTTPS agent.
 * @param withClientCertificate false for origins that get no credentials
 * @throws {TaxiiClientError} `bad-option` when a pin is no SHA-256, or pins are given but empty
 */
export function agentTlsOptions(tls: TlsOptions, withClientCertificate: boolean): AgentOptions {
  const pins = readPins(tls.pins)
  return {
    // Said out loud, because NODE_TLS_REJECT_UNAUTHORIZED=0 and a default of the process could say otherwise.
    rejectUnauthorized: true,
    minVersion: tls.minVersion ?? 'TLSv1.2',
    // Node does not check the identity again on a resumed session, and a session can be cached before the first check
    // has ended. Sockets are kept alive anyway.
    maxCachedSessions: 0,
    checkServerIdentity: (hostname: string, certificate: PeerCertificate) =>
      checkServerIdentity(hostname, certificate) ?? checkPins(certificate, pins),
    ...(tls.ca === undefined ? {} : { ca: [tls.ca].flat() }),
    ...(withClientCertificate ? clientCertificate(tls) : {}),
  }
}

function clientCertificate(tls: TlsOptions): AgentOptions {
  return {
    ...(tls.certificate === undefined ? {} : { cert: tls.certificate }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.pfx === undefined ? {} : { pfx: tls.pfx }),
    ...(tls.passphrase === undefined ? {} : { passphrase: tls.passphrase }),
  }
}

interface Pins {
  readonly certificate: ReadonlySet<string>
  readonly publicKey: ReadonlySet<string>
}

function readPins(pins: TlsOptions['pins']): Pins | undefined {
  if (pins === undefined) return undefined
  const certificate = new Set((pins.certificateSha256 ?? []).map(asHex))
  const publicKey = new Set((pins.publicKeySha256 ?? []).map(asHex))
  // An empty list is more likely a configuration that was not filled in than a wish to trust everybody.
  if (certificate.size + publicKey.size === 0) throw new TaxiiClientError('bad-option', 'tls.pins is given but empty')
  return { certificate, publicKey }
}

function asHex(pin: string): string {
  const plain = pin.replaceAll(':', '').toLowerCase()
  if (/^[0-9a-f]{64}$/.test(plain)) return plain
  const bytes = Buffer.from(pin, 'base64')
  if (bytes.length !== 32) throw new TaxiiClientError('bad-option', 'A pin must be a SHA-256 in hexadecimal or base64')
  return bytes.toString('hex')
}

function checkPins(certificate: PeerCertificate, pins: Pins | undefined): Error | undefined {
  if (pins === undefined || pins.certificate.has(sha256(certificate.raw))) return undefined
  const publicKey = new X509Certificate(certificate.raw).publicKey.export({ type: 'spki', format: 'der' })
  if (pins.publicKey.has(sha256(publicKey))) return undefined
  return new TaxiiClientError('pin-mismatch', 'The certificate of the server matches none of the pins')
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
