import type { Config } from '../config/schema.ts'
import type { Log } from '../log.ts'
import type { Admin } from './admin.ts'
import { claim } from './claim.ts'
import { socketAdmin } from './socket-admin.ts'

/** The operator's access, until it is closed. */
export type OpenAdmin = Admin & AsyncDisposable

/** Another command is done within seconds, unless it imports; then the operator decides. */
const PATIENCE_SECONDS = 60

/**
 * Opens a site for the operator: over the socket of a running server, else the database itself. An embedded database that
 * a server has open is never opened a second time.
 * @throws {NotSetUpError} when there is no database and none is to be made
 */
export async function openAdmin(
  config: Config,
  log: Log,
  { create = false, onWait }: { readonly create?: boolean; readonly onWait: (message: string) => void },
): Promise<OpenAdmin> {
  const claimed = await claim(config, { create, onWait, patienceSeconds: PATIENCE_SECONDS })
  if (claimed.kind === 'server') {
    return { ...socketAdmin(claimed.socketPath), [Symbol.asyncDispose]: async () => undefined }
  }
  const { lock } = claimed
  try {
    // loaded only here: a command that a server does for us needs none of it
    const [{ openCore }, { directAdmin }] = await Promise.all([import('../main.ts'), import('./direct-admin.ts')])
    const core = await openCore(config, log)
    const close = async () => {
      await core.close()
      await lock?.release()
    }
    return { ...directAdmin(core.context), [Symbol.asyncDispose]: close }
  } catch (error) {
    await lock?.release()
    throw error
  }
}
