import type { ArrivalReport, Move } from '../arrivals/report.ts'
import type { MembersReport } from '../arrivals/import-members.ts'
import { columns } from './columns.ts'

/** Rows of one kind that are shown before the rest is only counted; `--json` has all. */
const SHOWN = 40

/** The report of an import from another portal, for people. */
export function portalLines(report: ArrivalReport): string[] {
  const { source, counts, done } = report
  const title = source.title === null ? '' : ` "${source.title}"`
  const version = source.version === null ? '' : `, version ${source.version}`
  return [
    plain(`From ${source.kind}${title}${version}; its times are those of ${source.zone}.`),
    ...(source.demands_second_factor
      ? [
          'Everybody there needs a second factor: switch that on here too, in the settings of the site or of each group.',
        ]
      : []),
    '',
    ...columns(Object.entries(counts).map(([name, count]) => [name.replaceAll('_', ' '), String(count)])),
    ...section('Groups', report.groups, (group) => line(group, ['there', 'here', 'how', 'states'])),
    ...section('Rules that mean something else here', differences(report.groups), String),
    ...section('States that let members do other things there than here', report.states_that_differ, json),
    ...section('People', report.people, (person) => line(person, ['there', 'here', 'how', 'name'])),
    ...section('Memberships', report.memberships, (each) =>
      line(each, ['account', 'group', 'state', 'admitted', 'group_administrator', 'address']),
    ),
    ...section('Keys', report.keys, (each) => line(each, ['account', 'address', 'fingerprint', 'expires', 'problems'])),
    ...section('What does not come', report.left_behind, ({ what, which, reason }) => `${what} ${which}: ${reason}`),
    ...section('What the rules do at the next review', report.next_review, moveLine),
    ...section('What they do when the days of grace are over', report.after_grace, moveLine),
    ...section('Second factors: their owners enrol again', report.second_factors, json),
    ...section('Mailing lists: told of only, they do not come', report.lists, (each) =>
      line(each, ['group', 'list', 'title', 'subscribed', 'reached']),
    ),
    ...section('Administrators of the whole system there', report.system_administrators, String),
    ...section('Mail to these came back there: no welcome link is mailed to them', report.mail_bounced, String),
    '',
    `History: ${report.history.sentences} sentences and ${report.history.statements} SQL statements stay there; --history FILE writes who did what when.`,
    ...(report.welcome_links > 0 ? [`Welcome links: ${report.welcome_links}.`] : []),
    done
      ? 'It is done. States are as they were there; the rules look at them within the hour.'
      : 'This was a rehearsal: nothing was changed. Add --do to do it.',
  ]
}

/** The report of an import of members out of a spreadsheet, for people. */
export function membersLines(report: MembersReport): string[] {
  const { members, problems, ignored_columns: ignored } = report
  return [
    ...columns(
      members.map((each) => [String(each.line), each.how, each.account, each.email, each.roles.join(' '), each.name]),
    ),
    ...section('What is wrong', problems, ({ line: number, field, problem }) =>
      [`line ${number}`, ...(field === '' ? [] : [field]), problem].join(': '),
    ),
    ...(ignored.length > 0 ? [`Columns that mean nothing here: ${ignored.join(', ')}`] : []),
    '',
    report.done
      ? `It is done. Welcome links: ${report.welcome_links}.`
      : report.blocked
        ? 'Nothing was changed. Mend these lines, or leave them out with --skip-bad.'
        : 'This was a rehearsal: nothing was changed. Add --do to do it.',
  ]
}

function section<T>(title: string, rows: readonly T[], write: (row: T) => string): string[] {
  if (rows.length === 0) return []
  const more = rows.length > SHOWN ? [`  and ${rows.length - SHOWN} more: --json has them all`] : []
  return ['', `${title} (${rows.length})`, ...rows.slice(0, SHOWN).map((row) => `  ${plain(write(row))}`), ...more]
}

function differences(groups: readonly object[]): readonly string[] {
  return groups.flatMap((group) => {
    const found = 'differs' in group && Array.isArray(group.differs) ? group.differs : []
    const here = 'here' in group ? String(group.here) : ''
    return found.map((each: object) => `${here}: ${line(each, ['attribute', 'meaning'])}`)
  })
}

function moveLine({ group, account, from, to, because }: Move): string {
  return `${account} in ${group}: ${from} to ${to} (${because.join(', ')})`
}

function line(row: object, fields: readonly string[]): string {
  const entries = new Map<string, unknown>(Object.entries(row))
  return fields
    .map((field) => entries.get(field))
    .filter((value) => value !== undefined && value !== null && value !== '')
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    .join('  ')
}

function json(value: object | null): string {
  return JSON.stringify(value)
}

/** What others wrote goes to a terminal: nothing in it may move the cursor or turn the text around. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' ')
}
