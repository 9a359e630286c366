import { randomBytes } from 'node:crypto'
import type { Context } from '../../context.ts'
import { ConflictError, NotFoundError } from '../../errors.ts'
import { raiseAccess } from '../../site/site.ts'
import type { Account } from '../../storage/access.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { run } from '../../storage/database.ts'
import { factorsOf, mustStayReachable } from './held-factors.ts'
import { factorChanged } from './factor-changed.ts'
import { counterOf, type GeneratorKind } from './one-time-code.ts'
import { replaceRecoveryCodes } from './recovery-codes.ts'
import { forgetDevicesOf } from '../sessions/remembered-devices.ts'

/** Nobody has more phones and key fobs. */
const MAX_GENERATORS = 10
/** 160 bits, as RFC 4226 §4 R6 recommends. */
const SECRET_BYTES = 20
/** How long a generator waits for its first code. */
const UNCONFIRMED_MICROS = 3_600_000_000

/** A code generator of an account, with its secret opened. */
export interface CodeGenerator {
  readonly generatorNo: number
  readonly kind: GeneratorKind
  readonly name: string
  readonly secret: Uint8Array
  readonly lastCounter: number
  /** False until a first code was right. */
  readonly confirmed: boolean
  readonly createdMicros: number
  readonly lastUsedMicros: number | undefined
}

type Opens = Pick<Context, 'database' | 'seal'>

/** The code generators of an account, oldest first; those that were never confirmed are at the end of their time. */
export async function generatorsOf({ database, seal }: Opens, accountNo: number): Promise<readonly CodeGenerator[]> {
  const rows = await database.kysely
    .selectFrom('code_generator')
    .select([
      'generator_no',
      'kind',
      'name',
      'secret',
      'last_counter',
      'confirmed_micros',
      'created_micros',
      'last_used_micros',
    ])
    .where('account_no', '=', accountNo)
    .orderBy('generator_no')
    .limit(100)
    .execute()
  return rows.map((row) => ({
    generatorNo: row.generator_no,
    kind: row.kind,
    name: row.name,
    secret: seal.open(row.secret, purposeOf(accountNo)),
    lastCounter: row.last_counter,
    confirmed: row.confirmed_micros !== null,
    createdMicros: row.created_micros,
    lastUsedMicros: row.last_used_micros ?? undefined,
  }))
}

/**
 * The generator that a session has started, while it waits for its first code. Other sessions never see it: whoever has
 * only the password must neither read the secret that the owner is about to use, nor have the owner use theirs.
 * @param generatorNo as the session keeps it
 * @returns undefined when it does not wait, or waited for too long
 */
export async function unconfirmedGenerator(
  context: Opens & Pick<Context, 'clock'>,
  accountNo: number,
  generatorNo: number | undefined,
): Promise<CodeGenerator | undefined> {
  if (generatorNo === undefined) return undefined
  const since = context.clock.nowMicros() - UNCONFIRMED_MICROS
  const all = await generatorsOf(context, accountNo)
  return all.find((each) => each.generatorNo === generatorNo && !each.confirmed && each.createdMicros > since)
}

/**
 * Makes a generator that counts for nothing until {@link confirmGenerator}; another one that waited is given up.
 * @returns its number, for the session that started it
 * @throws {ConflictError} when the account has too many
 */
export async function startGenerator(
  { database, seal, clock }: Pick<Context, 'database' | 'seal' | 'clock'>,
  wanted: { readonly account: Account; readonly kind: GeneratorKind; readonly name: string },
): Promise<number> {
  const { accountNo } = wanted.account
  const secret = seal.close(randomBytes(SECRET_BYTES), purposeOf(accountNo))
  const nowMicros = clock.nowMicros()
  return await database.transaction(async (trx) => {
    // the row of the account makes two starts wait for each other
    await run(trx, 'select 1 from account where account_no = $1::int for update', [accountNo])
    await run(trx, 'delete from code_generator where account_no = $1::int and confirmed_micros is null', [accountNo])
    const { rows } = await run<{ generator_no: number }>(
      trx,
      `insert into code_generator (account_no, kind, name, secret, created_micros)
       select $1::int, $2::text, $3::text, $4::bytea, $5::bigint
        where (select count(*) from code_generator where account_no = $1::int) < $6::int
       returning generator_no`,
      [accountNo, wanted.kind, wanted.name, secret, nowMicros, MAX_GENERATORS],
    )
    const [row] = rows
    if (!row) throw new ConflictError('too_many', `an account has at most ${MAX_GENERATORS} code generators`)
    return row.generator_no
  })
}

