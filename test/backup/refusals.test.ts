import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { after, describe, it } from 'node:test'
import { createGzip, gunzipSync } from 'node:zlib'
import { decryptStream, encryptStream } from '../../server/backup/cipher.ts'
import { NO_PASSPHRASE, writeBackup } from '../../server/backup/write-backup.ts'
import { BACKUP_TABLES } from '../../server/storage/backup-tables.ts'
import { indicators } from '../support/indicators.ts'
import { post, testSite } from '../support/site.ts'
import { backupBytes, change, emptyTarget, PASSPHRASE, restoreBytes } from './copies.ts'

const site = await testSite()
after(() => site.close())
const { api_root } = await site.addCollection({ alias: 'region' })
const headers = await site.addUser('poller', { read: ['region'], write: ['region'] })
const texts = indicators(300)
await post(
  `${site.url}${api_root}collections/region/objects/`,
  headers,
  texts.map((text) => JSON.parse(text) as unknown),
)
const backup = await backupBytes(site.context)

/** The backup with its plain lines changed, encrypted again: only what is inside can tell. */
async function rewritten(edit: (lines: string[]) => string[]): Promise<Buffer> {
  const plain = Readable.from([edit(await plainLines()).join('\n')]).pipe(createGzip())
  return await buffer(await encryptStream(plain, PASSPHRASE, 1_700_000_000_000_000))
}

async function plainLines(): Promise<string[]> {
  const packed = await buffer(await decryptStream(Readable.from([backup]), PASSPHRASE))
  return gunzipSync(packed).toString().split('\n')
}

// one for all: each refusal must leave it empty for the next
const target = await emptyTarget()
after(() => target.close())

async function mustBeRefused(bytes: Uint8Array, sentence: RegExp, passphrase = PASSPHRASE): Promise<void> {
  await assert.rejects(restoreBytes(target, bytes, passphrase), sentence)
  for (const { name } of BACKUP_TABLES) {
    assert.deepEqual((await change(target, `select 1 as one from ${name} limit 1`)).rows, [], `${name} has rows`)
  }
}

const flipped = (at: number) => {
  const bytes = Buffer.from(backup)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return bytes
}
const without = (start: string) => rewritten((lines) => lines.filter((line) => !line.startsWith(start)))
const replaced = (find: string, by: string) =>
  rewritten((lines) => {
    assert.ok(lines.some((line) => line.includes(find)))
    return lines.map((line) => line.replace(find, by))
  })

describe('a restore refuses, and loads nothing of', () => {
  it('a backup with another passphrase', () =>
    mustBeRefused(backup, /passphrase does not open/, 'another passphrase, also long'))
  it('a file that is no backup', () => mustBeRefused(Buffer.from('SELECT 1;\n'), /no backup/))
  it('an empty file', () => mustBeRefused(Buffer.alloc(0), /no backup/))
  it('a file cut off in the middle', () => mustBeRefused(backup.subarray(0, backup.length / 2), /damaged/))
  it('a file cut off before its last byte', () => mustBeRefused(backup.subarray(0, -1), /damaged/))
  it('a flipped bit in the middle', () => mustBeRefused(flipped(backup.length >> 1), /damaged/))
  it('a flipped bit in the last byte', () => mustBeRefused(flipped(backup.length - 1), /damaged/))
  it('a backup without manifest', async () => mustBeRefused(await without('{"manifest"'), /no manifest/))
  it('a backup without header', async () => mustBeRefused(await without('{"format"'), /header/))
  it('a backup that lacks a row', async () =>
    mustBeRefused(await without('["page-token-key"'), /secret has 2 rows, the manifest says 3/))
  it('a backup that lacks a row which others need', async () =>
    mustBeRefused(await without('[1,"poller"'), /rows of collection_grant do not fit/))
  it('a changed value', async () =>
    mustBeRefused(await replaced('"poller"', '"pollar"'), /rows of account are not those/))
  it('a newer format', async () =>
    mustBeRefused(await replaced('"format_version":1', '"format_version":2'), /newer form/))
  it('a newer schema', async () =>
    mustBeRefused(await replaced('"0001-spine"', '"0001-spine","9999-later"'), /newer schema \(9999-later\)/))
  it('a column that the schema does not have', async () =>
    mustBeRefused(
      await replaced('"columns":["site_no","access', '"columns":["site_number","access'),
      /column "site_number"/,
    ))
  it('something behind the manifest', async () =>
    mustBeRefused(await rewritten((lines) => [...lines.slice(0, -1), '[1]', '']), /follows the manifest/))
})

