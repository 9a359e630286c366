import { ConflictError } from '../../errors.ts'
import { siteSettings } from '../../site/settings.ts'
import type { Access, Account } from '../../storage/access.ts'
import { run, type Transaction } from '../../storage/database.ts'

/** What an account can sign in with, counted. */
export interface Factors {
  readonly password: boolean
  readonly passkeys: number
  /** Code generators whose first code was right. */
  readonly generators: number
  /** Recovery codes that were not used. */
  readonly recoveryCodes: number
  /** Devices that need no second factor for a while. */
  readonly devices: number
  /** Accounts at outside directories and providers that are linked. */
  readonly identities: number
}

/** Counts the factors of an account, in the caller's transaction. */
export async function factorsOf(trx: Transaction, accountNo: number, nowMicros: number): Promise<Factors> {
  const { rows } = await run<Record<keyof Factors, number | string | boolean>>(
    trx,
    `select account.password_hash is not null as password,
            (select count(*) from passkey p where p.account_no = account.account_no) as passkeys,
            (select count(*) from code_generator g
              where g.account_no = account.account_no and g.confirmed_micros is not null) as generators,
            (select count(*) from recovery_code c
              where c.account_no = account.account_no and c.used_micros is null) as "recoveryCodes",
            (select count(*) from remembered_device d
              where d.account_no = account.account_no and d.expires_micros > $2::bigint) as devices,
            (select count(*) from external_identity i where i.account_no = account.account_no) as identities
       from account where account_no = $1::int`,
    [accountNo, nowMicros],
  )
  const [row] = rows
  return {
    password: row?.password === true,
    passkeys: Number(row?.passkeys ?? 0),
    generators: Number(row?.generators ?? 0),
    recoveryCodes: Number(row?.recoveryCodes ?? 0),
    devices: Number(row?.devices ?? 0),
    identities: Number(row?.identities ?? 0),
  }
}

/** Whether the site or a group of an account lets it in only after a second factor. */
export function isSecondFactorDemanded(access: Access, account: Pick<Account, 'accountNo'>): boolean {
  return siteSettings(access).secondFactor || access.groupsOf(account.accountNo).some((group) => group.secondFactor)
}

/**
 * Refuses what would shut somebody out: the last way to sign in, and the last second factor where one is demanded.
 * @param left the factors as they would be afterwards
 * @throws {ConflictError} with the code `last_way_in` or `factor_demanded`
 */
export function mustStayReachable(left: Factors, demanded: boolean): void {
  if (!left.password && left.passkeys === 0 && left.identities === 0) {
    throw new ConflictError('last_way_in', 'nothing would be left to sign in with: set a password first')
  }
  if (demanded && left.passkeys === 0 && left.generators === 0) {
    throw new ConflictError(
      'factor_demanded',
      'this site or one of your groups lets people in only after a second factor: add another one first',
    )
  }
}
