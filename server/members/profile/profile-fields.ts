import { isPlainLine, isPlainText } from '../../../policies/plain-text.ts'
import { type Read, readLanguages } from './profile-languages.ts'
import { isSshKey } from './profile-ssh-key.ts'

/** What a member says of themself to the groups that they are in. Empty: nothing. */
export interface MemberProfile {
  readonly affiliation: string
  /** IATA code. */
  readonly airport: string
  /** As `en:native nl:basic`: ISO 639-1 and skill. */
  readonly languages: string
  readonly phone: string
  /** `+` and digits (E.164). */
  readonly sms: string
  readonly im: string
  readonly postal: string
  readonly biography: string
  /** One line as in `authorized_keys`. */
  readonly sshKey: string
  /** Whether pages show no address of theirs. */
  readonly hideEmail: boolean
}

/** A field that is text. */
export type ProfileField = Exclude<keyof MemberProfile, 'hideEmail'>

/** Nothing said. */
export const EMPTY_PROFILE: MemberProfile = {
  affiliation: '',
  airport: '',
  languages: '',
  phone: '',
  sms: '',
  im: '',
  postal: '',
  biography: '',
  sshKey: '',
  hideEmail: false,
}

/** The most characters that each field takes. */
export const MOST: Readonly<Record<ProfileField, number>> = {
  affiliation: 100,
  airport: 3,
  languages: 200,
  phone: 40,
  sms: 30,
  im: 200,
  postal: 500,
  biography: 4000,
  sshKey: 4000,
}

const SEVERAL_LINES: ReadonlySet<ProfileField> = new Set(['postal', 'biography'])
const ok = (value: string): Read => ({ ok: true, value })
const no = (problem: string): Read => ({ ok: false, problem })

/** What fields have beside a length; each gets its text without spaces at the ends, never an empty one. */
const READERS: Readonly<Partial<Record<ProfileField, (text: string) => Read>>> = {
  airport: (text) =>
    /^[A-Za-z]{3}$/.test(text) ? ok(text.toUpperCase()) : no('an airport is its three letters, for example SEA'),
  languages: readLanguages,
  phone: (text) =>
    /^\+?[\d ()./-]{3,34}(?:\s?(?:x|ext\.?)\s?\d{1,6})?$/i.test(text) && /\d{3}/.test(text.replaceAll(/\D/g, ''))
      ? ok(text)
      : no('a phone number is digits with spaces, for example +1 206 555 0100'),
  sms: (text) => {
    const digits = text.replaceAll(/[ ().-]/g, '')
    return /^\+[1-9]\d{6,14}$/.test(digits)
      ? ok(digits)
      : no('a number for SMS starts with + and the country code, for example +12065550100')
  },
  sshKey: (text) => {
    const key = text.replaceAll(/\s+/g, ' ')
    return isSshKey(key)
      ? ok(key)
      : no('this is no SSH public key: paste the one line of a .pub file, never the private key')
  },
}

/** A profile that was checked, or what is wrong with each field and how it is mended. */
export type CheckedProfile =
  | { readonly ok: true; readonly profile: MemberProfile }
  | { readonly ok: false; readonly problems: Readonly<Partial<Record<ProfileField, string>>> }

/** Checks and normalises what somebody wrote of themself. */
export function checkProfile(written: MemberProfile): CheckedProfile {
  const profile: Record<ProfileField, string> & { hideEmail: boolean } = { ...written }
  const problems: Partial<Record<ProfileField, string>> = {}
  for (const field of FIELDS) {
    const read = readField(field, written[field].replaceAll('\r\n', '\n').trim())
    if (read.ok) profile[field] = read.value
    else problems[field] = read.problem
  }
  return Object.keys(problems).length > 0 ? { ok: false, problems } : { ok: true, profile }
}

const FIELDS: readonly ProfileField[] = [
  'affiliation',
  'airport',
  'languages',
  'phone',
  'sms',
  'im',
  'postal',
  'biography',
  'sshKey',
]

function readField(field: ProfileField, text: string): Read {
  if (text === '') return ok('')
  const { length } = text
  if (length > MOST[field]) return no(`${length} characters are too many here: use at most ${MOST[field]}`)
  if (!(SEVERAL_LINES.has(field) ? isPlainText(text) : isPlainLine(text))) {
    return no('there are characters in it that do not show, or that turn the text around them: type it anew')
  }
  return READERS[field]?.(text) ?? ok(text.normalize('NFC'))
}
