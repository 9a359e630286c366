import type { Entry } from 'ldapts'

const MAX_TEXT = 254

/** The values of an attribute as bytes, whatever case its name came in. */
export function bytesOf(entry: Entry, attribute: string): readonly Buffer[] {
  const key = Object.keys(entry).find((each) => each !== 'dn' && each.toLowerCase() === attribute.toLowerCase())
  const value = key === undefined ? [] : entry[key]
  return [value ?? []].flat().map((each) => (typeof each === 'string' ? Buffer.from(each) : each))
}

/** The first value of an attribute as one line of text; undefined when there is none, or it is no UTF-8. */
export function textOf(entry: Entry, attribute: string): string | undefined {
  const [text] = textsOf(entry, attribute)
  const line = text?.replaceAll(/\p{Cc}/gu, ' ').trim()
  return line ? Array.from(line).slice(0, MAX_TEXT).join('') : undefined
}

/** All values that are UTF-8. */
export function textsOf(entry: Entry, attribute: string): readonly string[] {
  return bytesOf(entry, attribute).flatMap((bytes) => decoded(bytes) ?? [])
}

/**
 * The unchanging id of an entry as text. objectGUID is bytes and is written as Active Directory's tools do; other bytes
 * that are no text are written in hex.
 * @returns undefined unless there is exactly one value
 */
export function idOf(entry: Entry, attribute: string): string | undefined {
  const values = bytesOf(entry, attribute)
  const [bytes] = values
  if (!bytes || values.length !== 1 || bytes.length === 0 || bytes.length > 200) return undefined
  if (attribute.toLowerCase() === 'objectguid') return bytes.length === 16 ? guid(bytes) : undefined
  const text = decoded(bytes)
  if (text === undefined || /\p{Cc}/u.test(text) || text.startsWith('hex:')) return `hex:${bytes.toString('hex')}`
  return UUID.test(text) ? text.toLowerCase() : text
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The first three parts are stored with their least byte first ([MS-DTYP] §2.3.4.2). */
function guid(bytes: Buffer): string {
  const hex = (from: number, to: number) => bytes.subarray(from, to).toString('hex')
  const turned = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).reverse().toString('hex')
  return [turned(0, 4), turned(4, 6), turned(6, 8), hex(8, 10), hex(10, 16)].join('-')
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
