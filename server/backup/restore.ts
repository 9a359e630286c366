import type { Readable } from 'node:stream'
import type { Context } from '../context.ts'
import { ConflictError, UnprocessableError } from '../errors.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { allowLongStatements, firstTableWithRows, insertRows } from '../storage/backup-load.ts'
import { analyze } from '../storage/analyze.ts'
import { chainsWithin } from '../storage/backup-chains.ts'
import { settle } from '../storage/backup-settle.ts'
import { type DescribedTable, describeTables } from '../storage/backup-tables.ts'
import { setOutgoing, startAsRestored } from '../storage/backup-site.ts'
import type { Transaction } from '../storage/database.ts'
import { migrate } from '../storage/migrate.ts'
import { MIGRATIONS } from '../storage/migrations/index.ts'
import { damaged, type Header, type Manifest, type TableLine } from './backup-format.ts'
import { readBackup } from './read-backup.ts'
import { type OnProgress, type Verification, verifyChains } from './verify.ts'

/** An opened database, and the clock. */
export type RestoreTarget = Pick<Context, 'database' | 'clock'>

/** A backup to be loaded, and who does it. */
export interface Restoring {
  /** The encrypted file. */
  readonly source: Readable
  readonly passphrase: string
  readonly actor: string
  /** Told while the chains are verified. */
  readonly onVerified?: OnProgress
}

/** What was restored. */
export interface Restored {
  /** RFC 3339: the moment that the backup was made. */
  readonly made: string
  /** Version of the program that made it. */
  readonly program: string
  readonly rows: Readonly<Record<string, number>>
  readonly verification: Verification
}

/**
 * Loads a backup into an empty database and verifies it, all in one transaction: when anything is wrong, or the process
 * dies, the database is as empty as before. Outgoing traffic stays off until {@link confirmRestore}: two copies of one
 * site must not both send (fault 30).
 * @throws {ConflictError} when the database is not empty
 * @throws {UnprocessableError} when the backup cannot be opened, is damaged, or does not verify
 */
export async function restore(target: RestoreTarget, restoring: Restoring): Promise<Restored> {
  const { database, clock } = target
  await migrate(database)
  const restored = await database.transaction(async (trx) => {
    await allowLongStatements(trx)
    await mustBeEmpty(trx)
    const loading = new Loading(trx, await describeTables(trx))
    for await (const part of readBackup(restoring.source, restoring.passphrase)) {
      if (part.kind === 'header') loading.begin(part.header)
      else if (part.kind === 'table') loading.open(part.table)
      else if (part.kind === 'rows') await loading.load(part.rows)
      else loading.manifest = part.manifest
    }
    await settle(trx)
    await startAsRestored(trx)
    const { header, manifest } = loading.whole()
    const verification = await verifyChains(chainsWithin(trx), restoring.onVerified)
    const broken = verification.chains.find((chain) => chain.problem !== undefined)
    if (broken) throw notVerified(`${broken.chain}: ${broken.problem}`)
    const heads = verification.chains.map((chain) => chain.head)
    for (const { hash } of [manifest.audit, ...manifest.ledgers]) {
      if (!heads.includes(hash)) throw notVerified('the head of a chain is not that of the manifest')
    }
    const rows = Object.fromEntries(Object.entries(manifest.tables).map(([name, table]) => [name, table.rows]))
    const detail = {
      made: header.made,
      program: header.program,
      object: rows['object'] ?? 0,
      release: rows['release'] ?? 0,
    }
    await recordAudit(trx, clock.nowMicros(), [{ kind: 'backup_restored', actor: restoring.actor, detail }])
    return { made: header.made, program: header.program, rows, verification }
  })
  await analyze(database)
  return restored
}

function notVerified(what: string): UnprocessableError {
  return new UnprocessableError(
    'not_verified',
    `the backup was read whole, but what it holds does not verify (${what}): nothing of it was kept; restore an older backup`,
  )
}

async function mustBeEmpty(trx: Transaction): Promise<void> {
  const table = await firstTableWithRows(trx)
  if (table === undefined) return
  throw new ConflictError(
    'not_empty',
    `the database is not empty (${table} has rows): restore into a new folder (VOUCHSAFE_DATA) or a new PostgreSQL database (DATABASE_URL)`,
  )
}

class Loading {
  manifest: Manifest | undefined
  readonly #trx: Transaction
  readonly #tables: readonly DescribedTable[]
  readonly #known: ReadonlySet<string> = new Set(MIGRATIONS.map((migration) => migration.name))
  #header: Header | undefined
  #into: { readonly table: DescribedTable; readonly columns: DescribedTable['columns'] } | undefined

  constructor(trx: Transaction, tables: readonly DescribedTable[]) {
    this.#trx = trx
    this.#tables = tables
  }

  begin(header: Header): void {
    const newer = header.migrations.filter((name) => !this.#known.has(name))
    if (newer.length > 0) {
      throw new UnprocessableError(
        'newer_backup',
        `the backup was made by Vouchsafe ${header.program} with a newer schema (${newer.join(', ')}): install that version or a later one`,
      )
    }
    this.#header = header
  }

  /** A table or column that an older schema did not have gets its default; one that we do not know is refused. */
  open({ table: name, columns }: TableLine): void {
    const table = this.#tables.find((known) => known.name === name)
    if (!table) throw damaged(`it has a table ${JSON.stringify(name)} that this schema does not have`)
    const described = columns.map((column) => {
      const known = table.columns.find((one) => one.name === column)
      if (!known) throw damaged(`it has a column ${JSON.stringify(column)} in ${name} that this schema does not have`)
      return known
    })
    if (new Set(columns).size < columns.length) throw damaged(`a column stands twice in ${name}`)
    this.#into = { table, columns: described }
  }

  async load(rows: Parameters<typeof insertRows>[3]): Promise<void> {
    if (!this.#into) throw damaged('rows without a table')
    const { table, columns } = this.#into
    try {
      await insertRows(this.#trx, table, columns, rows)
    } catch (error) {
      if (!isMisfit(error)) throw error
      throw damaged(`rows of ${table.name} do not fit the schema`)
    }
  }

  whole(): { readonly header: Header; readonly manifest: Manifest } {
    if (!this.#header || !this.manifest) throw damaged('it has no manifest, so it is not whole')
    return { header: this.#header, manifest: this.manifest }
  }
}

/** A value of a wrong type, or a row that breaks a rule of the schema (SQLSTATE classes 22 and 23). */
function isMisfit(error: unknown): boolean {
  if (error instanceof TypeError) return true
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^2[23]/.test(error.code)
}

/**
 * Lets outgoing traffic start again: the site that the backup came from is switched off.
 * @returns false when it was not held back
 */
export async function confirmRestore({ database, clock }: RestoreTarget, actor: string): Promise<boolean> {
  return await database.transaction(async (trx) => {
    if (!(await setOutgoing(trx))) return false
    await recordAudit(trx, clock.nowMicros(), [{ kind: 'restore_confirmed', actor, detail: { outgoing: true } }])
    return true
  })
}
