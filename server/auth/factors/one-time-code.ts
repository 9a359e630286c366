import { timingSafeEqual } from 'node:crypto'
import { HOTP, Secret, TOTP } from 'otpauth'

/** RFC 6238 (by time) and RFC 4226 (by count). */
export type GeneratorKind = 'totp' | 'hotp'

/** What every generator app takes without being told: SHA-1, six digits, 30 seconds. */
const SHAPE = { algorithm: 'SHA1', digits: 6 } as const
const STEP_MICROS = 30_000_000
/** Steps before and after the present one (RFC 6238 §5.2): half a minute of a wrong clock or of slow typing. */
const STEPS_AROUND = 1
/** How many codes of a counting generator may have been made and not used (RFC 4226 §7.4). */
const LOOK_AHEAD = 10

/** A generator as far as its codes go. */
interface CodeSource {
  readonly kind: GeneratorKind
  readonly secret: Uint8Array
  /** The newest step or count that was taken; -1 when none was. */
  readonly lastCounter: number
}

/**
 * Finds the step or count that a code is of, among those that may still be used.
 * @param text as it was typed: people write `123 456`
 * @returns undefined when it is none of them
 */
export function counterOf(text: string, source: CodeSource, nowMicros: number): number | undefined {
  const code = text.replaceAll(/[\s-]/g, '')
  if (!/^\d{6}$/.test(code)) return undefined
  const secret = secretOf(source.secret)
  const given = Buffer.from(code)
  return candidates(source, nowMicros).find((counter) =>
    timingSafeEqual(Buffer.from(HOTP.generate({ ...SHAPE, secret, counter })), given),
  )
}

/** The address that a generator app reads from a QR code: `otpauth://totp/…`. */
export function addressOfGenerator(
  source: Pick<CodeSource, 'kind' | 'secret'>,
  names: { readonly site: string; readonly account: string },
): string {
  const common = { ...SHAPE, issuer: names.site, label: names.account, secret: secretOf(source.secret) }
  return (
    source.kind === 'totp' ? new TOTP({ ...common, period: STEP_MICROS / 1_000_000 }) : new HOTP(common)
  ).toString()
}

/** A secret for typing: Base32 in groups of four. */
export function secretText(secret: Uint8Array): string {
  return (
    secretOf(secret)
      .base32.match(/.{1,4}/g)
      ?.join(' ') ?? ''
  )
}

function candidates({ kind, lastCounter }: CodeSource, nowMicros: number): readonly number[] {
  if (kind === 'hotp') return Array.from({ length: LOOK_AHEAD }, (_, i) => lastCounter + 1 + i)
  const step = Math.floor(nowMicros / STEP_MICROS)
  return Array.from({ length: 2 * STEPS_AROUND + 1 }, (_, i) => step - STEPS_AROUND + i).filter(
    (each) => each > lastCounter,
  )
}

function secretOf(bytes: Uint8Array): Secret {
  return new Secret({ buffer: Uint8Array.from(bytes).buffer })
}
