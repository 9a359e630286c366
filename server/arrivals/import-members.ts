import type { CsvMember, CsvProblem } from './members-from-csv.ts'
import { membersFromCsv } from './members-from-csv.ts'
import { BadRequestError } from '../errors.ts'
import { groupNamed } from '../members/group-rows.ts'
import { insertMembership, type MembersContext, tellMember } from '../members/memberships.ts'
import { type By, type GroupRow, mustMay } from '../members/permission.ts'
import { insertWelcome } from '../members/invitations/welcome.ts'
import { insertAccount } from '../site/accounts.ts'
import { raiseAccess } from '../site/site.ts'
import { isTimeZone } from '../site/time-zone.ts'
import { type AuditEvent, recordAudit } from '../storage/audit-log.ts'
import { run, type Transaction } from '../storage/database.ts'
import { freeName } from './free-name.ts'
import { pair, type Present, readPresent } from './present.ts'

/** Members of a group out of a spreadsheet. */
export interface MembersImport {
  readonly group: string
  /** The file, UTF-8. */
  readonly file: Uint8Array
  /** Without it this is a rehearsal. */
  readonly perform?: boolean
  /** Leaves lines out that something is wrong with, instead of doing nothing. */
  readonly skipBad?: boolean
  /** Makes no welcome links now. */
  readonly quiet?: boolean
}

/** What becomes of one line. */
export interface LineReport {
  readonly line: number
  readonly name: string
  readonly email: string
  readonly how: 'new' | 'existing' | 'member-already'
  readonly account: string
  readonly roles: readonly string[]
}

/** What an import of members does, or would do. */
export interface MembersReport {
  readonly group: string
  readonly done: boolean
  /** Something is wrong with lines that were not to be left out. */
  readonly blocked: boolean
  readonly members: readonly LineReport[]
  readonly problems: readonly CsvProblem[]
  readonly ignored_columns: readonly string[]
  readonly welcome_links: number
}

interface Decided {
  readonly member: CsvMember
  readonly how: LineReport['how']
  readonly account: string
  readonly accountNo: number | undefined
}

/** Ends the transaction of a rehearsal. */
class Rehearsed extends Error {
  override readonly name = 'Rehearsed'
  readonly report: MembersReport
  constructor(report: MembersReport) {
    super('a rehearsal is taken back')
    this.report = report
  }
}

/**
 * Makes the people of a CSV file members of a group: known by an address that they have proven here, else with a new
 * account that a welcome link opens. All lines or none; a rehearsal does the same and takes it back.
 * @throws {BadRequestError} code `not_utf8`
 */
export async function importMembers(context: MembersContext, wanted: By & MembersImport): Promise<MembersReport> {
  const read = membersFromCsv(decoded(wanted.file), isTimeZone)
  const nowMicros = context.clock.nowMicros()
  try {
    return await context.database.transaction(async (trx) => {
      await raiseAccess(trx)
      const group = await groupNamed(trx, wanted.group)
      await mustMay(trx, wanted, 'manage-members', { row: group, nowMicros })
      await mustMay(trx, wanted, 'assign-roles', { row: group, nowMicros })
      const { decided, problems } = decide(read.members, await readPresent(trx, ''), group)
      const all = [...read.problems, ...problems].toSorted((a, b) => a.line - b.line)
      const isBlocked = all.length > 0 && wanted.skipBad !== true
      const links = isBlocked ? 0 : await bring(trx, context, wanted, group, decided, nowMicros)
      const report: MembersReport = {
        group: group.name,
        done: wanted.perform === true && !isBlocked,
        blocked: isBlocked,
        members: decided.map(({ member, how, account }) => {
          return { line: member.line, name: member.name, email: member.email, how, account, roles: member.roles }
        }),
        problems: all,
        ignored_columns: read.ignored,
        welcome_links: links,
      }
      if (!report.done) throw new Rehearsed(report)
      return report
    })
  } catch (error) {
    if (error instanceof Rehearsed) return error.report
    throw error
  }
}

function decoded(file: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file)
  } catch {
    throw new BadRequestError('not_utf8', 'the file is not UTF-8: save it as CSV UTF-8 in the spreadsheet')
  }
}

