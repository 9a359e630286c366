import { ConflictError } from '../errors.ts'
import { run, type Transaction } from '../storage/database.ts'

/** What would take the last administrator away, as the refusal says it. */
type Loss = 'be suspended' | 'be removed' | 'be blocked' | 'be remembered as dead' | 'lose the role' | 'leave'

/** Groups whose one administrator is this account: nobody else who has the role could act on it now. */
const LED_ALONE = `
  select g.group_no, g.title from membership m join trust_group g on g.group_no = m.group_no
   where m.account_no = $1::int and m.active and ' ' || m.roles || ' ' like '% group-administrator %'
     and not exists (
       select 1 from membership other join account on account.account_no = other.account_no
        where other.group_no = m.group_no and other.account_no <> m.account_no and other.active and account.active
          and ' ' || other.roles || ' ' like '% group-administrator %')
   order by g.title`

/**
 * Refuses to leave a group without somebody who can administer it. Call it after raiseAccess: two administrators who
 * resign at once wait for each other there, and the second finds out that it is the last.
 * @throws {ConflictError} that says what to do first
 */
export async function mustLeaveAdministrator(
  trx: Transaction,
  groupNo: number,
  accountNo: number,
  loss: Loss,
): Promise<void> {
  const { rows } = await run<{ group_no: number; title: string }>(trx, LED_ALONE, [accountNo])
  const group = rows.find((row) => row.group_no === groupNo)
  if (group) throw lastOf(group.title, loss)
}

/** The groups, by title, that nobody but this account can administer now. */
export async function groupsLedAlone(trx: Transaction, accountNo: number): Promise<readonly string[]> {
  const { rows } = await run<{ title: string }>(trx, LED_ALONE, [accountNo])
  return rows.map((row) => row.title)
}

/** @throws {ConflictError} for the one administrator of the site who is not suspended */
export async function mustLeaveSiteAdministrator(trx: Transaction, accountNo: number, loss: Loss): Promise<void> {
  const administrators = await trx
    .selectFrom('account')
    .select('account_no')
    .where('role', '=', 'administrator')
    .where('active', '=', true)
    .limit(2)
    .execute()
  if (administrators.length === 1 && administrators[0]?.account_no === accountNo) throw lastOf('the site', loss)
}

function lastOf(what: string, loss: Loss): ConflictError {
  return new ConflictError(
    'last_administrator',
    `the last administrator of ${what} cannot ${loss}: make somebody else an administrator first`,
  )
}
