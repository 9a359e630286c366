import { statSync } from 'node:fs'
import type { Server } from 'node:https'
import type { Config } from '../config/schema.ts'
import { tlsFiles, tlsOptions } from './options.ts'

/** What a look at the TLS files has led to. After a failure the server goes on with what it had. */
export type Reloaded =
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'reloaded' }
  | { readonly outcome: 'failed'; readonly error: Error }

/** A server whose TLS files can be exchanged while it runs. */
export interface ReloadableTls {
  /** Looks at the files and takes them when one has changed. New connections get the new ones; open ones stay. */
  reloadIfChanged(): Reloaded
}

/**
 * Watches the TLS files of a server by asking for their times when told to, without a thread of its own. A changed file
 * that does not work (half written, key of another certificate) is tried again at the next look. Taking new files also
 * ends the resumption of old sessions, so that a revoked client cannot come back through one.
 */
export function reloadableTls(server: Server, config: Pick<Config, 'tls'>, dataFolder: string): ReloadableTls {
  let seen = stateOfFiles(config, dataFolder)
  return {
    reloadIfChanged() {
      const state = stateOfFiles(config, dataFolder)
      if (state === seen) return { outcome: 'unchanged' }
      try {
        server.setSecureContext(tlsOptions(config, dataFolder))
      } catch (error) {
        return { outcome: 'failed', error: error instanceof Error ? error : new Error(String(error)) }
      }
      seen = state
      return { outcome: 'reloaded' }
    },
  }
}

function stateOfFiles(config: Pick<Config, 'tls'>, dataFolder: string): string {
  const files = Object.values(tlsFiles(config, dataFolder) ?? {})
  return files.map((file) => stateOfFile(file)).join(' ')
}

/** Size and inode too: a file that is copied with its old time has changed. */
function stateOfFile(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat ? `${stat.mtimeNs}/${stat.ctimeNs}/${stat.size}/${stat.ino}` : 'missing'
}
