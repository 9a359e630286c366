import './reflect-metadata.ts'
import * as x509 from '@peculiar/x509'
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'

const DAY_MILLIS = 86_400_000
const VALID_DAYS = 397 // CA/Browser Forum Baseline Requirements §6.3.2: clients refuse more than 398
const RENEW_DAYS = 30
const SKEW_MILLIS = 3_600_000 // clocks of clients may be an hour behind

/** The certificate that the server made for itself. */
export interface SelfSigned {
  readonly certificateFile: string
  readonly keyFile: string
  /** SHA-256 of the certificate as `AB:CD:…`, for comparing by hand or pinning. */
  readonly fingerprint256: string
}

/** Where the self-signed certificate and its key are. */
export function selfSignedFiles(dataFolder: string): Omit<SelfSigned, 'fingerprint256'> {
  const folder = join(dataFolder, 'tls')
  return { certificateFile: join(folder, 'self-signed.crt'), keyFile: join(folder, 'self-signed.key') }
}

/**
 * Makes an ECDSA P-256 certificate for `localhost`, this machine and `names`, unless there is one that is good for
 * another 30 days. The key file is readable by its owner only. Prints nothing.
 * @param names host names and IP addresses that clients use; one that the certificate lacks leads to a new certificate
 * @param now the time as a Date or RFC 3339 text
 * @throws when the folder cannot be written
 */
export async function ensureSelfSigned(
  dataFolder: string,
  names: readonly string[],
  now: Date | string,
): Promise<SelfSigned> {
  const files = selfSignedFiles(dataFolder)
  const nowMillis = new Date(now).getTime()
  const present = readPair(files)
  // the machine's own name is not asked for: containers get a new one at every start, and peers pin the certificate
  if (present && isGood(present.certificate, nowMillis) && hasNames(present.certificate, names)) {
    chmodSync(files.keyFile, 0o600)
    return { ...files, fingerprint256: present.certificate.fingerprint256 }
  }
  const made = await makeCertificate([...names, ...ownNames()], nowMillis)
  mkdirSync(join(dataFolder, 'tls'), { recursive: true, mode: 0o700 })
  replaceFile(files.keyFile, made.key, 0o600)
  replaceFile(files.certificateFile, made.certificate, 0o644)
  return { ...files, fingerprint256: new X509Certificate(made.certificate).fingerprint256 }
}

function ownNames(): string[] {
  const machine = hostname()
  const usable = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/.test(machine)
  return ['localhost', '127.0.0.1', '::1', ...(usable ? [machine] : [])]
}

/** Undefined when a file is missing or broken, or when the key is not the certificate's. */
function readPair(files: Omit<SelfSigned, 'fingerprint256'>): { readonly certificate: X509Certificate } | undefined {
  try {
    const certificate = new X509Certificate(readFileSync(files.certificateFile))
    const key = createPrivateKey(readFileSync(files.keyFile))
    return certificate.checkPrivateKey(key) ? { certificate } : undefined
  } catch {
    return undefined // whatever is wrong with them, a new pair puts it right
  }
}

function isGood(certificate: X509Certificate, nowMillis: number): boolean {
  const left = certificate.validToDate.getTime() - nowMillis
  return left >= RENEW_DAYS * DAY_MILLIS && certificate.validFromDate.getTime() <= nowMillis
}

function hasNames(certificate: X509Certificate, names: readonly string[]): boolean {
  return names.every((name) =>
    isIP(name) === 0 ? certificate.checkHost(name) !== undefined : certificate.checkIP(name) !== undefined,
  )
}

async function makeCertificate(names: readonly string[], nowMillis: number) {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const alternatives = [...new Set(names)].map((name): x509.JsonGeneralName => {
    return isIP(name) === 0 ? { type: 'dns', value: name } : { type: 'ip', value: name }
  })
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Vouchsafe self-signed',
    notBefore: new Date(nowMillis - SKEW_MILLIS),
    notAfter: new Date(nowMillis + VALID_DAYS * DAY_MILLIS),
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(alternatives),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`,
  }
}

/** Writes beside the file and renames, so that a crash leaves the old one. */
function replaceFile(path: string, content: string, mode: number): void {
  const beside = `${path}.new`
  writeFileSync(beside, content, { mode, flush: true })
  chmodSync(beside, mode) // the mode above does not change a file that a crash has left behind
  renameSync(beside, path)
}