function decide(members: readonly CsvMember[], present: Present, group: GroupRow) {
  const problems: CsvProblem[] = []
  const decided: Decided[] = []
  const names = new Set(present.names)
  const lines = new Map<number, number>()
  const byName = new Map([...present.accounts].map(([number, { name }]) => [name.toLowerCase(), number]))
  for (const member of members) {
    const wrong = (field: string, problem: string) => void problems.push({ line: member.line, field, problem })
    const proven = present.verified.get(member.email)
    const mailed = present.mail.get(member.email)
    const named = member.account === undefined ? undefined : byName.get(member.account.toLowerCase())
    const accountNo = proven ?? (named !== undefined && named === mailed ? named : undefined)
    if (accountNo === undefined && mailed !== undefined) {
      const name = present.accounts.get(mailed)?.name ?? ''
      wrong(
        'email',
        `is that of the account ${name}, which has not proven it: name that account in a column account if it is theirs`,
      )
      continue
    }
    if (accountNo === undefined && named !== undefined) {
      wrong('account', 'is taken by somebody with another address: choose another name')
      continue
    }
    if (accountNo !== undefined && present.accounts.get(accountNo)?.active !== true) {
      wrong('email', 'is that of a suspended account: let it in again first')
      continue
    }
    if (accountNo !== undefined) {
      const before = lines.get(accountNo)
      if (before !== undefined) {
        wrong('email', `is that of the same account as in line ${before}: leave one of the two out`)
        continue
      }
      lines.set(accountNo, member.line)
      const isMember = present.memberships.has(pair(group.group_no, accountNo))
      const account = present.accounts.get(accountNo)?.name ?? ''
      decided.push({ member, how: isMember ? 'member-already' : 'existing', account, accountNo })
      continue
    }
    const account = member.account ?? freeName(member.email.split('@', 1)[0] ?? '', names)
    if (names.has(account.toLowerCase())) {
      wrong('account', 'is taken by an earlier line')
      continue
    }
    names.add(account.toLowerCase())
    decided.push({ member, how: 'new', account, accountNo: undefined })
  }
  return { decided, problems }
}

async function bring(
  trx: Transaction,
  context: MembersContext,
  wanted: By & MembersImport,
  group: GroupRow,
  decided: readonly Decided[],
  nowMicros: number,
): Promise<number> {
  const { actor } = wanted
  const events: AuditEvent[] = []
  let links = 0
  for (const { member, how, account, accountNo } of decided) {
    if (how === 'member-already') continue
    const number = accountNo ?? (await insertPerson(trx, account, member, nowMicros))
    if (how === 'new')
      events.push({ kind: 'account_made', actor, detail: { account, role: 'member', read: '', write: '' } })
    const { roles } = member
    await insertMembership(trx, context, { group, accountNo: number, roles, actor, nowMicros })
    events.push({ kind: 'member_added', actor, detail: { group: group.name, account, roles: roles.join(' ') } })
    if (how === 'existing') await tellMember(trx, context, number, `/groups/${group.name}`)
    if (how !== 'new' || wanted.quiet === true) continue
    const made = await insertWelcome(trx, context, { accountNo: number, groupNo: group.group_no })
    if (made) links += 1
  }
  const count = decided.filter(({ how }) => how !== 'member-already').length
  const detail = { group: group.name, source: 'csv', memberships: count, links }
  await recordAudit(trx, nowMicros, [...events, { kind: 'members_imported', actor, detail }])
  return links
}

async function insertPerson(trx: Transaction, name: string, member: CsvMember, nowMicros: number): Promise<number> {
  const { account_no } = await insertAccount(trx, { name, role: 'member', password_hash: null, nowMicros })
  await run(
    trx,
    `update account set display_name = $2::text, email = $3::text,
            time_zone = case when $4::text = '' then time_zone else $4::text end where account_no = $1::int`,
    [account_no, member.name === name ? '' : member.name, member.email, member.timeZone],
  )
  await trx
    .insertInto('account_address')
    .values({ account_no, address: member.email, created_micros: nowMicros })
    .execute()
  const { affiliation, phone } = member
  if (affiliation !== '' || phone !== '') {
    await trx.insertInto('profile').values({ account_no, affiliation, phone, changed_micros: nowMicros }).execute()
  }
  if (affiliation !== '') {
    await trx
      .insertInto('affiliation')
      .values({ account_no, organisation: affiliation, from_micros: nowMicros })
      .execute()
  }
  return account_no
}