it('a backup of an older schema loads: a column that it does not have gets its default', async () => {
  const older = await rewritten((lines) => {
    const start = lines.findIndex((line) => line.startsWith('{"table":"account",'))
    const { columns } = JSON.parse(lines[start] ?? '') as { columns: string[] }
    const at = columns.indexOf('active')
    const row = (JSON.parse(lines[start + 1] ?? '') as unknown[]).toSpliced(at, 1)
    const changed = lines.with(start, JSON.stringify({ table: 'account', columns: columns.toSpliced(at, 1) }))
    changed[start + 1] = JSON.stringify(row)
    const end = changed.findIndex((line) => line.startsWith('{"manifest"'))
    const { manifest } = JSON.parse(changed[end] ?? '') as { manifest: { tables: Record<string, { sha256: string }> } }
    const account = manifest.tables['account']
    assert.ok(account)
    account.sha256 = hash('sha256', `${changed[start + 1]}\n`)
    changed[end] = JSON.stringify({ manifest })
    return changed
  })
  const empty = await emptyTarget()
  try {
    await restoreBytes(empty, older)
    assert.deepEqual((await change(empty, 'select name, active from account')).rows, [{ name: 'poller', active: true }])
  } finally {
    await empty.close()
  }
})

it('a restore refuses a database that is not empty, and leaves it as it is', async () => {
  const before = (await change(site.context, 'select * from audit order by seq')).rows
  await assert.rejects(restoreBytes(site.context, backup), /not empty .*VOUCHSAFE_DATA/)
  assert.deepEqual((await change(site.context, 'select * from audit order by seq')).rows, before)
})

it('a backup needs a passphrase, and says where it comes from', async () => {
  await assert.rejects(writeBackup(site.context, { passphrase: '', write: async () => undefined }), {
    message: NO_PASSPHRASE,
  })
})

it('a failing write ends a backup, and the server goes on', async () => {
  const write = async () => {
    throw new Error('the line was cut')
  }
  await assert.rejects(writeBackup(site.context, { passphrase: PASSPHRASE, write }), /the line was cut/)
  assert.ok((await backupBytes(site.context)).length > 1000)
})

const gpg = spawnSync('gpg', ['--version']).status === 0
it('GnuPG opens a backup', { skip: gpg ? false : 'gpg is not installed' }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vouchsafe-gpg-'))
  try {
    await writeFile(join(folder, 'backup'), backup)
    const options = ['--homedir', folder, '--batch', '--pinentry-mode', 'loopback', '--passphrase', PASSPHRASE]
    const opened = spawnSync('gpg', [...options, '-d', join(folder, 'backup')], { maxBuffer: 2 ** 28 })
    assert.equal(opened.status, 0, opened.stderr.toString())
    const lines = gunzipSync(opened.stdout).toString().trimEnd().split('\n')
    assert.match(lines[0] ?? '', /^\{"format":"vouchsafe-backup"/)
    assert.match(lines.at(-1) ?? '', /^\{"manifest":/)
    assert.ok(lines.some((line) => line.includes(JSON.stringify(texts[0] ?? '').slice(1, 60))))
  } finally {
    spawnSync('gpgconf', ['--homedir', folder, '--kill', 'all'])
    await rm(folder, { recursive: true, force: true })
  }
})
