import { spawn, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { scratch, type Scratch } from '../support/database.ts'

const PROJECT = fileURLToPath(new URL('../../', import.meta.url))
const BIN = join(PROJECT, 'node_modules', '.bin')
/** What npx gives a command, and nothing that a developer may have set. */
const PATH = `${BIN}:/usr/local/bin:/usr/bin:/bin`

/** What a command left behind. */
export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A server that was started, and what it has said on standard output up to now. */
export interface Running {
  readonly process: ChildProcess
  readonly url: string
  readonly said: string
  /** Asks it to stop with a signal and waits for its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** A data folder (and a PostgreSQL database, when the suite runs on one) with the real command line on it. */
export async function commandLine() {
  const place = await scratch()
  const env = environmentOf(place)
  const started: ChildProcess[] = []
  const start = (args: readonly string[], extra: Readonly<Record<string, string>> = {}) => {
    const child = spawn('vouchsafe', [...args], { env: { ...env, ...extra }, cwd: PROJECT })
    started.push(child)
    return child
  }

  const run = async (
    args: readonly string[],
    { input = '', env: extra = {} }: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
  ): Promise<Ran> => {
    const child = start(args, extra)
    const exited = exitOf(child)
    child.stdin.on('error', () => undefined) // a command that reads nothing closes its input
    child.stdin.end(input)
    const [code, stdout, stderr] = await Promise.all([exited, text(child.stdout), text(child.stderr)])
    return { code, stdout, stderr }
  }

  return {
    place,
    env,
    run,
    start,
    /** Runs a command with --json that must succeed, and answers with its one object. */
    json: async (args: readonly string[], input = ''): Promise<Record<string, unknown>> => {
      const ran = await run([...args, '--json'], { input })
      if (ran.code !== 0) throw new Error(`${args.join(' ')}: ${ran.code} ${ran.stdout} ${ran.stderr}`)
      return JSON.parse(ran.stdout) as Record<string, unknown>
    },
    /** Starts `serve` or `start` and waits until it says that it listens. */
    serve: async (args: readonly string[], extra: Readonly<Record<string, string>> = {}): Promise<Running> => {
      const child = start(args, extra)
      const exited = exitOf(child)
      let said = ''
      let complained = ''
      child.stderr.on('data', (data) => (complained += String(data)))
      const url = await new Promise<string>((resolve, reject) => {
        child.stdout.on('data', (data) => {
          said += String(data)
          const found = /^listening on (\S+)$/m.exec(said)
          if (found?.[1] && said.endsWith('\n')) resolve(found[1])
        })
        exited.then((code) => reject(new Error(`it ended with ${code}: ${complained}`)), reject)
      })
      return {
        process: child,
        url,
        get said() {
          return said
        },
        stop: async (signal = 'SIGTERM') => {
          child.kill(signal)
          return await exited
        },
      }
    },
    close: async () => {
      for (const child of started.filter((each) => each.exitCode === null && each.signalCode === null)) {
        child.kill('SIGKILL')
        await exitOf(child)
      }
      await place.remove()
    },
  }
}

function environmentOf(place: Scratch): Record<string, string> {
  return {
    PATH,
    HOME: place.folder,
    VOUCHSAFE_DATA: place.folder,
    ...(place.url ? { DATABASE_URL: place.url } : {}),
  }
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code))
  })
}

/** A port that nobody listens on at the moment. */
export async function somePort(): Promise<number> {
  return await new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** Runs a line in a shell, as a person who copies it would. */
export async function shell(line: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  const child = spawn('bash', ['-c', line], { env: { ...env }, cwd: PROJECT })
  child.stdin.end()
  const [code, stdout, stderr] = await Promise.all([exitOf(child), text(child.stdout), text(child.stderr)])
  return { code, stdout, stderr }
}
