import {
  createMessage,
  enums,
  type Key,
  readCleartextMessage,
  readKey,
  readMessage,
  readSignature,
  type Signature,
  verify,
  type VerifyMessageResult,
} from 'openpgp'
import { CLOCK_TOLERANCE_MICROS, dateOf } from './limits.ts'

/** Why a signature is not one of this certificate over this statement. */
export type SignatureRefusal = keyof typeof SIGNATURE_REFUSALS

/** What happened, why, and what to do; whole sentences, safe to show. */
export const SIGNATURE_REFUSALS = {
  signature_unreadable:
    'This is no OpenPGP signature: paste all of what gpg --clearsign or gpg --armor --detach-sign gives, from its BEGIN line to its END line.',
  signature_other_key:
    'This signature was made by another key: sign with the key that the page names, with gpg --local-user FINGERPRINT.',
  signature_wrong:
    'This signature does not fit the text: sign exactly the text of the page, every line of it, and nothing else.',
  signature_too_old: 'This signature is older than what it answers: sign the text that the page shows now.',
  signature_future:
    'This signature says that it was made in the future: set the clock of the machine that made it and sign again.',
} as const

/** A good signature, or why it is none. */
export type Verified =
  | {
      readonly ok: true
      readonly fingerprint: string
      readonly madeMicros: number
      /** Of a detached signature: what exactly was signed, to the byte. */
      readonly text?: string
    }
  | { readonly ok: false; readonly code: SignatureRefusal; readonly sentence: string }

/** As of when, and how old the signature may be. */
interface Moment {
  readonly nowMicros: number
  /** When the statement was first shown: an older signature answers something else. */
  readonly notBeforeMicros?: number
}

const MAX_SIGNATURE_CHARACTERS = 64_000
const MAX_SIGNATURES = 8

/**
 * Checks a signature that somebody pastes under a statement: detached, clear-signed, or a signed message.
 * What is judged is the text that the verification itself returns, not what stands in the paste (CVE-2025-47934).
 */
export async function verifySigned(
  body: Uint8Array,
  statement: string,
  signed: string,
  moment: Moment,
): Promise<Verified> {
  if (signed.length > MAX_SIGNATURE_CHARACTERS) return refused('signature_unreadable')
  if (signed.includes('-----BEGIN PGP SIGNED MESSAGE-----')) {
    const message = await readCleartextMessage({ cleartextMessage: block(signed, 'SIGNED MESSAGE') }).catch(() => {})
    if (!message) return refused('signature_unreadable')
    if (plain(message.getText()) !== plain(statement)) return refused('signature_wrong')
    return judged(body, statement, moment, (verificationKeys, date) => verify({ message, verificationKeys, date }))
  }
  if (signed.includes('-----BEGIN PGP MESSAGE-----')) {
    const config = { maxDecompressedMessageSize: MAX_SIGNATURE_CHARACTERS }
    const message = await readMessage({ armoredMessage: block(signed, 'MESSAGE'), config }).catch(() => {})
    if (!message) return refused('signature_unreadable')
    return judged(body, statement, moment, (verificationKeys, date) => verify({ message, verificationKeys, date }))
  }
  return verifyDetached(body, statement, signed, moment)
}

/**
 * Checks a detached signature over a statement: over its text or its bytes, with any line ends and with or without a
 * last one, since every program saves a text a little differently.
 */
export async function verifyDetached(
  body: Uint8Array,
  statement: string,
  armored: string,
  moment: Moment,
): Promise<Verified> {
  if (armored.length > MAX_SIGNATURE_CHARACTERS) return refused('signature_unreadable')
  const read = () => readSignature({ armoredSignature: block(armored, 'SIGNATURE') }).catch(() => {})
  let verdict: Verified = refused('signature_unreadable')
  for (const text of savedForms(statement)) {
    // a signature object remembers what it hashed
    const signature = await read()
    if (!signature || !isOfDocuments(signature)) return refused('signature_unreadable')
    const message = await createMessage({ binary: new TextEncoder().encode(text) })
    verdict = await judged(body, statement, moment, (verificationKeys, date) =>
      verify({ message, signature, verificationKeys, date }),
    )
    if (verdict.ok) return { ...verdict, text }
    if (verdict.code !== 'signature_wrong') return verdict
  }
  return verdict
}

async function judged(
  body: Uint8Array,
  statement: string,
  { nowMicros, notBeforeMicros = 0 }: Moment,
  check: (key: Key, date: Date) => Promise<VerifyMessageResult>,
): Promise<Verified> {
  const key = await readKey({ binaryKey: body })
  const result = await check(key, dateOf(nowMicros + CLOCK_TOLERANCE_MICROS)).catch(() => {})
  if (!result || result.signatures.length === 0 || result.signatures.length > MAX_SIGNATURES) {
    return refused('signature_unreadable')
  }
  const text = typeof result.data === 'string' ? result.data : ''
  let verdict: Verified = refused('signature_other_key')
  for (const { keyID, verified, signature } of result.signatures) {
    const isGood = await verified.then(
      () => true,
      () => false,
    )
    if (key.getKeys(keyID).length === 0) continue
    const [packet] = (await signature).packets
    if (!packet?.created) continue
    const madeMicros = packet.created.getTime() * 1000
    if (madeMicros > nowMicros + CLOCK_TOLERANCE_MICROS) verdict = refused('signature_future')
    else if (!isGood || plain(text) !== plain(statement)) verdict = refused('signature_wrong')
    else if (madeMicros < notBeforeMicros - CLOCK_TOLERANCE_MICROS) verdict = refused('signature_too_old')
    else return { ok: true, fingerprint: key.getFingerprint().toUpperCase(), madeMicros }
  }
  return verdict
}

function refused(code: SignatureRefusal): Verified {
  return { ok: false, code, sentence: SIGNATURE_REFUSALS[code] }
}

/** Only signatures over documents: one over a key or a User ID says something else. */
function isOfDocuments(signature: Signature): boolean {
  return (
    signature.packets.length > 0 &&
    signature.packets.length <= MAX_SIGNATURES &&
    signature.packets.every(
      ({ signatureType }) => signatureType === enums.signature.binary || signatureType === enums.signature.text,
    )
  )
}

/** The block of a paste from its first line on: what a mail program put in front of it is no part of it. */
function block(paste: string, kind: string): string {
  const start = paste.indexOf(`-----BEGIN PGP ${kind}-----`)
  return start < 0 ? '' : `${paste.slice(start).replaceAll('\r\n', '\n').trimEnd()}\n`
}

function savedForms(statement: string): readonly string[] {
  const text = statement.replaceAll('\r\n', '\n').trimEnd()
  const windows = text.replaceAll('\n', '\r\n')
  return [...new Set([statement, `${text}\n`, text, `${windows}\r\n`, windows])]
}

/** The text without what programs change on the way: line ends, blanks at the end of lines, empty lines at the end. */
function plain(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(/[ \t]+$/gm, '')
    .trimEnd()
}
