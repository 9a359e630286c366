import type { Job, Outcome } from './load/job.ts'
import { Load } from './load/load.ts'
import { loadView, type View } from './view.ts'
import type { Options } from './options.ts'
import { type Place, Places } from './place.ts'
import { ProcessorMeter, type ProcessorTime } from './processor-time.ts'
import { PRODUCTION_FLAGS, type ServerProcess, startProcess } from './server-process.ts'
import { makeSite, type Site } from './site.ts'

/** The server under test, on one place. */
export interface TestedServer extends ServerProcess {
  readonly meter: ProcessorMeter
}

/** An outcome, and what it cost the server. */
export interface Measured extends Outcome {
  readonly processor: ProcessorTime
}

/** What the rows of the table share: scratch databases, loaded views, the server, the load. */
export class Workbench implements AsyncDisposable {
  readonly options: Options
  readonly places: Places
  readonly load = new Load()
  readonly #say: (line: string) => void
  readonly #views = new Map<number, Promise<View>>()
  #empty: Promise<{ readonly place: Place; readonly site: Site }> | undefined

  constructor(options: Options, say: (line: string) => void) {
    this.options = options
    this.places = new Places(options.embedded ? undefined : options.databaseUrl)
    this.#say = say
  }

  say(line: string): void {
    this.#say(line)
  }

  /** A migrated database with its site and no objects, to be cloned. */
  async empty(): Promise<{ readonly place: Place; readonly site: Site }> {
    this.#empty ??= (async () => {
      const place = await this.places.make()
      return { place, site: await makeSite(place) }
    })()
    return await this.#empty
  }

  /** A database whose measured collection holds so many objects, checked byte by byte; made on first use. */
  async view(objects: number): Promise<View> {
    let view = this.#views.get(objects)
    if (!view) {
      view = loadView(this, objects)
      this.#views.set(objects, view)
    }
    return await view
  }

  /** The largest view of this run. */
  large(): Promise<View> {
    return this.view(this.options.large)
  }

  /** Starts the server as production does. */
  async serve(place: Place, environment: Readonly<Record<string, string>> = {}): Promise<TestedServer> {
    const { profile } = this.options
    const server = await startProcess({
      file: new URL('./serve.ts', import.meta.url),
      flags: [...PRODUCTION_FLAGS, ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [])],
      environment: {
        ...(place.url ? { DATABASE_URL: place.url } : {}),
        VOUCHSAFE_DATA: place.folder,
        VOUCHSAFE_LOG_LEVEL: 'warn',
        ...environment,
      },
      readyPath: '/readyz',
    })
    return { ...server, meter: new ProcessorMeter(server.pid, () => place.backendPids()) }
  }

  /** Runs a job against the server and measures what it costs there. */
  async measure(server: TestedServer, job: Omit<Job, 'port'>): Promise<Measured> {
    await server.meter.start()
    const outcome = await this.load.run({ ...job, port: server.port })
    return { ...outcome, processor: await server.meter.stop() }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.load.close()
    await this.places[Symbol.asyncDispose]()
  }
}
