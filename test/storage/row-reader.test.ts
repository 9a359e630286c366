import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import type { RawRow } from '../../server/storage/row-reader.ts'
import { openScratch, scratch } from '../support/database.ts'

const place = await scratch()
const database = await openScratch(place)
after(async () => {
  await database.close()
  await place.remove()
})

const SERIES = {
  name: 'series',
  text: "select g::int8, repeat('ä', 400) || g from generate_series(1, $1::int) g",
}

function bytesOf(row: RawRow, column: number): Buffer {
  const bytes = Buffer.alloc(row.length(column))
  assert.equal(row.copy(column, bytes, 0), bytes.length)
  return bytes
}

async function collect(statement: { name: string; text: string }, values: (string | number)[]): Promise<string[]> {
  const rows: string[] = []
  await database.reader.eachRaw(statement, values, (row) => rows.push(`${row.int8(0)} ${bytesOf(row, 1).toString()}`))
  return rows
}

it('raw rows equal ordinary rows, over many network chunks, first and second time', async () => {
  for (const count of [0, 1, 2500, 3]) {
    const expected = Array.from({ length: count }, (_, i) => `${i + 1} ${'ä'.repeat(400)}${i + 1}`)
    assert.deepEqual(await collect(SERIES, [count]), expected)
  }
})

it('one large bytea column arrives whole', async () => {
  const statement = { name: 'large', text: "select decode(repeat('00ff', $1::int), 'hex')" }
  let found: Buffer = Buffer.alloc(0)
  await database.reader.eachRaw(statement, [500_000], (row) => (found = bytesOf(row, 0)))
  assert.equal(found.length, 1_000_000)
  assert.ok(found.every((byte, at) => byte === (at % 2 ? 255 : 0)))
})

it('an error of the statement rejects, and the next read is right', async () => {
  await assert.rejects(collect({ name: 'wrong', text: 'select 1/$1::int, 2' }, [0]), { code: '22012' })
  await assert.rejects(collect({ name: 'nonsense', text: 'select from where' }, []), { code: '42601' })
  await assert.rejects(collect({ name: 'wrong', text: 'select 1/$1::int, 2' }, [0]), { code: '22012' })
  assert.equal((await collect(SERIES, [2])).length, 2)
  assert.deepEqual(await database.reader.rows({ name: 'plain', text: 'select 7::int8 as n' }, []), [{ n: 7 }])
})

it('an error in the middle of the rows rejects, and the next read is right', async () => {
  const statement = { name: 'late', text: 'select g::int8, (1 / (900 - g))::text from generate_series(1, $1::int) g' }
  await assert.rejects(collect(statement, [1000]), { code: '22012' })
  assert.equal((await collect(SERIES, [1])).length, 1)
})

it('reads at the same time do not mix their rows', async () => {
  const counts = [1, 700, 3, 1200, 40, 0, 999]
  const found = await Promise.all(counts.map((count) => collect(SERIES, [count])))
  assert.deepEqual(
    found.map((rows) => rows.length),
    counts,
  )
})

it('notices and notifications in between do no harm', async () => {
  if (database.kind === 'embedded') return // there is no network protocol in between
  const noisy = { name: 'noisy', text: "select 1::int8, set_config('application_name', 'x' || $1::int, false)" }
  for (let i = 0; i < 5; i++) assert.deepEqual(await collect(noisy, [i]), [`1 x${i}`])
})
