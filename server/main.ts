import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createApp } from './app.ts'
import { Attempts } from './auth/factors/attempts.ts'
import { Authenticator } from './auth/programs/authenticate.ts'
import { OpenIdProviders } from './auth/oidc/openid-providers.ts'
import { PageTokens } from './auth/programs/page-token.ts'
import { PasswordVerifier } from './auth/factors/password.ts'
import { Seal } from './auth/seal.ts'
import { type Clock, systemClock } from './clock.ts'
import { isTls } from './config/rules.ts'
import type { Config } from './config/schema.ts'
import type { Context } from './context.ts'
import { startDirectory } from './directory/listener.ts'
import { type Egress, egress } from './egress/egress.ts'
import { ParsePool } from './intel/parse-pool.ts'
import { handlers } from './jobs/handlers.ts'
import { JobQueue } from './jobs/queue.ts'
import type { Log } from './log.ts'
import { Metrics } from './metrics/metrics.ts'
import { sweepOutbox } from './notices/outbox.ts'
import { ensureSite, readSecret } from './site/site.ts'
import { Freshness } from './storage/freshness.ts'
import { migrate } from './storage/migrate.ts'
import { ObjectNumbers } from './storage/object-numbers.ts'
import { openDatabase } from './storage/open.ts'
import { ReadTally } from './storage/read-tally.ts'
import { RefusalLog } from './storage/refusal-log.ts'
import { ReleaseReader } from './storage/releases.ts'
import { SealedPages } from './storage/sealed-pages.ts'
import { TokenUse } from './storage/token-use.ts'
import { MembershipActivity } from './storage/membership-activity.ts'
import { flushActivity } from './members/activity.ts'
import { tlsOptions } from './tls/options.ts'
import { reloadableTls } from './tls/reload.ts'

/** An open database with everything that works on it, but no face. */
export interface Core extends AsyncDisposable {
  readonly context: Context
  /** Lets running work finish, writes what is counted in memory, and closes the database. */
  close(): Promise<void>
}

/** A server that answers. */
export interface RunningServer extends AsyncDisposable {
  readonly context: Context
  /** The address that it listens on, without a slash at the end. */
  readonly url: string
  close(): Promise<void>
}

type OpenDatabase = Awaited<ReturnType<typeof openDatabase>>

/** Opens the database, brings its schema up to date and builds the context on it. */
export async function openCore(
  config: Config,
  log: Log,
  {
    clock = systemClock(),
    database,
    egress: outward = egress(),
  }: { readonly clock?: Clock; readonly database?: OpenDatabase; readonly egress?: Egress } = {},
): Promise<Core> {
  const opened =
    database ??
    (await openDatabase({
      databaseUrl: config.databaseUrl,
      dataFolder: config.dataFolder,
      poolSize: config.databasePoolSize,
      statementSeconds: config.limits.databaseStatementSeconds,
      onIdleError: (error) => log.warn({ err: error }, 'a connection to the database was lost'),
    }))
  try {
    await migrate(opened)
    await ensureSite({ database: opened, clock })
    const passwords = new PasswordVerifier()
    const attempts = new Attempts(opened, clock)
    const context: Context = {
      config,
      clock,
      log,
      database: opened,
      parser: new ParsePool(),
      objectNumbers: new ObjectNumbers(opened),
      freshness: new Freshness(opened),
      releases: new ReleaseReader(opened, new SealedPages(opened, config.pageCacheBytes)),
      reads: new ReadTally(opened, clock),
      refusals: new RefusalLog(opened, clock),
      tokenUse: new TokenUse(opened),
      activity: new MembershipActivity(opened),
      metrics: new Metrics(),
      authenticator: new Authenticator(clock, passwords, attempts),
      passwords,
      attempts,
      pageTokens: new PageTokens(await readSecret(opened, 'page-token-key')),
      jobs: new JobQueue(opened, log),
      egress: outward,
      seal: new Seal(await readSecret(opened, 'sealing-key')),
      openIdProviders: new OpenIdProviders(clock),
      sessionKey: await readSecret(opened, 'session-key'),
    }
    return coreOf(context)
  } catch (error) {
    await opened.close()
    throw error
  }
}

