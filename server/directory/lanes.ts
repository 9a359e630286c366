/**
 * Lets things of one kind happen one after the other. A wiki signs people in from one address, where only a few passwords
 * may wait for their turn: here they wait without using up these places.
 */
export class Lanes {
  readonly #last = new Map<string, Promise<unknown>>()

  async run<T>(lane: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.#last.get(lane) ?? Promise.resolve()).then(work)
    const done = mine.catch(() => undefined)
    this.#last.set(lane, done)
    try {
      return await mine
    } finally {
      if (this.#last.get(lane) === done) this.#last.delete(lane)
    }
  }
}
