import { hash, randomBytes } from 'node:crypto'
import type { Context } from '../../context.ts'
import { addNotice } from '../../notices/add-notice.ts'
import { raiseAccess } from '../../site/site.ts'
import type { Account } from '../../storage/access.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { run, type Transaction } from '../../storage/database.ts'
import { factorChanged } from './factor-changed.ts'

/** How many codes are made at a time. */
export const RECOVERY_CODES = 10
/** 80 bits are 16 letters and need no slow hash. */
const CODE_BYTES = 10
/** Without I, L, O and U, which are read as digits or make words (Crockford's Base32). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE = /^[0-9A-HJKMNP-TV-Z]{16}$/

/**
 * Makes new recovery codes, in the caller's transaction; those that there were count no more. The caller has raised the
 * access generation and writes the audit.
 * @returns the codes, of which only hashes are kept: `ABCD-EFGH-JKMN-PQRS`
 */
export async function replaceRecoveryCodes(
  trx: Transaction,
  accountNo: number,
  nowMicros: number,
): Promise<readonly string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, newCode)
  await run(trx, 'delete from recovery_code where account_no = $1::int', [accountNo])
  await run(
    trx,
    `insert into recovery_code (account_no, sha256, created_micros)
     select $1::int, sha256, $2::bigint from unnest($3::bytea[]) as x (sha256)`,
    [accountNo, nowMicros, codes.map((code) => codeHash(plainCode(code)))],
  )
  return codes
}

/** Makes new recovery codes for an account, and ends its other sessions. */
export async function makeRecoveryCodes(
  context: Context,
  account: Account,
): Promise<{ readonly codes: readonly string[]; readonly credentialGeneration: number }> {
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const codes = await replaceRecoveryCodes(trx, account.accountNo, nowMicros)
    const credentialGeneration = await factorChanged(trx, context, account)
    const detail = { account: account.name }
    await recordAudit(trx, nowMicros, [{ kind: 'recovery_codes_made', actor: account.name, detail }])
    return { codes, credentialGeneration }
  })
}

/**
 * Takes a recovery code, which is good once, and tells its owner by mail.
 * @returns how many are left; undefined when it is none of the account's, or was taken already
 */
export async function takeRecoveryCode(
  context: Pick<Context, 'database' | 'clock' | 'jobs'>,
  account: Account,
  text: string,
): Promise<number | undefined> {
  const code = plainCode(text)
  if (!CODE.test(code)) return undefined
  const { accountNo } = account
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    const { count } = await run(
      trx,
      `update recovery_code set used_micros = $3::bigint
        where account_no = $1::int and sha256 = $2::bytea and used_micros is null`,
      [accountNo, codeHash(code), nowMicros],
    )
    if (count === 0) return undefined
    const left = await leftOf(trx, accountNo)
    await addNotice(trx, context, { kind: 'second-factor-changed', to: { accountNo }, path: '/account/codes' })
    const detail = { account: account.name, left }
    await recordAudit(trx, nowMicros, [{ kind: 'recovery_code_used', actor: account.name, detail }])
    return left
  })
}

/** How a code is compared: without its dashes, and with the digits that were meant. */
function plainCode(text: string): string {
  return text.replaceAll(/[\s-]/g, '').toUpperCase().replaceAll(/[IL]/g, '1').replaceAll('O', '0')
}

function newCode(): string {
  let bits = BigInt(`0x${randomBytes(CODE_BYTES).toString('hex')}`)
  let code = ''
  for (let i = 0; i < 16; i += 1) {
    code += ALPHABET[Number(bits & 31n)]
    bits >>= 5n
  }
  return code.match(/.{4}/g)?.join('-') ?? ''
}

function codeHash(code: string): Buffer {
  return hash('sha256', code, 'buffer')
}

async function leftOf(trx: Transaction, accountNo: number): Promise<number> {
  const { rows } = await run<{ left: number | string }>(
    trx,
    'select count(*) as left from recovery_code where account_no = $1::int and used_micros is null',
    [accountNo],
  )
  return Number(rows[0]?.left ?? 0)
}
