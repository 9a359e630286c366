import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, it } from 'node:test'
import { migrate } from '../../server/storage/migrate.ts'
import { MIGRATIONS } from '../../server/storage/migrations/index.ts'
import { openScratch, scratch } from '../support/database.ts'

const place = await scratch()
const database = await openScratch(place)
await migrate(database)
after(async () => {
  await database.close()
  await place.remove()
})

/** SHA-256 of every migration that has been released. One that has been released never changes: add a new one. */
const RELEASED: Readonly<Record<string, string>> = {
  '0001-spine': '0e7be33c97ddb6f86f24af074d50d1d18756813d33c47ed1cda0dad8658fdac7',
  '0002-people': '644805a13783bce4738e231f7935a90f15a02c3b1abc6759c8c6e645896e487e',
  '0003-trust': 'ace7f0e2e7ec0c4822bb1bbddbc2f6c3bb7e00623064c9f83a0726f0f7db403b',
}

it('a released migration never changes', () => {
  for (const { name, sql } of MIGRATIONS) {
    assert.equal(createHash('sha256').update(sql).digest('hex'), RELEASED[name], name)
  }
  assert.deepEqual(
    Object.keys(RELEASED),
    MIGRATIONS.map(({ name }) => name),
  )
})

it('a schema that is up to date is left as it is', async () => {
  assert.deepEqual(await migrate(database), { applied: [], pending: [] })
  assert.deepEqual(await migrate(database, { plan: true }), { applied: [], pending: [] })
})

it('a schema that is newer than the program is refused', async () => {
  const row = { name: '9999-from-the-future', timestamp: '2030-01-01T00:00:00.000Z' }
  const migrations = database.kysely.withTables<{ kysely_migration: typeof row }>()
  await migrations.insertInto('kysely_migration').values(row).execute()
  await assert.rejects(migrate(database), /newer Vouchsafe \(9999-from-the-future\)/)
  await migrations.deleteFrom('kysely_migration').where('name', '=', row.name).execute()
})

it('several servers that start at once apply each migration once', async () => {
  const empty = await scratch()
  const first = await openScratch(empty)
  const reports = await Promise.all([migrate(first), migrate(first), migrate(first)])
  const applied = reports.flatMap((report) => report.applied)
  assert.ok(applied.length <= MIGRATIONS.length)
  assert.equal(new Set(applied).size, applied.length)
  await first.close()
  await empty.remove()
})

it('a query that goes around an open transaction is refused at once', async () => {
  const read = { name: 'one', text: 'select 1 as one' }
  await assert.rejects(
    database.transaction(() => database.reader.rows(read, [])),
    /went around the open transaction/,
  )
  await assert.rejects(
    database.transaction(() => database.transaction(() => Promise.resolve())),
    /went around the open transaction/,
  )
})
