/** What of a member goes into an address book. Empty: not said. */
export interface CardFields {
  /** Stays the same for the same member of the same group, so that an address book knows them again. */
  readonly uid: string
  readonly name: string
  readonly organisation: string
  readonly email: string
  readonly phone: string
  /** `+` and digits. */
  readonly sms: string
  readonly im: string
  readonly postal: string
  /** IANA name. */
  readonly timeZone: string
  /** Best first. */
  readonly languages: readonly string[]
  /** Of an OpenPGP certificate, in hex. */
  readonly fingerprint: string
  readonly category: string
}

const MAX_OCTETS = 75

/** One vCard 4.0 (RFC 6350), folded, with its line ends. */
export function vcard(card: CardFields): string {
  const lines = [
    'BEGIN:VCARD',
    'VERSION:4.0',
    'KIND:individual',
    `UID;VALUE=text:${escaped(card.uid)}`,
    `FN:${escaped(card.name)}`,
    ...some(card.organisation, (text) => `ORG:${escaped(text)}`),
    ...some(card.email, (text) => `EMAIL:${escaped(text)}`),
    ...some(card.phone, (text) => `TEL;VALUE=text;TYPE=voice:${escaped(text)}`),
    ...some(card.sms, (text) => `TEL;VALUE=uri;TYPE="text,cell":tel:${text.replaceAll(/[^+\d]/g, '')}`),
    ...some(card.im, imLine),
    ...some(card.postal, (text) => `ADR;LABEL="${parameter(text)}":;;;;;;`),
    ...some(card.timeZone, (text) => `TZ:${escaped(text)}`),
    ...card.languages.map((code, index) => `LANG;PREF=${index + 1}:${code}`),
    ...some(card.fingerprint, (text) => `KEY;VALUE=uri:OPENPGP4FPR:${text}`),
    `CATEGORIES:${escaped(card.category)}`,
    'END:VCARD',
  ]
  return lines.map((line) => `${folded(line)}\r\n`).join('')
}

function some(text: string, line: (text: string) => string): readonly string[] {
  return text === '' ? [] : [line(text)]
}

/** IMPP wants a URI; what is none is told as a note. */
function imLine(text: string): string {
  return /^(?:xmpp|sip|sips|matrix|irc|ircs|im|signal|sgnl|tel|skype|threema|https):[!-~]+$/.test(text)
    ? `IMPP:${text}`
    : `NOTE:${escaped(`IM: ${text}`)}`
}

/** RFC 6350 §3.4: backslash, comma, semicolon and line ends in text. Other control characters may not stand in a line. */
function escaped(text: string): string {
  return plain(text).replaceAll('\\', '\\\\').replaceAll(',', '\\,').replaceAll(';', '\\;').replaceAll('\n', '\\n')
}

/** RFC 6868: what cannot stand in a quoted parameter. */
function parameter(text: string): string {
  return plain(text).replaceAll('^', '^^').replaceAll('\n', '^n').replaceAll('"', "^'")
}

function plain(text: string): string {
  return text.replaceAll(/\r\n?|[\u2028\u2029]/g, '\n').replaceAll(/[\p{Cc}--\n]/gv, ' ')
}

/** RFC 6350 §3.2: lines of at most 75 octets, none of which ends inside a character. */
function folded(line: string): string {
  let out = ''
  let octets = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > MAX_OCTETS) {
      out += '\r\n '
      octets = 1
    }
    out += character
    octets += size
  }
  return out
}
