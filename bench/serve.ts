import { loadConfig } from '../server/config/load.ts'
import { createLog } from '../server/log.ts'
import { openCore, startServer } from '../server/main.ts'

/** The server under test: what `vouchsafe serve` runs, without a command line around it. */

const loaded = loadConfig(process.env)
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
const server = await startServer(await openCore(loaded.config, createLog(loaded.config)))
process.once('SIGTERM', () => {
  void server.close().then(() => process.exit(0))
})
