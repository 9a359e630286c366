import { type Database, run } from '../storage/database.ts'

/** An account as the list of the site shows it. */
export interface FoundAccount {
  readonly name: string
  readonly displayName: string
  readonly email: string | undefined
  readonly role: 'member' | 'administrator'
  readonly active: boolean
  readonly isProgram: boolean
  readonly lastSignInMicros: number | undefined
}

/** Accounts on one page. */
export const ACCOUNTS_PAGE = 100

interface Row {
  readonly name: string
  readonly display_name: string
  readonly email: string | null
  readonly role: 'member' | 'administrator'
  readonly active: boolean
  readonly is_program: boolean
  readonly last_sign_in_micros: number | string | null
}

/** Text is compared by its beginning and never as a pattern: `_` and `%` are only themselves. */
const FIND = `
  select name, display_name, email, role, active, last_sign_in_micros,
         exists (select from service_account s where s.account_no = account.account_no) as is_program
    from account
   where name > $1::text collate "C"
     and ($2::text = '' or starts_with(lower(name), $2::text) or starts_with(lower(display_name), $2::text)
          or starts_with(lower(coalesce(email, '')), $2::text))
     and ($3::boolean is null or active = $3::boolean)
   order by name limit ${ACCOUNTS_PAGE + 1}`

/**
 * Accounts by name.
 * @param wanted `after`: the name that the page before ended with; `text`: beginning of name, display name or address
 * @returns up to {@link ACCOUNTS_PAGE}; one more when there are more
 */
export async function findAccounts(
  database: Database,
  wanted: { readonly text: string; readonly active: boolean | undefined; readonly after: string },
): Promise<readonly FoundAccount[]> {
  const { text, active, after } = wanted
  const { rows } = await database.transaction((trx) => run<Row>(trx, FIND, [after, text.toLowerCase(), active ?? null]))
  return rows.map((row) => ({
    name: row.name,
    displayName: row.display_name || row.name,
    email: row.email ?? undefined,
    role: row.role,
    active: row.active,
    isProgram: row.is_program,
    lastSignInMicros: row.last_sign_in_micros === null ? undefined : Number(row.last_sign_in_micros),
  }))
}

/** What else there is to know of one account: how many of each way in, and when it came and was last there. */
export interface AccountFacts {
  readonly createdMicros: number
  readonly lastSignInMicros: number | undefined
  readonly sessions: number
  readonly tokens: number
  readonly certificates: number
  readonly invitations: number
  /** Of the last suspension; undefined when there was none. */
  readonly suspendedMicros: number | undefined
}

const FACTS = `
  select account.created_micros, account.last_sign_in_micros,
         (select count(*) from web_session s
           where s.account_no = account.account_no and s.expires_micros > $2::bigint) as sessions,
         (select count(*) from token t where t.account_no = account.account_no and t.revoked_micros is null
             and t.expires_micros > $2::bigint) as tokens,
         (select count(*) from account_certificate c where c.account_no = account.account_no) as certificates,
         (select count(*) from one_time_link l where l.made_by_no = account.account_no and l.purpose = 'invitation'
             and l.used_micros is null and l.withdrawn_micros is null and l.expires_micros > $2::bigint) as invitations,
         (select max(at_micros) from audit a where a.kind = 'account_suspended'
             and a.detail like '%' || $3::text || '%') as suspended_micros
    from account where account.account_no = $1::int`

/** Reads the facts of an account. */
export async function accountFacts(
  database: Database,
  account: { readonly accountNo: number; readonly name: string },
  nowMicros: number,
): Promise<AccountFacts> {
  // names may hold `_`, which stands for any character in a pattern
  const about = JSON.stringify({ account: account.name }).slice(1, -1).replaceAll('_', '\\_')
  const { rows } = await database.transaction((trx) =>
    run<Readonly<Record<string, number | string | null>>>(trx, FACTS, [account.accountNo, nowMicros, about]),
  )
  const [row] = rows
  const optional = (name: string) => (row?.[name] === null || row === undefined ? undefined : Number(row[name]))
  return {
    createdMicros: Number(row?.['created_micros']),
    lastSignInMicros: optional('last_sign_in_micros'),
    sessions: Number(row?.['sessions']),
    tokens: Number(row?.['tokens']),
    certificates: Number(row?.['certificates']),
    invitations: Number(row?.['invitations']),
    suspendedMicros: optional('suspended_micros'),
  }
}
