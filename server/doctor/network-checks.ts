import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isLoopback } from '../config/address.ts'
import type { Config } from '../config/schema.ts'
import { tlsFiles } from '../tls/options.ts'
import { type Check, fail, ok, spanOf, warn } from './check.ts'

const DAY = 86_400_000_000

/** Whether passwords could travel in the clear. */
export function checkExposure(config: Config): Check {
  if (tlsFiles(config, config.dataFolder)) return ok('exposure', `TLS on ${config.listenHost}`)
  if (isLoopback(config.listenHost))
    return ok('exposure', `plain HTTP, reachable from this machine only (${config.listenHost})`)
  return warn(
    'exposure',
    `plain HTTP on ${config.listenHost} for the proxies ${config.trustedProxies.join(', ')}`,
    `let the firewall admit nobody but the proxies to port ${config.listenPort}, or set tls.self_signed: true`,
  )
}

/** When the certificate of the server ends; undefined without TLS. */
export async function checkCertificate(config: Config, nowMicros: number): Promise<Check | undefined> {
  const files = tlsFiles(config, config.dataFolder)
  if (!files) return undefined
  const name = 'certificate'
  const own = config.tls.selfSigned
  const renew = own
    ? 'restart the server: it makes a new one'
    : `put a new certificate and key in the place of ${files.certificateFile}`
  try {
    const certificate = new X509Certificate(await readFile(files.certificateFile))
    const begins = Date.parse(certificate.validFrom) * 1000
    const left = Date.parse(certificate.validTo) * 1000 - nowMicros
    if (left <= 0) return fail(name, `the certificate ended ${certificate.validTo}`, renew)
    if (begins > nowMicros)
      return fail(name, `the certificate is valid only from ${certificate.validFrom}`, 'check the clock: timedatectl')
    if (left < 21 * DAY) return warn(name, `the certificate ends in ${spanOf(left)}`, renew)
    return ok(name, `the certificate is valid for ${spanOf(left)}`)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'not readable'
    if (own && code === 'ENOENT') return ok(name, 'the self-signed certificate is made at the first start')
    return fail(
      name,
      `the certificate ${files.certificateFile} cannot be used (${code})`,
      'correct tls.certificate_file',
    )
  }
}