function coreOf(context: Context): Core {
  const close = async () => {
    await context.parser.close()
    await flush(context)
    await context.jobs.stop()
    await context.database.close()
  }
  return { context, close, [Symbol.asyncDispose]: close }
}

/** Listens, then starts the job queue: the first answer does not wait for it. */
export async function startServer(core: Core): Promise<RunningServer> {
  const { context } = core
  const { config } = context
  const server = await listen(context)
  let directory
  try {
    directory = await startDirectory(context)
  } catch (error) {
    await closeHttp(server)
    throw error
  }
  const timers = [
    setInterval(() => void flush(context), config.audit.readFlushSeconds * 1000).unref(),
    ...tlsTimers(context, server),
  ]
  const jobs = startJobs(context)
  const close = async () => {
    for (const timer of timers) clearInterval(timer)
    await Promise.all([closeHttp(server), directory?.close()])
    await jobs
    await core.close()
  }
  return { context, url: urlOf(config, server), close, [Symbol.asyncDispose]: close }
}

async function startJobs(context: Context): Promise<void> {
  const { log } = context
  try {
    await context.jobs.start(handlers(context))
  } catch (error) {
    log.error({ err: error }, 'the job queue did not start: the server answers, but nothing runs by the clock')
    return
  }
  // notices that were written by commands, or in the first moment, have no job yet
  await sweepOutbox(context).catch((error: unknown) => log.warn({ err: error }, 'the outbox was not looked through'))
}

async function listen(context: Context): Promise<Server> {
  const { config } = context
  if (config.tls.selfSigned) {
    const host = config.publicUrl ? [new URL(config.publicUrl).hostname] : []
    // loaded only here: its X.509 library takes a quarter of a second to start
    const { ensureSelfSigned } = await import('./tls/self-signed.ts')
    await ensureSelfSigned(config.dataFolder, host, new Date(context.clock.nowMicros() / 1000))
  }
  const limits = {
    headersTimeout: config.limits.headersSeconds * 1000,
    requestTimeout: config.limits.requestSeconds * 1000,
    connectionsCheckingInterval: 1000, // slow headers and bodies are cut within a second of their limit
  }
  const app = createApp(context)
  const server: Server = isTls(config)
    ? createTlsServer({ ...limits, ...tlsOptions(config, config.dataFolder) }, app)
    : createServer(limits, app)
  server.maxConnections = config.limits.maxConnections
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(config.listenPort, config.listenHost, resolve)
  await promise
  server.off('error', reject)
  return server
}

function tlsTimers({ config, log }: Context, server: Server): NodeJS.Timeout[] {
  if (!isTls(config) || !('setSecureContext' in server)) return []
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- setSecureContext is what a TLS server has
  const tls = reloadableTls(server as Parameters<typeof reloadableTls>[0], config, config.dataFolder)
  const look = () => {
    const reloaded = tls.reloadIfChanged()
    if (reloaded.outcome === 'failed')
      log.error({ err: reloaded.error }, 'the new TLS files do not work: the old ones stay')
    else if (reloaded.outcome === 'reloaded') log.info('the new TLS files are in use')
  }
  return [setInterval(look, 10_000).unref()]
}

function urlOf(config: Config, server: Server): string {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port, not on a pipe
  const { port } = server.address() as AddressInfo // it listens on a port, not on a pipe
  const host = config.listenHost.includes(':') ? `[${config.listenHost}]` : config.listenHost
  return `${isTls(config) ? 'https' : 'http'}://${host}:${port}`
}

async function closeHttp(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), 10_000)
  await promise
  clearTimeout(cut)
}

async function flush(context: Context): Promise<void> {
  const { reads, tokenUse, log } = context
  try {
    await reads.flush()
    await tokenUse.flush()
    await flushActivity(context)
  } catch (error) {
    log.warn({ err: error }, 'counts of reads could not be written and are kept in memory')
  }
}
