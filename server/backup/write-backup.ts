import { createHash, type Hash } from 'node:crypto'
import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { timestampOf } from '../clock.ts'
import type { Context } from '../context.ts'
import { BadRequestError } from '../errors.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { type Cut, type Row, takeCut } from '../storage/backup-cut.ts'
import { pagesOf } from '../storage/backup-pages.ts'
import type { DescribedTable } from '../storage/backup-tables.ts'
import { FORMAT_VERSION, type Header, type Manifest } from './backup-format.ts'
import { hexOf } from './chain-report.ts'
import { encryptStream } from './cipher.ts'
import { programVersion } from './program-version.ts'

/** What a backup is made of: any core will do, also one that serves. */
export type BackupContext = Pick<Context, 'database' | 'clock'>

/** How a backup is wanted. */
export interface Backup {
  readonly passphrase: string
  /** Takes the encrypted bytes in order; the next piece is made when it resolves. What it throws ends the backup. */
  readonly write: (bytes: Uint8Array) => Promise<void>
  /** Told after each page how many rows were read, of about how many. */
  readonly onProgress?: (done: number, total: number) => void
}

/** What a backup holds. */
export interface BackupReport {
  /** RFC 3339. */
  readonly made: string
  readonly rows: Readonly<Record<string, number>>
  /** Of the encrypted file. */
  readonly bytes: number
  /** Of the encrypted file, hex. */
  readonly sha256: string
}

/**
 * Writes an encrypted backup of the site as it is now, while writers go on: OpenPGP over gzip over one JSON text a line
 * (header, tables with their rows, manifest). Constant memory, no long transaction. Whoever has kept the bytes safe calls
 * {@link noteBackup} afterwards.
 * @throws {BadRequestError} for an empty passphrase
 */
export async function writeBackup(context: BackupContext, wanted: Backup): Promise<BackupReport> {
  const { passphrase, write, onProgress = () => undefined } = wanted
  if (passphrase.length < 15) throw new BadRequestError('no_passphrase', NO_PASSPHRASE)
  const nowMicros = context.clock.nowMicros()
  const cut = await takeCut(context.database)
  const made = timestampOf(nowMicros)
  const rows: Record<string, number> = {}
  // level 4: half the time of the default for files that are a twentieth longer
  // not in object mode: read-ahead is counted in bytes, so one page waits at most
  const plain = Readable.from(lines(context, cut, { made, rows, onProgress }), { objectMode: false })
  const zipped = pipeline(plain, createGzip({ level: 4 }), () => undefined)
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of await encryptStream(zipped, passphrase, nowMicros)) {
    hash.update(piece)
    bytes += piece.length
    await write(piece)
  }
  return { made, rows, bytes, sha256: hash.digest('hex') }
}

/** What to say when there is no passphrase, or a short one. */
export const NO_PASSPHRASE =
  'a backup is encrypted and needs a passphrase of at least 15 characters: set backup.passphrase_file ' +
  '(VOUCHSAFE_BACKUP_PASSPHRASE_FILE) to a file that holds it, or give --passphrase-file or --passphrase-stdin'

/** Puts on record that a backup was made and is safely stored. */
export async function noteBackup(context: BackupContext, actor: string, report: BackupReport): Promise<void> {
  const { object = 0, release = 0, audit = 0 } = report.rows
  const detail = { made: report.made, bytes: report.bytes, sha256: report.sha256, object, release, audit }
  await context.database.transaction((trx) =>
    recordAudit(trx, context.clock.nowMicros(), [{ kind: 'backup_made', actor, detail }]),
  )
}

interface Writing extends Required<Pick<Backup, 'onProgress'>> {
  readonly made: string
  /** Filled on the way. */
  readonly rows: Record<string, number>
}

/** Pieces of the plain text, each about 1 MB at most. */
async function* lines(context: BackupContext, cut: Cut, { made, rows, onProgress }: Writing) {
  // each entry of a ledger stands for a release and an object, nearly always
  const total = cut.auditSeq + cut.collections.reduce((sum, { ledgerSeq }) => sum + 3 * ledgerSeq, 0)
  let done = 0
  const header: Header = {
    format: 'vouchsafe-backup',
    format_version: FORMAT_VERSION,
    migrations: [...cut.migrations],
    program: programVersion(),
    made,
    site_created: timestampOf(cut.siteCreatedMicros),
    database: context.database.kind,
  }
  yield `${JSON.stringify(header)}\n`
  const digests: Manifest['tables'] = {}
  for (const table of cut.tables) {
    const columns = table.columns.map((column) => column.name)
    yield `${JSON.stringify({ table: table.name, columns })}\n`
    const hash = createHash('sha256')
    let count = 0
    for await (const page of pagesOf(context.database, cut, table)) {
      count += page.length
      done += page.length
      onProgress(done, Math.max(done, total))
      yield* piecesOf(page, table, hash)
    }
    rows[table.name] = count
    digests[table.name] = { rows: count, sha256: hash.digest('hex') }
  }
  yield `${JSON.stringify({ manifest: manifestOf(cut, digests) })}\n`
}

/** A piece is closed when it is this long, so that one page of long rows does not double in memory. */
const PIECE = 262_144

function* piecesOf(page: readonly Row[], table: DescribedTable, hash: Hash) {
  let piece = ''
  for (const row of page) {
    piece += `${JSON.stringify(table.columns.map((column) => cellOf(row[column.name])))}\n`
    if (piece.length < PIECE) continue
    hash.update(piece)
    yield piece
    piece = ''
  }
  if (piece === '') return
  hash.update(piece)
  yield piece
}

function cellOf(value: unknown): unknown {
  return value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
    : value
}

function manifestOf(cut: Cut, tables: Manifest['tables']): Manifest {
  return {
    tables,
    audit: { seq: cut.auditSeq, hash: hexOf(cut.auditHead) },
    ledgers: cut.collections.map((collection) => ({
      collection: collection.id,
      last_added: collection.lastMicros,
      seq: collection.ledgerSeq,
      hash: hexOf(collection.ledgerHead),
    })),
  }
}
