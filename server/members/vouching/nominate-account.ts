import { randomInt } from 'node:crypto'
import { ConflictError } from '../../errors.ts'
import { insertAccount } from '../../site/accounts.ts'
import { raiseAccess } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { run, type Transaction } from '../../storage/database.ts'

const MAX_SQUASHED = 40
const MOST_TRIES = 50

/**
 * The account of an address: of whoever has proven to read it, else of the oldest that has it as its own address. Programs
 * have none.
 * @param email in lower case
 */
export async function accountOfAddress(trx: Transaction, email: string): Promise<number | undefined> {
  const { rows } = await run<{ account_no: number }>(
    trx,
    `select a.account_no from account a
       left join account_address d on d.account_no = a.account_no and d.address = $1::text and d.verified_micros is not null
      where (d.account_no is not null or lower(a.email) = $1::text)
        and not exists (select 1 from service_account s where s.account_no = a.account_no)
      order by d.account_no is null, a.account_no limit 1`,
    [email],
  )
  return rows[0]?.account_no
}

/**
 * Makes the account of somebody who was nominated: nothing signs in to it, and its address is not proven. Its name is the
 * person's, squashed, with four digits.
 */
export async function insertNomineeAccount(
  trx: Transaction,
  wanted: { readonly name: string; readonly email: string; readonly actor: string; readonly nowMicros: number },
): Promise<number> {
  const { name: displayName, email, actor, nowMicros } = wanted
  await raiseAccess(trx)
  const name = await freeName(trx, displayName)
  const row = { name, role: 'member', password_hash: null, nowMicros } as const
  const { account_no } = await insertAccount(trx, row)
  await trx
    .updateTable('account')
    .set({ display_name: displayName, email })
    .where('account_no', '=', account_no)
    .execute()
  const detail = { account: name, role: 'member', read: '', write: '' }
  await recordAudit(trx, nowMicros, [{ kind: 'account_made', actor, detail }])
  return account_no
}

/** `Ana Ruíz` becomes `anaruiz0417`. */
async function freeName(trx: Transaction, displayName: string): Promise<string> {
  const plain = displayName
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
  const squashed = plain.slice(0, MAX_SQUASHED) || 'nominee'
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const name = `${squashed}${String(randomInt(10_000)).padStart(4, '0')}`
    const like = await run(
      trx,
      'select 1 from account where lower(name) = $1::text or lower(email) = $1::text limit 1',
      [name],
    )
    if (like.rows.length === 0) return name
  }
  throw new ConflictError('name_taken', 'too many people here have this name: write it with another part of it')
}
