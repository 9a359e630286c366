import { readFileSync } from 'node:fs'

/** Processor time in seconds. */
export interface ProcessorTime {
  /** Of the server's process with all its threads. */
  readonly server: number
  /** Of the PostgreSQL backends that work for it; 0 on the embedded database, which is in the server's process. */
  readonly database: number
}

/** Linux counts in hundredths of a second on every architecture that Node runs on. */
const TICKS = 100

/** User and system time of a process in seconds, its ended threads included; 0 when it is gone. */
export function processSeconds(pid: number): number {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return 0
  }
  // the name in parentheses may hold spaces
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}

/** Resident memory of a process in megabytes: now, and the most so far. */
export function processMegabytes(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  const of = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1000
  return { now: of('VmRSS'), peak: of('VmHWM') }
}

/** Processor time by process; what began in between counts whole. */
export class ProcessorMeter {
  readonly #serverPid: number
  readonly #backendPids: () => Promise<readonly number[]>
  readonly #before = new Map<number, number>()
  #server = 0

  constructor(serverPid: number, backendPids: () => Promise<readonly number[]>) {
    this.#serverPid = serverPid
    this.#backendPids = backendPids
  }

  async start(): Promise<void> {
    this.#before.clear()
    for (const pid of await this.#backendPids()) this.#before.set(pid, processSeconds(pid))
    this.#server = processSeconds(this.#serverPid)
  }

  /** Since {@link start}. */
  async stop(): Promise<ProcessorTime> {
    const server = processSeconds(this.#serverPid) - this.#server
    let database = 0
    for (const pid of await this.#backendPids()) database += processSeconds(pid) - (this.#before.get(pid) ?? 0)
    return { server, database }
  }
}
