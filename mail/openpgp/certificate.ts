import { REFUSALS, type CertificateRefusal } from './refusals.ts'

/** What is wrong with a certificate: all but `key_new_format` keep a new one out. */
export type CertificateProblem = CertificateRefusal | 'key_new_format'

/** An OpenPGP certificate, examined as of one moment. */
export interface Certificate {
  /** Whole, hexadecimal, upper case. */
  readonly fingerprint: string
  /** Of the primary key, and of the encryption subkey that is used now. */
  readonly algorithm: string
  readonly madeMicros: number
  /** When nothing can be encrypted to it any more; undefined: never. */
  readonly expiresMicros: number | undefined
  readonly revokedMicros: number | undefined
  /** Of valid User IDs, normalised, sorted: those that were asked for. */
  readonly addresses: readonly string[]
  /** Binary packets, minimised: without signatures of others, pictures, other User IDs, dead subkeys. */
  readonly body: Uint8Array
  /** As of the moment of the examination, worst first. */
  readonly problems: readonly CertificateProblem[]
}

/** As of when, and whose. */
export interface Examination {
  readonly nowMicros: number
  /** Normalised addresses that the owner has verified; only User IDs of these are kept. Undefined: all are. */
  readonly addresses?: ReadonlySet<string>
  /** What is on file of the same key: what it says stays said. Passed over when it is another key. */
  readonly known?: Uint8Array | undefined
}

/** A certificate, or why there is none. */
export type Examined =
  | { readonly ok: true; readonly certificate: Certificate }
  | { readonly ok: false; readonly code: CertificateRefusal; readonly sentence: string }

/** A refusal with its sentence. */
export function refused(code: CertificateRefusal): Examined {
  return { ok: false, code, sentence: REFUSALS[code] }
}

/** Problems of a certificate that mail can be encrypted to all the same. All others end that. */
export const HARMLESS = ['key_new_format', 'key_no_address'] as const satisfies readonly CertificateProblem[]

/** Whether a problem means that nothing can, or should, be encrypted to the certificate now. */
export function endsEncryption(
  problem: CertificateProblem,
): problem is Exclude<CertificateProblem, (typeof HARMLESS)[number]> {
  return !HARMLESS.some((each) => each === problem)
}
