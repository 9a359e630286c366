import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { allAudit, readAudit, readGroupAudit, SEARCHED_AT_ONCE } from '../../server/storage/audit-reading.ts'
import type { Database, Statement } from '../../server/storage/database.ts'
import { run } from '../../server/storage/database.ts'
import { type TestSite, testSite } from '../support/site.ts'

/** The chain is long enough that a walk over all of it cannot be mistaken for a page; hashes do not matter here. */
const RECORDS = 100_000
const START = Date.parse('2020-01-01T00:00:00Z') * 1000
const SECOND = 1_000_000

describe('a page of a long audit reads what it shows', { timeout: 120_000 }, () => {
  let site: TestSite
  let database: Database
  const asked: { readonly statement: Statement; readonly values: readonly unknown[] }[] = []

  before(async () => {
    site = await testSite()
    const real = site.context.database
    await real.transaction(async (trx) => {
      await run(trx, 'delete from audit')
      await run(
        trx,
        `insert into audit (seq, at_micros, kind, actor, detail, hash)
         select n, ${START}::bigint + n * ${SECOND}, case when n % 50000 = 0 then 'rare' else 'common' end,
                case when n % 40000 = 0 then 'seldom' else 'often' end,
                case when n % 30000 = 0 then '{"group":"harbour","n":' || n || '}' else '{"n":' || n || '}' end, '\\x00'::bytea
           from generate_series(1::bigint, ${RECORDS}) n`,
      )
      await run(trx, 'update audit_head set seq = $1::bigint', [RECORDS])
    })
    await real.transaction((trx) => run(trx, 'analyze audit'))
    database = {
      ...real,
      reader: {
        rows: (statement, values) => {
          asked.push({ statement, values })
          return real.reader.rows(statement, values)
        },
        eachRaw: (...args) => real.reader.eachRaw(...args),
      },
    }
  })
  after(() => site.close())

  /** Rows of the audit that the plans of all statements since the last call have touched. */
  async function rowsRead(): Promise<number> {
    let rows = 0
    for (const { statement, values } of asked.splice(0)) {
      const [plan] = await site.context.database.reader.rows<{ 'QUERY PLAN': unknown }>(
        { name: `explain-${statement.name}`, text: `explain (analyze, format json) ${statement.text}` },
        values,
      )
      const found = plan?.['QUERY PLAN']
      rows += scanned(typeof found === 'string' ? JSON.parse(found) : found)
    }
    return rows
  }

  it('the newest page, and one from the middle', async () => {
    const first = await readAudit(database, {}, { limit: 50 })
    assert.equal(first.records[0]?.seq, RECORDS)
    assert.ok((await rowsRead()) <= 101)
    const middle = await readAudit(database, {}, { limit: 50, before: 50_000 })
    assert.equal(middle.records[0]?.seq, 49_999)
    assert.equal(middle.next, 49_950)
    assert.ok((await rowsRead()) <= 101)
  })

  it('of one kind, of one person, of one group', async () => {
    assert.equal((await readAudit(database, { kind: 'rare' }, { limit: 50 })).records.length, 2)
    assert.equal((await readAudit(database, { actor: 'seldom' }, { limit: 50 })).records.length, 2)
    assert.equal((await readGroupAudit(database, 'harbour', { limit: 50 })).records.length, 3)
    assert.equal((await readGroupAudit(database, 'other', { limit: 50 })).records.length, 0)
    assert.ok((await rowsRead()) <= 20)
    assert.equal((await readAudit(database, { kind: 'common' }, { limit: 50 })).records.length, 50)
    assert.ok((await rowsRead()) <= 101)
  })

  it('of a day, found by halving', async () => {
    const fromMicros = START + 40_000 * SECOND
    const untilMicros = START + 40_010 * SECOND
    const { records } = await readAudit(database, { fromMicros, untilMicros }, { limit: 50 })
    assert.deepEqual(
      records.map((record) => record.seq),
      Array.from({ length: 10 }, (_, index) => 40_009 - index),
    )
    assert.ok((await rowsRead()) < 2500, 'as much as a quarter of an hour on both sides holds')
  })

  it('with a text that is nowhere: a bounded search that goes on with the next page', async () => {
    let before: number | undefined
    let pages = 0
    do {
      const page = await readAudit(database, { text: 'nothing like this' }, { limit: 50, before })
      assert.ok((await rowsRead()) <= SEARCHED_AT_ONCE + 10)
      assert.deepEqual(page.records, [])
      before = page.next
      pages += 1
    } while (before !== undefined)
    assert.equal(pages, RECORDS / SEARCHED_AT_ONCE)
    const found = await readAudit(database, { text: '"N":12345}' }, { limit: 50, before: 20_000 })
    assert.deepEqual(
      found.records.map((record) => record.seq),
      [12_345],
    )
  })

  it('an export goes through all of it once, in order', async () => {
    let last = 0
    let pages = 0
    for await (const page of allAudit(database, {}, RECORDS)) {
      assert.equal(page[0]?.seq, last + 1)
      last = page.at(-1)?.seq ?? 0
      pages += 1
    }
    assert.equal(last, RECORDS)
    assert.equal(pages, RECORDS / 2000)
    const read = await rowsRead()
    assert.ok(read <= 3 * RECORDS, `${read} rows were read`)
  })
})

interface Plan {
  readonly 'Relation Name'?: string
  readonly 'Actual Rows'?: number
  readonly 'Actual Loops'?: number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly Plan[]
}

function scanned(found: unknown): number {
  const count = (plan: Plan): number => {
    const loops = plan['Actual Loops'] ?? 1
    const own =
      plan['Relation Name'] === 'audit' ? (plan['Actual Rows'] ?? 0) + (plan['Rows Removed by Filter'] ?? 0) : 0
    return own * loops + (plan.Plans ?? []).reduce((sum, each) => sum + count(each), 0)
  }
  return (found as readonly { readonly Plan: Plan }[]).reduce((sum, { Plan: plan }) => sum + count(plan), 0)
}
