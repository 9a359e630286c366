import { fromKysely, fromPglite, type Job, PgBoss } from 'pg-boss'
import { UnavailableError } from '../errors.ts'
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
  #ready = false

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

  /** Makes the queues of the tasks that are handled here, and starts working on them. */
  async start(handlers: Partial<Handlers>): Promise<void> {
    await this.#boss.start()
    this.#running = true
    for (const task of Object.keys(handlers)) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of Handlers are tasks
      await this.#runTask(task as Task, handlers)
    }
    for (const { task, cron } of TIMETABLE) if (handlers[task]) await this.#boss.schedule(task, cron, {})
    this.#ready = true
  }

  /**
   * Puts a job in the queue as part of the caller's transaction: it runs if and only if that commits. While a job with
   * the same key waits, another one is dropped; while one runs, one more is kept. Before {@link start} is through, and in a
   * command that works on the database without a server, nothing is put in: the transaction must not fail for it. What must
   * not be lost is a row that is looked for again, as notices are by `sweep-outbox`.
   */
  async enqueue<T extends Task>(trx: Transaction, task: T, payload: Tasks[T], key: string): Promise<void> {
    if (!this.#ready) {
      this.#log.info({ task }, 'no job was put in the queue: it has not started')
      return
    }
    await this.#boss.send(task, payload, { singletonKey: key, db: fromKysely(trx) })
  }

  /**
   * As {@link enqueue}, for what nothing would look for again.
   * @throws {UnavailableError} in the first moments of a start
   */
  async mustEnqueue<T extends Task>(trx: Transaction, task: T, payload: Tasks[T], key: string): Promise<void> {
    if (!this.#ready) throw new UnavailableError('the server is still starting: send the same request again')
    await this.enqueue(trx, task, payload, key)
  }

  /** Lets running jobs finish, for at most ten seconds. */
  async stop(): Promise<void> {
    if (!this.#running) return
    this.#running = false
    await this.#boss.stop({ graceful: true, timeout: 10_000, close: true })
  }

  async #runTask<T extends Task>(task: T, handlers: Partial<Handlers>): Promise<void> {
    const handle = handlers[task]
    if (!handle) return
    // retryDelayMax in seconds: what failed for an hour must not then wait for another one
    const retry = { retryLimit: 12, retryBackoff: true, retryDelayMax: 600 }
    await this.#boss.createQueue(task, { policy: 'stately', notify: true, ...retry })
    // burstWhenBatchFull: without it a woken worker takes one batch and then waits for its next poll
    const options = { batchSize: 20, burstWhenBatchFull: true, perJobResults: true } as const
    await this.#boss.work(task, options, (jobs: Job<Tasks[T]>[]) =>
      Promise.all(jobs.map((job) => this.#settle(task, job, handle))),
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
