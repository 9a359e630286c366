import { createHash, webcrypto } from 'node:crypto'
import './reflect-metadata.ts'

// After the line above, because the package looks for the polyfill when it is loaded.
const x509 = await import('@peculiar/x509')
x509.cryptoProvider.set(webcrypto)

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const DAY = 86_400_000

/** A certificate with its key, PEM, and its fingerprints. */
export interface Pair {
  readonly cert: string
  readonly key: string
  readonly certificateSha256: string
  readonly publicKeySha256: string
}

/** Issues certificates. */
export interface Authority {
  readonly cert: string
  readonly issue: (name: string, options?: { readonly ip?: string; readonly expired?: boolean }) => Promise<Pair>
}

export async function authority(name: string): Promise<Authority> {
  const caKeys = await newKeys()
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${name}`,
    keys: caKeys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + DAY),
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  })
  let serial = 1
  return {
    cert: ca.toString('pem'),
    issue: async (subject, { ip, expired = false } = {}) => {
      serial += 1
      const keys = await newKeys()
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: serial.toString(16).padStart(2, '0'),
        subject: `CN=${subject}`,
        issuer: ca.subject,
        publicKey: keys.publicKey,
        signingKey: caKeys.privateKey,
        signingAlgorithm: ALGORITHM,
        notBefore: new Date(Date.now() - DAY),
        notAfter: new Date(Date.now() + (expired ? -DAY / 2 : DAY)),
        extensions: [
          new x509.BasicConstraintsExtension(false),
          ...(ip === undefined ? [] : [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: ip }])]),
        ],
      })
      const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
      return {
        cert: certificate.toString('pem'),
        key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
        certificateSha256: sha256(certificate.rawData),
        publicKeySha256: sha256(certificate.publicKey.rawData),
      }
    },
  }
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

function sha256(bytes: ArrayBuffer): string {
  return createHash('sha256').update(Buffer.from(bytes)).digest('hex')
}
