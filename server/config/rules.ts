import { isLoopback } from './address.ts'
import type { Config } from './schema.ts'

/** A rule about settings together. It is left out when one of them is wrong by itself. */
export interface Rule {
  /** The keys that it reads; the first is the one that is reported. */
  readonly keys: readonly [string, ...string[]]
  /** The sentence after the key when the rule is broken. */
  readonly broken: (config: Config) => string | undefined
}

const TLS_KEYS = ['tls.certificate_file', 'tls.key_file', 'tls.self_signed'] as const

/** Whether the server itself speaks TLS. */
export function isTls({ tls }: Pick<Config, 'tls'>): boolean {
  return tls.selfSigned || tls.certificateFile !== undefined || tls.keyFile !== undefined
}

/** All rules; each broken one is a problem of its own. */
export const RULES: readonly Rule[] = [
  {
    // credentials over plain HTTP have leaked before the server can answer (ASVS 5.0 4.1.2, 12.2.1)
    keys: ['listen_host', 'trusted_proxies', ...TLS_KEYS],
    broken: (config) =>
      isLoopback(config.listenHost) || config.trustedProxies.length > 0 || isTls(config)
        ? undefined
        : `is ${JSON.stringify(config.listenHost)}, where plain HTTP would carry passwords in the clear: ` +
          'give tls.certificate_file and tls.key_file (or tls.self_signed: true), ' +
          'or name the reverse proxy that speaks TLS in trusted_proxies, ' +
          'or listen on 127.0.0.1',
  },
  {
    keys: ['tls.key_file', 'tls.certificate_file'],
    broken: ({ tls }) =>
      tls.certificateFile !== undefined && tls.keyFile === undefined
        ? 'is missing: tls.certificate_file needs its private key'
        : undefined,
  },
  {
    keys: ['tls.certificate_file', 'tls.key_file'],
    broken: ({ tls }) =>
      tls.keyFile !== undefined && tls.certificateFile === undefined
        ? 'is missing: tls.key_file needs its certificate'
        : undefined,
  },
  {
    keys: ['tls.self_signed', 'tls.certificate_file', 'tls.key_file'],
    broken: ({ tls }) =>
      tls.selfSigned && (tls.certificateFile !== undefined || tls.keyFile !== undefined)
        ? 'is true beside tls.certificate_file or tls.key_file: keep one of the two'
        : undefined,
  },
  {
    keys: ['tls.client_ca_file', ...TLS_KEYS],
    broken: (config) =>
      config.tls.clientCaFile !== undefined && !isTls(config)
        ? 'needs TLS in this server: give tls.certificate_file and tls.key_file, or tls.self_signed: true'
        : undefined,
  },
  {
    keys: ['tls.client_crl_file', 'tls.client_ca_file'],
    broken: ({ tls }) =>
      tls.clientCrlFile !== undefined && tls.clientCaFile === undefined
        ? 'does nothing without tls.client_ca_file'
        : undefined,
  },
  {
    keys: ['directory.suffix', 'directory.socket'],
    broken: ({ directory }) =>
      directory.socket !== undefined && directory.suffix === undefined
        ? 'is missing: directory.socket needs the DN that members and groups are below'
        : undefined,
  },
  {
    keys: ['directory.socket', 'directory.suffix'],
    broken: ({ directory }) =>
      directory.suffix !== undefined && directory.socket === undefined
        ? 'is missing: directory.suffix does nothing without the socket that slapd asks'
        : undefined,
  },
  {
    // sun_path has 108 bytes on Linux with the zero at its end (unix(7))
    keys: ['directory.socket'],
    broken: ({ directory }) =>
      Buffer.byteLength(directory.socket ?? '') > 107
        ? 'is longer than the 107 bytes that the path of a socket may have'
        : undefined,
  },
  {
    keys: ['taxii.max_unpacked_length', 'taxii.max_content_length'],
    broken: ({ taxii }) =>
      taxii.maxUnpackedLength < taxii.maxContentLength
        ? `is ${taxii.maxUnpackedLength}, less than taxii.max_content_length (${taxii.maxContentLength})`
        : undefined,
  },
  {
    // node:http refuses to start otherwise
    keys: ['limits.headers_seconds', 'limits.request_seconds'],
    broken: ({ limits }) =>
      limits.headersSeconds > limits.requestSeconds
        ? `is ${limits.headersSeconds}, more than limits.request_seconds (${limits.requestSeconds})`
        : undefined,
  },
]
