import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { JobQueue } from '../../server/jobs/queue.ts'
import type { Handlers } from '../../server/jobs/tasks.ts'
import { openScratch, scratch } from '../support/database.ts'
import { until } from '../support/until.ts'
import { createLog } from '../../server/log.ts'

const place = await scratch()
const database = await openScratch(place)
const ran: string[] = []
let failures = 0
const handlers: Partial<Handlers> = {
  'chain-reads': () => Promise.resolve(void ran.push('chain-reads')),
  'expire-statuses': () => {
    ran.push('expire-statuses')
    if (failures-- > 0) return Promise.reject(new Error('not this time'))
    return Promise.resolve()
  },
  analyze: () => Promise.resolve(void ran.push('analyze')),
}
const jobs = new JobQueue(database, createLog({ logLevel: 'silent', logPretty: false }))
await jobs.start(handlers)
after(async () => {
  await jobs.stop()
  await database.close()
  await place.remove()
})

const count = (task: string) => ran.filter((name) => name === task).length

it('a job runs when the transaction of its enqueue commits', async () => {
  await database.transaction((trx) => jobs.enqueue(trx, 'analyze', {}, 'committed'))
  await until(() => count('analyze') === 1)
})

it('a job vanishes with the transaction of its enqueue', async () => {
  const before = count('analyze')
  const rolledBack = database.transaction(async (trx) => {
    await jobs.enqueue(trx, 'analyze', {}, 'rolled back')
    throw new Error('roll back')
  })
  await assert.rejects(rolledBack, /roll back/)
  await database.transaction((trx) => jobs.enqueue(trx, 'chain-reads', {}, 'a later one'))
  await until(() => count('chain-reads') > 0)
  assert.equal(count('analyze'), before)
})

it('while a job waits, another one with its key is dropped', async () => {
  const before = count('analyze')
  await database.transaction(async (trx) => {
    for (let i = 0; i < 5; i++) await jobs.enqueue(trx, 'analyze', {}, 'one key')
  })
  await until(() => count('analyze') === before + 1)
  await database.transaction((trx) => jobs.enqueue(trx, 'analyze', {}, 'one key'))
  await until(() => count('analyze') === before + 2)
})

it('a job that fails will be tried again', async () => {
  failures = 1
  await database.transaction((trx) => jobs.enqueue(trx, 'expire-statuses', {}, 'again'))
  const state = { name: 'job-state', text: "select state::text from pgboss.job where name = 'expire-statuses'" }
  await until(async () => (await database.reader.rows<{ state: string }>(state, []))[0]?.state === 'retry')
})

it('many jobs of one transaction finish without waiting for a poll', async () => {
  const before = count('analyze')
  await database.transaction(async (trx) => {
    for (let i = 0; i < 60; i++) await jobs.enqueue(trx, 'analyze', {}, `many ${i}`)
  })
  await until(() => count('analyze') === before + 60, 10_000)
})
