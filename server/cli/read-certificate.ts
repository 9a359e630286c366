import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { BadRequestError } from '../errors.ts'

const BEGIN = '-----BEGIN CERTIFICATE-----'

/**
 * The SHA-256 fingerprint (over the DER form, in lower-case hex) of the one certificate in a PEM file.
 * @throws {BadRequestError} when the file cannot be read, or holds none or several
 */
export async function readCertificate(path: string): Promise<string> {
  let pem: string
  try {
    pem = await readFile(path, 'latin1')
  } catch (error) {
    throw new BadRequestError('no_file', `${path} cannot be read (${error instanceof Error ? error.message : ''})`)
  }
  // of a chain, the first would be taken without a word, and it may be the authority
  if (pem.split(BEGIN).length !== 2) {
    throw new BadRequestError(
      'not_one_certificate',
      `${path} must hold one PEM certificate and nothing else of the kind`,
    )
  }
  try {
    return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase()
  } catch {
    throw new BadRequestError('not_a_certificate', `${path} holds no certificate that can be read`)
  }
}
