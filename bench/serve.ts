import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

/** The server under test: what `vouchsafe serve` runs, with its compile cache, without a command line around it. */
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/vouchsafe'))
const { loadConfig } = await import('../server/config/load.ts')
const { createLog } = await import('../server/log.ts')
const { openCore, startServer } = await import('../server/main.ts')

const loaded = loadConfig(process.env)
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
const server = await startServer(await openCore(loaded.config, createLog(loaded.config)))
process.once('SIGTERM', () => {
  void server.close().then(() => process.exit(0))
})
