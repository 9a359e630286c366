import { type ChildProcess, fork } from 'node:child_process'
import type { Job, LoadAnswer, LoadMessage, Outcome } from './job.ts'

/** Handle on the process that makes the load. */
export class Load {
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, PromiseWithResolvers<Outcome>>()
  #lastId = 0

  constructor() {
    this.#process = fork(new URL('./generator.ts', import.meta.url), { stdio: ['ignore', 2, 2, 'ipc'] })
    this.#process.on('message', (answer: LoadAnswer) => {
      const waiting = this.#waiting.get(answer.id)
      this.#waiting.delete(answer.id)
      if ('outcome' in answer) waiting?.resolve(answer.outcome)
      else waiting?.reject(new Error(answer.error))
    })
    this.#process.on('exit', () => {
      for (const waiting of this.#waiting.values()) waiting.reject(new Error('the load generator ended'))
    })
  }

  /**
   * Runs a job.
   * @throws {Error} when an answer is not the expected one
   */
  run(job: Job): Promise<Outcome> {
    const id = ++this.#lastId
    const waiting = Promise.withResolvers<Outcome>()
    this.#waiting.set(id, waiting)
    const message: LoadMessage = { id, job }
    this.#process.send(message)
    return waiting.promise
  }

  close(): void {
    this.#process.kill()
  }
}
