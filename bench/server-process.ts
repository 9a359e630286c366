import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** A process that answers HTTP on the loopback. */
export interface ServerProcess extends AsyncDisposable {
  readonly port: number
  readonly pid: number
  /** From the start of the process to its first answer. */
  readonly startMillis: number
  stop(): Promise<void>
}

/** What production runs with. */
export const PRODUCTION_FLAGS: readonly string[] = [
  '--disallow-code-generation-from-strings',
  '--liftoff-only',
  '--max-semi-space-size=8',
]

/** What to start, and how to see that it answers. */
export interface Program {
  readonly file: URL
  readonly args?: readonly string[]
  readonly flags?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Answered with 200 when it is ready. */
  readonly readyPath: string
}

const PATIENCE_MILLIS = 60_000

/**
 * Starts a program on a free port and waits until it answers. The port is its first argument and `PORT` of the server's
 * configuration.
 */
export async function startProcess(program: Program): Promise<ServerProcess> {
  const port = await freePort()
  const start = performance.now()
  const child = spawn(
    process.execPath,
    [...(program.flags ?? []), fileURLToPath(program.file), String(port), ...(program.args ?? [])],
    {
      env: {
        PATH: process.env['PATH'] ?? '',
        NODE_ENV: 'production',
        VOUCHSAFE_LISTEN_PORT: String(port),
        ...program.environment,
      },
      stdio: ['ignore', 2, 2], // what it says does not belong in the bench's own output
    },
  )
  const ended = once(child, 'exit')
  let running = true
  void ended.then(() => (running = false))
  while (!(await answers(`http://127.0.0.1:${port}${program.readyPath}`))) {
    if (!running) throw new Error(`${program.file.pathname} ended before it answered`)
    if (performance.now() - start > PATIENCE_MILLIS) throw new Error(`${program.file.pathname} does not answer`)
    await after(5)
  }
  const startMillis = performance.now() - start
  const stop = async () => {
    if (!running) return
    child.kill('SIGTERM')
    await ended
  }
  return { port, pid: child.pid ?? 0, startMillis, stop, [Symbol.asyncDispose]: stop }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url)
    await response.arrayBuffer()
    return response.status === 200
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port, not on a pipe
  server.close()
  await once(server, 'close')
  return port
}
