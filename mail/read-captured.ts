/** A mail of our own making, taken apart: its headers as they stand, and its text. */
export interface CapturedMail {
  readonly head: string
  readonly text: string
}

/** Reads back what `wholeMail` made: one part in quoted-printable (RFC 2045 §6.7). Not for mail from elsewhere. */
export function readCaptured(mail: string): CapturedMail {
  const end = mail.indexOf('\r\n\r\n')
  if (end < 0) return { head: mail, text: '' }
  const text = mail
    .slice(end + 4)
    .replaceAll('=\r\n', '')
    .replaceAll(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString())
  return { head: mail.slice(0, end), text }
}
