import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { backupToFile, keepFile } from '../../server/backup/backup-file.ts'
import { readBackup } from '../../server/backup/read-backup.ts'
import { writeBackup } from '../../server/backup/write-backup.ts'
import { verifyBackup } from '../../server/backup/verify-backup.ts'
import { hash } from 'node:crypto'
import { indicators } from '../support/indicators.ts'
import { post, testSite } from '../support/site.ts'
import { change, PASSPHRASE } from './copies.ts'

setFlagsFromString('--expose-gc')
// otherwise buffers are freed by another thread after the collection: on a busy machine much later
setFlagsFromString('--no-concurrent-array-buffer-sweeping')
const site = await testSite()
after(() => site.close())
const { api_root } = await site.addCollection({ alias: 'region' })
const headers = await site.addUser('poller', { read: ['region'], write: ['region'] })
const objects = `${site.url}${api_root}collections/region/objects/`
await post(
  objects,
  headers,
  indicators(200).map((text) => JSON.parse(text) as unknown),
)
const folder = await mkdtemp(join(tmpdir(), 'vouchsafe-backup-'))
after(() => rm(folder, { recursive: true, force: true }))
const small = await mkdtemp(join(tmpdir(), 'vouchsafe-small-'))
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48k', 'tmpfs', small]).status === 0
after(async () => {
  if (mounted) spawnSync('umount', [small])
  await rm(small, { recursive: true, force: true })
})
const wanted = (path: string) => ({ path, passphrase: PASSPHRASE, actor: 'test' })

it('makes one file for its owner only, puts it on record, and the file verifies by itself', async () => {
  const path = join(folder, 'first.gpg')
  const report = await backupToFile(site.context, wanted(path))
  const bytes = await readFile(path)
  assert.deepEqual([bytes.length, hash('sha256', bytes)], [report.bytes, report.sha256])
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.deepEqual(await readdir(folder), ['first.gpg'])
  const { rows } = await change(site.context, 'select kind, detail from audit order by seq desc limit 1')
  assert.equal(rows[0]?.['kind'], 'backup_made')
  assert.equal((JSON.parse(String(rows[0]?.['detail'])) as { object: number }).object, 200)
  const verified = await verifyBackup(site.context.clock, { source: createReadStream(path), passphrase: PASSPHRASE })
  assert.equal(verified.verification.ok, true)
  assert.equal(verified.rows['release'], 200)
})

it('names the path that cannot be written', async () => {
  await assert.rejects(backupToFile(site.context, wanted(join(folder, 'none', 'x'))), /none\/x \(ENOENT\)/)
})

it(
  'a full disk leaves the old backup and no half file',
  { skip: mounted ? false : 'mounting a tmpfs is not permitted here' },
  async () => {
    const path = join(small, 'backup.gpg')
    await writeFile(path, 'the old backup')
    const records = await change(site.context, 'select seq from audit_head')
    await assert.rejects(backupToFile(site.context, wanted(path)), { status: 507, message: /no room .*older backup/ })
    assert.deepEqual(await readdir(small), ['backup.gpg'])
    assert.equal(await readFile(path, 'utf8'), 'the old backup')
    assert.deepEqual((await change(site.context, 'select seq from audit_head')).rows, records.rows, 'nothing on record')
    assert.equal((await fetch(`${site.url}/readyz`)).status, 200)
  },
)

it('takes little memory, however large the site is', async () => {
  const copies = 20_000
  // 200 MB of bodies; chains do not matter here, a backup does not judge
  await change(
    site.context,
    `insert into object (object_no, source_no, label, received_micros, sha256, body)
     select 10000000 + i, 1, 0, 0, sha256(i::text::bytea), repeat(md5(i::text), 320) from generate_series(1, $1::int) i`,
    [copies],
  )
  await change(
    site.context,
    `insert into release (collection_no, date_added, object_no, stix_id, version, version_digits, type, latest)
     select 1, i, 10000000 + i, 'x--' || i, '2026', 0, 'x', true from generate_series(1, $1::int) i`,
    [copies],
  )
  const collect = runInNewContext('gc') as () => void // there since the flag below was set
  const live = () => {
    collect()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return (heapUsed + arrayBuffers) / 1024 ** 2
  }
  const start = live()
  let peak = start
  let bytes = 0
  const look = (count: number) => {
    if (Math.floor((bytes + count) / 1e6) > Math.floor(bytes / 1e6)) peak = Math.max(peak, live())
    bytes += count
  }
  const path = join(folder, 'large.gpg')
  const report = await keepFile(path, (write) =>
    writeBackup(site.context, {
      passphrase: PASSPHRASE,
      write: (piece) => {
        look(piece.length)
        return write(piece)
      },
    }),
  )
  let rows = 0
  for await (const part of readBackup(createReadStream(path), PASSPHRASE)) {
    if (part.kind !== 'rows' || part.table.table !== 'object') continue
    rows += part.rows.length
    look(part.rows.length * 10_000)
  }
  assert.equal(rows, copies + 200)
  assert.equal(report.rows['object'], copies + 200)
  assert.ok(bytes > 200e6)
  assert.ok(peak - start < 48, `${Math.round(peak - start)} MiB more were in use while 200 MB went through, twice`)
})
