import { fromKysely, fromPglite, type Job, PgBoss } from 'pg-boss'
import type { Log } from '../log.ts'
import type { Transaction } from '../storage/database.ts'
import type { EmbeddedDatabase } from '../storage/embedded.ts'
import type { PostgresDatabase } from '../storage/postgres.ts'
import type { Handlers, Task, Tasks } from './tasks.ts'
import { TIMETABLE } from './timetable.ts'

/** Jobs in the database. Nothing else imports pg-boss. */
export class JobQueue {
  readonly #boss: PgBoss
  readonly #log: Log
  #running = false

  constructor(database: EmbeddedDatabase | PostgresDatabase, log: Log) {
    this.#log = log
    this.#boss = new PgBoss({
      ...(database.kind === 'embedded'
        ? { db: fromPglite(database.pglite), backend: 'pglite' as const }
        : { connectionString: database.url, max: 2, application_name: 'vouchsafe jobs' }),
      useListenNotify: true,
    })
    // without a listener an error of its connections would end the process; polling goes on
    this.#boss.on('error', (error) => this.#log.warn({ err: error }, 'the job queue has trouble'))
  }

  /** Makes the queues and starts working on them. */
  async start(handlers: Handlers): Promise<void> {
    await this.#boss.start()
    this.#running = true
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of Handlers are tasks
    for (const task of Object.keys(handlers)) await this.#runTask(task as Task, handlers) // keys of Handlers are tasks
    for (const { task, cron } of TIMETABLE) await this.#boss.schedule(task, cron, {})
  }

  /**
   * Puts a job in the queue as part of the caller's transaction: it runs if and only if that commits. While a job with
   * the same key waits, another one is dropped; while one runs, one more is kept.
   */
  async enqueue<T extends Task>(trx: Transaction, task: T, payload: Tasks[T], key: string): Promise<void> {
    await this.#boss.send(task, payload, { singletonKey: key, db: fromKysely(trx) })
  }

  /** Lets running jobs finish, for at most ten seconds. */
  async stop(): Promise<void> {
    if (!this.#running) return
    this.#running = false
    await this.#boss.stop({ graceful: true, timeout: 10_000, close: true })
  }

  async #runTask<T extends Task>(task: T, handlers: Handlers): Promise<void> {
    await this.#boss.createQueue(task, { policy: 'stately', notify: true, retryLimit: 12, retryBackoff: true })
    // burstWhenBatchFull: without it a woken worker takes one batch and then waits for its next poll
    const options = { batchSize: 20, burstWhenBatchFull: true, perJobResults: true } as const
    await this.#boss.work(task, options, (jobs: Job<Tasks[T]>[]) =>
      Promise.all(jobs.map((job) => this.#settle(task, job, handlers[task]))),
    )
  }

  async #settle<T extends Task>(task: T, job: Job<Tasks[T]>, handle: Handlers[T]) {
    try {
      await handle(job.data)
      return { id: job.id, status: 'completed' as const }
    } catch (error) {
      this.#log.error({ err: error, task, job: job.id }, 'a job failed and will be tried again')
      return { id: job.id, status: 'failed' as const }
    }
  }
}
