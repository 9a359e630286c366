import { randomBytes } from 'node:crypto'
import { isMailAddress } from '../../../mail/address.ts'
import type { Context } from '../../context.ts'
import { insertAccount } from '../../site/accounts.ts'
import { raiseAccess } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import type { Transaction } from '../../storage/database.ts'
import { insertIdentity, useIdentity } from './identities.ts'
import type { OutsidePerson } from './outside-person.ts'

const MAX_NAME = 64

/**
 * The account that somebody's identity opens. Somebody unknown gets a new account without membership where the provider
 * may make one, and nothing where it may not. An account that is there is never theirs, whatever name or e-mail address
 * the provider reports.
 */
export async function accountOf(
  context: Pick<Context, 'database' | 'clock'>,
  provider: { readonly providerNo: number; readonly name: string; readonly newAccounts: 'refuse' | 'make' },
  person: OutsidePerson,
): Promise<{ readonly accountNo: number; readonly isNew: boolean } | undefined> {
  const known = await useIdentity(context, person)
  if (known) return { ...known, isNew: false }
  if (provider.newAccounts === 'refuse') return undefined
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx) // makes a second first sign-in of the same person wait until this one is there
    const meanwhile = await trx
      .selectFrom('external_identity')
      .select('account_no')
      .where('issuer', '=', person.issuer)
      .where('subject', '=', person.subject)
      .executeTakeFirst()
    if (meanwhile) return { accountNo: meanwhile.account_no, isNew: false }
    const name = await freeName(trx, person.name ?? '', provider.name)
    const { account_no } = await insertAccount(trx, { name, role: 'member', password_hash: null, nowMicros })
    await trx
      .updateTable('account')
      .set({
        display_name: shown(person.displayName, 100) ?? '',
        email: await freeEmail(trx, person.email),
        ...(isTimeZone(person.timeZone) && { time_zone: person.timeZone }),
      })
      .where('account_no', '=', account_no)
      .execute()
    await insertIdentity(trx, account_no, provider.providerNo, person, nowMicros)
    const detail = { account: name, role: 'member', provider: provider.name }
    await recordAudit(trx, nowMicros, [{ kind: 'account_made', actor: 'system', detail }])
    return { accountNo: account_no, isNew: true }
  })
}

/** A name that nobody has, as near as can be to what the person is called outside. */
async function freeName(trx: Transaction, wanted: string, provider: string): Promise<string> {
  const plain = wanted
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._@-]/g, '')
    .slice(0, MAX_NAME - 3) // room for -9
  const base = plain.replace(/^[._@-]+/, '').replace(/[._@-]{1,64}$/, '') || `${provider}-user`
  const names = [base, ...Array.from({ length: 8 }, (_, i) => `${base}-${i + 2}`)]
  const taken = await trx.selectFrom('account').select('name').where('name', 'in', names).execute()
  const free = names.find((name) => !taken.some((row) => row.name === name))
  return free ?? `${base.slice(0, MAX_NAME - 9)}-${randomBytes(4).toString('hex')}`
}

/** The address, unless another account has it: no two accounts may be mixed up by it. */
export async function freeEmail(trx: Transaction, email: string | undefined): Promise<string | null> {
  if (email === undefined || !isMailAddress(email)) return null
  const taken = await trx
    .selectFrom('account')
    .select('account_no')
    .where((row) => row(row.fn<string>('lower', ['email']), '=', email.toLowerCase()))
    .limit(1)
    .executeTakeFirst()
  return taken ? null : email
}

/** One line of text to be shown, at most so long; undefined when nothing is left. */
export function shown(text: string | undefined, maxLength: number): string | undefined {
  const line = text?.replaceAll(/\p{Cc}/gu, ' ').trim()
  return line ? Array.from(line).slice(0, maxLength).join('') : undefined
}

/** Whether a text names a time zone that we know. */
export function isTimeZone(name: string | undefined): name is string {
  if (!name) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
