import '../../server/tls/reflect-metadata.ts'
import * as x509 from '@peculiar/x509'
import { webcrypto } from 'node:crypto'

const HOUR_MILLIS = 3_600_000

/** A certificate with its private key, both PEM. */
export interface Issued {
  readonly certificate: string
  readonly key: string
  readonly serialNumber: string
}

/** What an authority is asked to certify. Dates are hours from now, because OpenSSL reads the machine's clock. */
export interface Wanted {
  readonly name: string
  readonly usage: 'client' | 'server'
  readonly fromHours?: number
  readonly untilHours?: number
  readonly keyType?: 'EC' | 'RSA'
  /** More host names of a server. */
  readonly hosts?: readonly string[]
}

/** A certificate authority of a test. */
export interface Authority {
  /** PEM certificate of the authority. */
  readonly certificate: string
  /** Certifies a new key; a server certificate is for localhost and 127.0.0.1. */
  issue(wanted: Wanted): Promise<Issued>
  /** PEM revocation list, valid for `untilHours` from now. */
  revoke(serialNumbers: readonly string[], untilHours?: number): Promise<string>
  /** An authority below this one. */
  subordinate(name: string): Promise<Authority>
}

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
}

/** Makes a self-signed authority. */
export async function makeAuthority(name: string): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    notBefore: hoursFromNow(-48),
    notAfter: hoursFromNow(48),
    keys,
    signingAlgorithm: EC,
    extensions: authorityExtensions(),
  })
  return authority(certificate, keys.privateKey)
}

function authority(own: x509.X509Certificate, signingKey: webcrypto.CryptoKey): Authority {
  return {
    certificate: own.toString('pem'),

    async issue({ name, usage, fromHours = -1, untilHours = 24, keyType = 'EC', hosts = [] }) {
      const algorithm = keyType === 'EC' ? EC : RSA
      const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
      const purpose = usage === 'client' ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${name}`,
        issuer: own.subject,
        notBefore: hoursFromNow(fromHours),
        notAfter: hoursFromNow(untilHours),
        publicKey: keys.publicKey,
        signingKey,
        signingAlgorithm: EC,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.ExtendedKeyUsageExtension([purpose]),
          ...(usage === 'server' ? [serverNames(hosts)] : []),
        ],
      })
      return {
        certificate: certificate.toString('pem'),
        key: x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY'),
        serialNumber: certificate.serialNumber,
      }
    },

    async revoke(serialNumbers, untilHours = 24) {
      const list = await x509.X509CrlGenerator.create({
        issuer: own.subject,
        thisUpdate: hoursFromNow(-24),
        nextUpdate: hoursFromNow(untilHours),
        entries: serialNumbers.map((serialNumber) => ({ serialNumber, revocationDate: hoursFromNow(-24) })),
        signingAlgorithm: EC,
        signingKey,
      })
      return x509.PemConverter.encode(list.rawData, 'X509 CRL')
    },

    async subordinate(name) {
      const keys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify'])
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${name}`,
        issuer: own.subject,
        notBefore: hoursFromNow(-48),
        notAfter: hoursFromNow(48),
        publicKey: keys.publicKey,
        signingKey,
        signingAlgorithm: EC,
        extensions: authorityExtensions(),
      })
      return authority(certificate, keys.privateKey)
    },
  }
}

function authorityExtensions(): x509.Extension[] {
  const usages = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign
  return [new x509.BasicConstraintsExtension(true, undefined, true), new x509.KeyUsagesExtension(usages, true)]
}

function serverNames(hosts: readonly string[]): x509.Extension {
  return new x509.SubjectAlternativeNameExtension([
    { type: 'dns', value: 'localhost' },
    { type: 'ip', value: '127.0.0.1' },
    ...hosts.map((value) => ({ type: 'dns' as const, value })),
  ])
}

function hoursFromNow(hours: number): Date {
  return new Date(Date.now() + hours * HOUR_MILLIS)
}
