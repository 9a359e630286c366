import { text as readAll } from 'node:stream/consumers'
import type { Readable, Writable } from 'node:stream'
import type { OpenAdmin } from '../admin/open-admin.ts'
import type { Config } from '../config/schema.ts'
import type { Log } from '../log.ts'
import type { Arguments } from './arguments.ts'
import type { Command } from './command.ts'
import { ConfigurationError, UsageError } from './usage-error.ts'

/** The process around a command. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number }
}

/** What YAML keys of the configuration a command sets. */
type Overrides = Readonly<Record<string, string | number | boolean | undefined>>

const MAX_PASSWORD_LINE = 4096

/** One run of a command: what was typed, and the ways to the world outside. */
export class Invocation {
  readonly surroundings: Surroundings
  readonly #command: Command
  readonly #arguments: Arguments

  constructor(command: Command, given: Arguments, surroundings: Surroundings) {
    this.#command = command
    this.#arguments = given
    this.surroundings = surroundings
  }

  get json(): boolean {
    return this.#arguments.values.has('json')
  }

  /** Whether npm or npx started the process. */
  get isUnderNpm(): boolean {
    return this.surroundings.env['npm_execpath'] !== undefined
  }

  /** The positional of this name; '' for an optional one that was left out. */
  positional(name: string): string {
    return this.positionals(name)[0] ?? ''
  }

  /** All words that a positional with `many` took. */
  positionals(name: string): readonly string[] {
    const wanted = this.#command.positionals ?? []
    const index = wanted.findIndex((positional) => positional.name === name)
    if (index < 0) throw new Error(`${name} is not in the command table`)
    return this.#arguments.positionals.slice(index, wanted[index]?.many ? undefined : index + 1)
  }

  flag(name: string): boolean {
    return this.#value(name, 'flag') === true
  }

  text(name: string): string | undefined {
    const value = this.#value(name, 'text')
    return typeof value === 'string' ? value : undefined
  }

  list(name: string): readonly string[] {
    const value = this.#value(name, 'list')
    return typeof value === 'object' ? value : []
  }

  /** @throws {UsageError} when it is no whole number within the bounds of the option */
  number(name: string): number | undefined {
    const value = this.#value(name, 'number')
    if (typeof value !== 'string') return undefined
    const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = this.#command.options?.[name] ?? {}
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
    if (!(number >= minimum && number <= maximum)) {
      throw new UsageError(`--${name} must be a whole number from ${minimum} to ${maximum}`)
    }
    return number
  }

  /** @throws {ConfigurationError} with every problem */
  async config(overrides: Overrides = {}): Promise<Config> {
    const { loadConfig } = await import('../config/load.ts')
    const loaded = loadConfig(this.surroundings.env, { overrides })
    if (loaded.ok) return loaded.config
    throw new ConfigurationError(loaded.problems.map(({ key, source, message }) => `${key} (${source}) ${message}`))
  }

  /** The log of a short command: warnings and errors, on standard error. */
  async log(config: Config, level: 'as configured' | 'warnings' = 'warnings'): Promise<Log> {
    const { createLog } = await import('../log.ts')
    const quiet = config.logLevel === 'trace' || config.logLevel === 'debug' || config.logLevel === 'info'
    const logLevel = level === 'warnings' && quiet ? 'warn' : config.logLevel
    return createLog({ logPretty: config.logPretty, logLevel }, this.surroundings.stderr)
  }

  /**
   * Opens the site: over the socket of a running server, else the database itself.
   * @param create whether a data folder without a database gets one
   */
  async admin({ create = false } = {}): Promise<OpenAdmin> {
    const config = await this.config()
    const { openAdmin } = await import('../admin/open-admin.ts')
    const onWait = (message: string) => this.note(message)
    return await openAdmin(config, await this.log(config), { create, onWait })
  }

  /** Opens the site for one piece of work and closes it again. */
  async withAdmin<T>(use: (admin: OpenAdmin) => Promise<T>): Promise<T> {
    await using admin = await this.admin()
    return await use(admin)
  }

  /** The result: one JSON object, or lines for people. */
  result(json: object, lines: readonly string[]): void {
    this.surroundings.stdout.write(this.json ? `${JSON.stringify(json)}\n` : `${lines.join('\n')}\n`)
  }

  /** Something to know by the way. */
  note(message: string): void {
    this.surroundings.stderr.write(`${message}\n`)
  }

  /**
   * The first line of standard input.
   * @throws {UsageError} when there is none
   */
  async passwordFromInput(): Promise<string> {
    const whole = await readAll(this.surroundings.stdin)
    const [line = ''] = whole.slice(0, MAX_PASSWORD_LINE).split(/\r?\n/, 1)
    if (line === '') throw new UsageError('standard input holds no password: echo "a long passphrase" | vouchsafe ...')
    return line
  }

  #value(name: string, kind: 'flag' | 'text' | 'list' | 'number') {
    const option = this.#command.options?.[name]
    if (option?.kind !== kind) throw new Error(`--${name} is not in the command table as ${kind}`)
    return this.#arguments.values.get(name)
  }
}
