import { findCollection } from '../../../server/storage/access.ts'
import { operatorAccount } from '../../../server/intel/import-account.ts'
import { importStream, type ImportOptions } from '../../../server/intel/import-stream.ts'
import type { TestSite } from '../../support/site.ts'

/** Where the operator's imports go. */
export async function targetOf({ context }: TestSite, alias: string) {
  const account = await operatorAccount(context)
  const { access } = await context.freshness.read()
  for (const root of access.roots) {
    const collection = findCollection(root, alias)
    if (collection) return { collection, account }
  }
  throw new Error(`there is no collection ${alias}`)
}

/** Imports bytes in chunks of `chunkBytes`. */
export async function importBytes(
  site: TestSite,
  alias: string,
  bytes: string | Uint8Array,
  { chunkBytes = 65_536, ...options }: Partial<ImportOptions> & { readonly chunkBytes?: number } = {},
) {
  const source = chunksOf(Buffer.from(bytes), chunkBytes)
  return await importStream(site.context, { ...(await targetOf(site, alias)), source, ...options })
}

/** The bytes in chunks, as a file or a socket gives them. */
export async function* chunksOf(bytes: Buffer, chunkBytes = 65_536): AsyncGenerator<Buffer, void, void> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
}