/** What confirming a generator has brought. */
interface Confirmed {
  /** Of the account after it, for the session that goes on. */
  readonly credentialGeneration: number
  readonly kind: GeneratorKind
  /** New recovery codes, when the account had none left. */
  readonly recoveryCodes: readonly string[] | undefined
}

/**
 * Takes the first code of the generator that waits for it: from then on it is a second factor.
 * @param wanted.generatorNo as {@link startGenerator} said
 * @returns undefined when the code is not right
 */
export async function confirmGenerator(
  context: Context,
  wanted: { readonly account: Account; readonly generatorNo: number | undefined; readonly code: string },
): Promise<Confirmed | undefined> {
  const { account, code } = wanted
  const { accountNo } = account
  const generator = await unconfirmedGenerator(context, accountNo, wanted.generatorNo)
  const nowMicros = context.clock.nowMicros()
  if (!generator) return undefined
  const counter = counterOf(code, generator, nowMicros)
  if (counter === undefined) return undefined
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const { count } = await run(
      trx,
      `update code_generator set confirmed_micros = $3::bigint, last_counter = $2::bigint, last_used_micros = $3::bigint
        where generator_no = $1::int and confirmed_micros is null`,
      [generator.generatorNo, counter, nowMicros],
    )
    if (count === 0) return undefined
    const { recoveryCodes: left } = await factorsOf(trx, accountNo, nowMicros)
    const recoveryCodes = left === 0 ? await replaceRecoveryCodes(trx, accountNo, nowMicros) : undefined
    const credentialGeneration = await factorChanged(trx, context, account)
    const detail = { account: account.name, kind: generator.kind, generator: generator.generatorNo }
    await recordAudit(trx, nowMicros, [
      { kind: 'second_factor_added', actor: account.name, detail },
      ...(recoveryCodes
        ? [{ kind: 'recovery_codes_made', actor: account.name, detail: { account: account.name } }]
        : []),
    ])
    return { credentialGeneration, kind: generator.kind, recoveryCodes }
  })
}

/**
 * Takes a generator away. The phone may be lost, so remembered devices are forgotten too.
 * @param wanted.demanded whether a second factor is demanded of the account
 * @returns the account's new credential generation
 * @throws {NotFoundError} when the account has no such generator
 * @throws {ConflictError} when its owner would be shut out
 */
export async function removeGenerator(
  context: Context,
  wanted: { readonly account: Account; readonly generatorNo: number; readonly demanded: boolean },
): Promise<number> {
  const { account, generatorNo, demanded } = wanted
  const { accountNo } = account
  const nowMicros = context.clock.nowMicros()
  return await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const { count } = await run(
      trx,
      `delete from code_generator
        where generator_no = $1::int and account_no = $2::int and confirmed_micros is not null`,
      [generatorNo, accountNo],
    )
    if (count === 0) throw new NotFoundError('the code generator')
    mustStayReachable(await factorsOf(trx, accountNo, nowMicros), demanded)
    await forgetDevicesOf(trx, accountNo)
    const credentialGeneration = await factorChanged(trx, context, account)
    const detail = { account: account.name, generator: generatorNo }
    await recordAudit(trx, nowMicros, [{ kind: 'second_factor_removed', actor: account.name, detail }])
    return credentialGeneration
  })
}

function purposeOf(accountNo: number): string {
  return `code generator of account ${accountNo}`
}
