import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { noteBackup } from '../../server/backup/write-backup.ts'
import type { Clock } from '../../server/clock.ts'
import type { Config } from '../../server/config/schema.ts'
import type { Check } from '../../server/doctor/check.ts'
import { doctor, type Patient } from '../../server/doctor/doctor.ts'
import { examine } from '../../server/doctor/examine.ts'
import { checkNode } from '../../server/doctor/machine-checks.ts'
import { addAccount } from '../../server/site/accounts.ts'
import { run, type Transaction } from '../../server/storage/database.ts'
import { ensureSelfSigned } from '../../server/tls/self-signed.ts'
import { openPostgres } from '../../server/storage/postgres.ts'
import { testSite } from '../support/site.ts'

const DAY = 86_400_000_000
const site = await testSite({ settings: { 'backup.passphrase': 'six words make a good passphrase' } })
after(() => site.close())
const { context } = site
await site.addCollection({ alias: 'region' })

const at = (clock: Clock, aheadMicros: number): Clock => ({ nowMicros: () => clock.nowMicros() + aheadMicros })

async function look(patient: Partial<Patient> = {}): Promise<ReadonlyMap<string, Check>> {
  const { checks } = await doctor({ ...context, ...patient })
  return new Map(checks.map((check) => [check.name, check]))
}

async function expect(patient: Partial<Patient>, name: string, outcome: Check['outcome'], says: RegExp): Promise<void> {
  const checks = await look(patient)
  const check = checks.get(name)
  assert.equal(check?.outcome, outcome, JSON.stringify(check ?? [...checks.values()]))
  assert.match(`${check.message} | ${check.fix ?? ''}`, says)
}

const withConfig = (changes: Partial<Config>): Partial<Patient> => ({ config: { ...context.config, ...changes } })

/** Changes rows, looks, and changes them back. */
async function whileChanged(there: string, back: string, use: () => Promise<void>): Promise<void> {
  const change = (text: string) => context.database.transaction((trx: Transaction) => run(trx, text))
  await change(there)
  try {
    await use()
  } finally {
    await change(back)
  }
}

