import { isMailAddress } from '../../mail/address.ts'
import { normalAddress } from '../../mail/openpgp/user-address.ts'
import { GROUP_ROLES, type GroupRole } from '../../policies/roles.ts'
import { parseCsv } from './csv.ts'

/** Something that is wrong with a file, with the line and the column that it is in. */
export interface CsvProblem {
  /** From 1; 0 for the file as a whole. */
  readonly line: number
  readonly field: string
  readonly problem: string
}

/** A member as a line of a spreadsheet says. */
export interface CsvMember {
  readonly line: number
  readonly name: string
  /** Normalised. */
  readonly email: string
  readonly account: string | undefined
  readonly affiliation: string
  readonly roles: readonly GroupRole[]
  readonly phone: string
  readonly timeZone: string
}

/** What a file of members holds. */
export interface CsvMembers {
  readonly members: readonly CsvMember[]
  readonly problems: readonly CsvProblem[]
  /** Columns that mean nothing to us. */
  readonly ignored: readonly string[]
}

const MAX_ROWS = 5000
const ACCOUNT = /^[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?$/i

/** Names that columns go by, without blanks, hyphens and underscores. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  name: ['name', 'fullname', 'displayname', 'member'],
  email: ['email', 'mail', 'emailaddress', 'address'],
  account: ['account', 'user', 'username', 'ident', 'login'],
  affiliation: ['affiliation', 'organisation', 'organization', 'employer', 'company'],
  roles: ['roles', 'role'],
  phone: ['phone', 'telephone', 'tel', 'mobile'],
  time_zone: ['timezone', 'tz'],
}

/**
 * Reads members out of a spreadsheet's file: a header line that names the columns, in any order, then a line for each.
 * @param isTimeZone whether a text names a time zone
 */
export function membersFromCsv(text: string, isTimeZone: (zone: string) => boolean): CsvMembers {
  const parsed = parseCsv(text)
  if (!parsed.ok) return only({ line: parsed.line, field: '', problem: parsed.problem })
  const [header, ...rows] = parsed.rows
  if (!header) return only({ line: 0, field: '', problem: 'the file is empty' })
  if (rows.length > MAX_ROWS) {
    return only({ line: 0, field: '', problem: `there are more than ${MAX_ROWS} lines: send them in several files` })
  }
  const columns = header.cells.map(fieldOf)
  for (const needed of ['name', 'email']) {
    if (columns.filter((each) => each === needed).length !== 1) {
      const problem = `the first line must name one column ${needed}; it has: ${header.cells.join(', ')}`
      return only({ line: header.line, field: needed, problem })
    }
  }
  const ignored = header.cells.filter((cell, index) => columns[index] === undefined && cell !== '')
  const problems: CsvProblem[] = []
  const members: CsvMember[] = []
  const lines = new Map<string, number>()
  for (const { line, cells } of rows) {
    const cell = (field: string) => (cells[columns.indexOf(field)] ?? '').trim()
    const own: CsvProblem[] = []
    const wrong = (field: string, problem: string) => void own.push({ line, field, problem })
    if (cells.length > columns.length) wrong('', 'has more cells than the first line has columns')
    const email = checkedAddress(cell('email'), lines, wrong)
    if (email !== undefined && !lines.has(email)) lines.set(email, line)
    const name = cell('name')
    if (name === '' || name.length > 100 || /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(name)) {
      wrong('name', 'write a name of 1 to 100 characters, in one line')
    }
    const account = cell('account')
    if (account !== '' && !ACCOUNT.test(account))
      wrong('account', 'an account name has letters, digits and . _ @ - only')
    const timeZone = cell('time_zone')
    if (timeZone !== '' && !isTimeZone(timeZone)) wrong('time_zone', 'write it as Europe/Amsterdam, or leave it empty')
    const roles = rolesOf(cell('roles'), wrong)
    const [affiliation, phone] = [cell('affiliation'), cell('phone')]
    if (affiliation.length > 200 || /\p{Cc}/u.test(affiliation))
      wrong('affiliation', 'has more than 200 characters, or several lines')
    if (phone.length > 200 || /\p{Cc}/u.test(phone)) wrong('phone', 'has more than 200 characters, or several lines')
    problems.push(...own)
    if (own.length > 0 || email === undefined) continue
    members.push({
      line,
      name,
      email,
      account: account === '' ? undefined : account,
      affiliation,
      roles,
      phone,
      timeZone,
    })
  }
  return { members, problems, ignored }
}

function only(problem: CsvProblem): CsvMembers {
  return { members: [], problems: [problem], ignored: [] }
}

function fieldOf(title: string): string | undefined {
  const word = title.toLowerCase().replaceAll(/[\s_-]+/g, '')
  return Object.entries(FIELDS).find(([, names]) => names.includes(word))?.[0]
}

function checkedAddress(
  text: string,
  lines: ReadonlyMap<string, number>,
  wrong: (field: string, problem: string) => void,
): string | undefined {
  const email = isMailAddress(text) ? normalAddress(text) : undefined
  if (email === undefined) {
    wrong('email', text === '' ? 'is empty: everybody needs an address' : 'is no mail address')
    return undefined
  }
  const before = lines.get(email)
  if (before !== undefined) wrong('email', `is in line ${before} already`)
  return email
}

function rolesOf(text: string, wrong: (field: string, problem: string) => void): readonly GroupRole[] {
  const words = text.split(/[\s,;|]+/).filter((word) => word !== '' && word !== 'member')
  const unknown = words.find((word) => !GROUP_ROLES.some((role) => role === word))
  if (unknown !== undefined) wrong('roles', `${JSON.stringify(unknown)} is none of ${GROUP_ROLES.join(', ')}`)
  return GROUP_ROLES.filter((role) => words.includes(role))
}
