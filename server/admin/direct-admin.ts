import type { Context } from '../context.ts'
import { type Admin, adminFrom } from './admin.ts'
import { type Operations, perform } from './perform.ts'

/** Does the operations in this process, on a database that it has open. */
export function directAdmin(context: Context, operations?: Operations): Admin {
  const { signal } = new AbortController()
  return adminFrom('database', ({ name, args, body, write, onProgress }) =>
    perform(context, name, args, { body: body ?? nothing(), write, progress: onProgress, signal }, operations),
  )
}

async function* nothing(): AsyncGenerator<Uint8Array, void> {}