describe('doctor', () => {
  it('finds a fresh site usable, and gives a fix for each warning', async () => {
    const diagnosis = await doctor(context)
    assert.equal(diagnosis.ok, true, JSON.stringify(diagnosis.checks))
    for (const check of diagnosis.checks) assert.equal(check.fix === undefined, check.outcome === 'ok', check.name)
    for (const name of [
      'node',
      'data folder',
      'disk',
      'exposure',
      'database',
      'durability',
      'schema',
      'clock',
      'audit',
    ]) {
      assert.ok(
        diagnosis.checks.some((check) => check.name === name),
        name,
      )
    }
  })

  it('says that the embedded database is not synced, and how to move', async () => {
    if (context.database.kind === 'embedded') await expect({}, 'durability', 'warn', /power loss.*restore/)
    else await expect({}, 'durability', 'ok', /on the disk/)
  })

  it('knows the oldest Node.js that works', () => {
    assert.equal(checkNode('v24.0.0').outcome, 'ok')
    assert.match(checkNode('v20.19.2').fix ?? '', /24 or later/)
  })

  it('finds a data folder that is not there', () =>
    expect(
      withConfig({ dataFolder: join(tmpdir(), 'vouchsafe-nowhere') }),
      'data folder',
      'fail',
      /not there \| vouchsafe init/,
    ))

  it('finds an administrator missing, then there', async () => {
    await expect({}, 'administrator', 'warn', /vouchsafe init/)
    await addAccount(context, { actor: 'test', name: 'root', role: 'administrator' })
    await expect({}, 'administrator', 'ok', /1 active/)
  })

  it('asks for a passphrase, a first backup, and a newer one after two days', async () => {
    await expect(withConfig({ backup: {} }), 'backup', 'warn', /VOUCHSAFE_BACKUP_PASSPHRASE_FILE/)
    await expect({}, 'backup', 'warn', /no backup was ever made \| vouchsafe backup/)
    await noteBackup(context, 'test', { made: '2026-11-21T00:00:00.000000Z', rows: {}, bytes: 1, sha256: '00' })
    await expect({}, 'backup', 'ok', /0 minutes old/)
    await expect({ clock: at(context.clock, 3 * DAY) }, 'backup', 'warn', /3 days old \| vouchsafe backup/)
  })

  it('finds a clock that was set back', () =>
    expect({ clock: at(context.clock, -DAY) }, 'clock', 'warn', /24 hours ahead of the clock.*timedatectl/))

  it('finds outgoing traffic that waits for the word', () =>
    whileChanged('update site set outgoing = false', 'update site set outgoing = true', () =>
      expect({}, 'outgoing', 'warn', /restore --confirm/),
    ))

  it('finds a changed audit record', () =>
    whileChanged("update audit set actor = 'x' where seq = 1", "update audit set actor = 'system' where seq = 1", () =>
      expect({}, 'audit', 'fail', /record 1 .*vouchsafe verify/),
    ))

  it('finds counts that do not fit the releases', () =>
    whileChanged('update collection_clock set open_count = 1', 'update collection_clock set open_count = 0', () =>
      expect({}, 'segments', 'fail', /region/),
    ))

  it('finds a newer schema', () =>
    whileChanged(
      "insert into kysely_migration (name, timestamp) values ('9999-later', '')",
      "delete from kysely_migration where name = '9999-later'",
      () => expect({}, 'schema', 'fail', /9999-later.*install/),
    ))

  it('finds plain HTTP that a firewall must guard', async () => {
    await expect(
      withConfig({ listenHost: '0.0.0.0', trustedProxies: ['192.0.2.1'] }),
      'exposure',
      'warn',
      /192\.0\.2\.1 \| .*firewall/,
    )
    await expect({}, 'exposure', 'ok', /this machine only/)
  })

  it('watches the end of the certificate', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'vouchsafe-doctor-'))
    try {
      const tls = withConfig({ dataFolder, tls: { selfSigned: true } })
      await expect(tls, 'certificate', 'ok', /first start/)
      await ensureSelfSigned(dataFolder, [], new Date(context.clock.nowMicros() / 1000))
      await expect(tls, 'certificate', 'ok', /valid for 397 days/)
      await expect({ ...tls, clock: at(context.clock, 390 * DAY) }, 'certificate', 'warn', /ends in 7 days \| restart/)
      await expect({ ...tls, clock: at(context.clock, 400 * DAY) }, 'certificate', 'fail', /ended/)
      const files = { certificateFile: join(dataFolder, 'none.crt'), keyFile: join(dataFolder, 'none.key') }
      await expect(
        withConfig({ tls: { selfSigned: false, ...files } }),
        'certificate',
        'fail',
        /ENOENT.*tls\.certificate_file/,
      )
    } finally {
      await rm(dataFolder, { recursive: true, force: true })
    }
  })

  it('says so when PostgreSQL does not answer, and still looks at the machine', async () => {
    const url = 'postgres://postgres@127.0.0.1:9/none'
    const away = openPostgres(url, { poolSize: 2, statementSeconds: 1, onIdleError: () => undefined })
    try {
      const patient = { ...withConfig({ databaseUrl: url }), database: away }
      await expect(patient, 'database', 'fail', /ECONNREFUSED.*psql/)
      assert.equal((await look(patient)).get('node')?.outcome, 'ok')
    } finally {
      await away.close()
    }
  })

  it('works from outside where nothing was set up, and sets nothing up', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'vouchsafe-doctor-'))
    try {
      const { databaseUrl: _url, ...config } = context.config
      const found = await examine({ ...config, dataFolder }, () => undefined)
      assert.equal(found.ok, false)
      assert.match(found.checks.find((check) => check.outcome === 'fail')?.fix ?? '', /vouchsafe init/)
    } finally {
      await rm(dataFolder, { recursive: true, force: true })
    }
  })
})
