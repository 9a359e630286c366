import { loadConfig } from '../../server/config/load.ts'
import { createLog } from '../../server/log.ts'
import { openCore, startServer } from '../../server/main.ts'

// The server as production runs it, in a process of its own that a test may kill. Speaks to the test over IPC.
const overrides = JSON.parse(process.env['SERVE_SETTINGS'] ?? '{}') as Record<string, string | number | boolean>
const loaded = loadConfig(process.env, { overrides })
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
const server = await startServer(await openCore(loaded.config, createLog(loaded.config)))

process.on('message', (message) => {
  if (message === 'memory') process.send?.({ rss: process.memoryUsage.rss() })
  if (message === 'stop') void server.close().then(() => process.disconnect())
})
process.send?.({ url: server.url })
