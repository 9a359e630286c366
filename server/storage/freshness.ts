import type { Access } from './access.ts'
import { loadAccess } from './load-access.ts'
import type { Database } from './database.ts'
import type { RawRow } from './row-reader.ts'

/** The state of a collection's view at one moment. */
export interface ViewState {
  readonly generation: number
  readonly lastMicros: number
  /** Date of the first release after the last whole segment. */
  readonly openFirst: number | undefined
  readonly openObjects: number
}

/** What a request may rely on: asked of the database after the request came in. */
export interface Fresh {
  readonly access: Access
  readonly view: ViewState | undefined
}

/** Every column is an int8 and none is null, so that a row is read where it arrived. 0 stands for none. */
const ASK = {
  name: 'freshness',
  text: `select s.access_generation, coalesce(c.collection_no, 0)::bigint, coalesce(c.generation, 0),
                coalesce(c.last_micros, 0), coalesce(c.open_first, 0), coalesce(c.open_objects, 0)::bigint
           from site s left join collection_clock c on c.collection_no = any($1::int[])`,
}

interface Round {
  readonly collections: Set<number>
  readonly answer: Promise<ReadonlyMap<number, ViewState>>
}

/**
 * Asks the database whether what the process remembers is still true: credentials, rights, and the generation of views.
 * One query at a time: it answers every request that came in before it started, so at any load each request is as fresh
 * as a query of its own, at a fraction of the cost.
 */
export class Freshness {
  readonly #database: Database
  #access: Access | undefined
  #running: Promise<unknown> = Promise.resolve()
  #next: Round | undefined

  constructor(database: Database) {
    this.#database = database
  }

  /** What was true at the last question: good for finding out what to ask, never for deciding. */
  get remembered(): Access | undefined {
    return this.#access
  }

  /** @param collectionNo the view whose state is wanted as well */
  async read(collectionNo?: number): Promise<Fresh> {
    const round = (this.#next ??= this.#plan())
    if (collectionNo !== undefined) round.collections.add(collectionNo)
    const views = await round.answer
    if (!this.#access) throw new Error('the access snapshot was not loaded')
    return { access: this.#access, view: collectionNo === undefined ? undefined : views.get(collectionNo) }
  }

  #plan(): Round {
    const collections = new Set<number>()
    const answer = this.#running.then(async () => {
      this.#next = undefined // from here on requests join the next round: this one's query starts now
      return await this.#ask([...collections])
    })
    this.#running = answer.catch(() => undefined)
    return { collections, answer }
  }

  async #ask(collections: readonly number[]): Promise<ReadonlyMap<number, ViewState>> {
    let generation: number | undefined
    const views = new Map<number, ViewState>()
    await this.#database.reader.eachRaw(ASK, [`{${collections.join()}}`], (row) => {
      generation = row.int8(0)
      if (row.int8(1) > 0) views.set(row.int8(1), stateOf(row))
    })
    if (generation === undefined) throw new Error('the database was not set up: run "vouchsafe init"')
    if (this.#access?.generation !== generation) this.#access = await loadAccess(this.#database)
    return views
  }
}

function stateOf(row: RawRow): ViewState {
  return {
    generation: row.int8(2),
    lastMicros: row.int8(3),
    openFirst: row.int8(4) || undefined,
    openObjects: row.int8(5),
  }
}
