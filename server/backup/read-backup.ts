import { createHash, type Hash } from 'node:crypto'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { TrustGroupError } from '../errors.ts'
import { damaged, type Header, type Manifest, parseLine, parseRow, type TableLine } from './backup-format.ts'
import { decryptStream } from './cipher.ts'

/** Rows are handed on in lists of at most so many, or of so many bytes of lines. */
const BATCH_ROWS = 1000
const BATCH_BYTES = 4 * 1024 ** 2
/** The longest text that the engine holds is 512 MiB; no object may be sent that is as long as this. */
const MAX_LINE = 400 * 1024 ** 2

/** A part of a backup. The manifest comes last, after everything before it was compared with it. */
export type BackupPart =
  | { readonly kind: 'header'; readonly header: Header }
  | { readonly kind: 'table'; readonly table: TableLine }
  | { readonly kind: 'rows'; readonly table: TableLine; readonly rows: readonly (readonly Cell[])[] }
  | { readonly kind: 'manifest'; readonly manifest: Manifest }

type Cell = string | number | boolean | null

/**
 * Reads an encrypted backup in constant memory. Nothing may be relied on before the manifest came and the reading ended.
 * @throws {TrustGroupError} when the passphrase is wrong, or the backup is damaged, cut off or without its manifest
 */
export async function* readBackup(source: Readable, passphrase: string): AsyncGenerator<BackupPart> {
  let plain: Readable | undefined
  try {
    plain = await decryptStream(source, passphrase)
    const whole = Promise.withResolvers<void>()
    whole.promise.catch(() => undefined) // asked for below, unless the reading failed before
    const unpacked = pipeline(plain, createGunzip(), (error) => (error ? whole.reject(error) : whole.resolve()))
    // the last part is held back until the code that detects modification was read: it stands behind the packed bytes
    let last: BackupPart | undefined
    for await (const part of new BackupReader().read(linesOf(unpacked))) {
      if (last) yield last
      last = part
    }
    await whole.promise
    if (last) yield last
  } catch (error) {
    if (error instanceof TrustGroupError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    // a failure of the file itself is no matter of its content
    if (/^E[A-Z]+$/.test(code)) throw error
    throw damaged(code.startsWith('Z_') ? 'it cannot be unpacked' : 'its bytes were changed or are missing')
  } finally {
    plain?.destroy()
    source.destroy()
  }
}

/** Lines without their end; what comes after the last line end is an error. */
async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let begun: Buffer[] = []
  let length = 0
  for await (const chunk of bytes) {
    let from = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const rest = chunk.subarray(from, end)
      yield begun.length === 0 ? rest : Buffer.concat([...begun, rest])
      begun = []
      length = 0
      from = end + 1
    }
    if (from === chunk.length) continue
    length += chunk.length - from
    if (length > MAX_LINE) throw damaged('a line is too long')
    begun.push(from === 0 ? chunk : chunk.subarray(from))
  }
  if (begun.length > 0) throw damaged('it ends in the middle of a line')
}

interface OpenTable {
  readonly line: TableLine
  readonly hash: Hash
  count: number
}

class BackupReader {
  readonly #found = new Map<string, { rows: number; sha256: string }>()
  #header: Header | undefined
  #manifest: Manifest | undefined
  #open: OpenTable | undefined
  #rows: (readonly Cell[])[] = []
  #bytes = 0

  async *read(lines: AsyncIterable<Buffer>): AsyncGenerator<BackupPart> {
    for await (const line of lines) {
      if (this.#manifest) throw damaged('something follows the manifest')
      if (line[0] === 0x5b) {
        this.#addRow(line)
        if (this.#rows.length >= BATCH_ROWS || this.#bytes >= BATCH_BYTES) yield* this.#takeRows()
        continue
      }
      yield* this.#takeRows()
      const part = this.#control(line.toString())
      if (part) yield part
    }
    if (!this.#manifest) throw damaged('it has no manifest, so it is not whole')
    yield { kind: 'manifest', manifest: this.#manifest }
  }

  #addRow(line: Buffer): void {
    const open = this.#open
    if (!open) throw damaged('a row belongs to no table')
    open.hash.update(line).update('\n')
    open.count += 1
    this.#rows.push(parseRow(line.toString(), open.line))
    this.#bytes += line.length
  }

  *#takeRows(): Generator<BackupPart> {
    const rows = this.#rows
    if (rows.length === 0 || !this.#open) return
    this.#rows = []
    this.#bytes = 0
    yield { kind: 'rows', table: this.#open.line, rows }
  }

  #control(text: string): BackupPart | undefined {
    this.#closeTable()
    const line = parseLine(text)
    if ('header' in line) {
      if (this.#header) throw damaged('it has two headers')
      this.#header = line.header
      return { kind: 'header', header: line.header }
    }
    if (!this.#header) throw damaged('it does not begin with its header')
    if ('table' in line) {
      if (this.#found.has(line.table.table)) throw damaged(`the table ${line.table.table} stands there twice`)
      this.#open = { line: line.table, hash: createHash('sha256'), count: 0 }
      return { kind: 'table', table: line.table }
    }
    this.#manifest = line.manifest
    this.#compare(line.manifest)
    return undefined
  }

  #closeTable(): void {
    if (!this.#open) return
    this.#found.set(this.#open.line.table, { rows: this.#open.count, sha256: this.#open.hash.digest('hex') })
    this.#open = undefined
  }

  #compare(manifest: Manifest): void {
    for (const name of new Set([...Object.keys(manifest.tables), ...this.#found.keys()])) {
      const listed = manifest.tables[name]
      const found = this.#found.get(name)
      if (!listed || !found) throw damaged(`the table ${name} is ${found ? 'not in the manifest' : 'missing'}`)
      if (listed.rows !== found.rows) throw damaged(`${name} has ${found.rows} rows, the manifest says ${listed.rows}`)
      if (listed.sha256 !== found.sha256) throw damaged(`the rows of ${name} are not those of the manifest`)
    }
  }
}
