import { readFileSync } from 'node:fs'
import type { ServerOptions } from 'node:https'
import { isTls } from '../config/rules.ts'
import type { Config } from '../config/schema.ts'
import { selfSignedFiles } from './self-signed.ts'

/**
 * ECDHE with AEAD for TLS 1.2, and the suites of TLS 1.3. Everything that RFC 7540 appendix A lists is left out: CBC,
 * RSA key exchange, RC4, 3DES (TAXII 2.1 §8.2.2).
 */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
] as const

const HANDSHAKE_MILLIS = 10_000 // the default of two minutes lets idle sockets hold every connection

/** The files that a server with this configuration speaks TLS with. */
interface TlsFiles {
  readonly certificateFile: string
  readonly keyFile: string
  readonly clientCaFile?: string
  readonly clientCrlFile?: string
}

/** The TLS files of a configuration, or undefined when it speaks plain HTTP. */
export function tlsFiles(config: Pick<Config, 'tls'>, dataFolder: string): TlsFiles | undefined {
  if (!isTls(config)) return undefined
  const { certificateFile, keyFile, selfSigned, clientCaFile, clientCrlFile } = config.tls
  const pair = selfSigned ? selfSignedFiles(dataFolder) : { certificateFile, keyFile }
  if (pair.certificateFile === undefined || pair.keyFile === undefined) {
    throw new Error('TLS needs both tls.certificate_file and tls.key_file')
  }
  return {
    certificateFile: pair.certificateFile,
    keyFile: pair.keyFile,
    ...(clientCaFile === undefined ? {} : { clientCaFile }),
    ...(clientCrlFile === undefined ? {} : { clientCrlFile }),
  }
}

/**
 * Options for `https.createServer`: TLS 1.2 and 1.3, no early data (Node never offers it), the ciphers above in our
 * order. With `tls.client_ca_file` a client certificate is asked for and verified by OpenSSL (RFC 5280: chain, dates,
 * extended key usage, CRL), but a connection without a good one is left open for other ways to sign in: take a
 * certificate from `verifiedClientCertificate` only.
 * @throws when TLS is not configured or a file cannot be read
 */
export function tlsOptions(config: Pick<Config, 'tls'>, dataFolder: string): ServerOptions {
  const files = tlsFiles(config, dataFolder)
  if (!files) throw new Error('TLS is not configured')
  const { clientCaFile, clientCrlFile } = files
  return {
    cert: readPem('tls.certificate_file', files.certificateFile),
    key: readPem('tls.key_file', files.keyFile),
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: CIPHERS.join(':'),
    honorCipherOrder: true,
    handshakeTimeout: HANDSHAKE_MILLIS,
    ...(clientCaFile === undefined
      ? {}
      : {
          ca: readBlocks('tls.client_ca_file', clientCaFile, 'CERTIFICATE'),
          requestCert: true,
          // the server's side: OpenSSL has verified by the time the handler asks, and Basic sign-in stays possible
          rejectUnauthorized: false,
        }),
    ...(clientCrlFile === undefined ? {} : { crl: readBlocks('tls.client_crl_file', clientCrlFile, 'X509 CRL') }),
  }
}

function readPem(key: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Error(`${key} cannot be read: ${path}`, { cause })
  }
}

/** The PEM blocks of one kind, one by one: of a text with several revocation lists Node takes the first only. */
function readBlocks(key: string, path: string, label: string): string[] {
  const end = `-----END ${label}-----`
  const parts = readPem(key, path).split(end).slice(0, -1)
  const blocks = parts.map((part) => part.slice(Math.max(0, part.indexOf(`-----BEGIN ${label}-----`))) + end)
  // Node takes a text without a certificate in silence
  if (blocks.length === 0) throw new Error(`${key} holds no "${label}" block: ${path}`)
  return blocks
}
