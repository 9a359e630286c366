import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { EmbeddedDatabase } from './embedded.ts'
import { openPostgres, type PostgresDatabase } from './postgres.ts'

/** What decides which database is opened. */
export interface DatabaseChoice {
  readonly databaseUrl?: string | undefined
  readonly dataFolder: string
  readonly poolSize: number
  readonly statementSeconds: number
  readonly onIdleError: (error: Error) => void
}

/** The folder of the embedded database inside the data folder. */
export function embeddedFolder(dataFolder: string): string {
  return join(dataFolder, 'database')
}

/** Opens PostgreSQL when an address is given, else the embedded database in the data folder. */
export async function openDatabase(choice: DatabaseChoice): Promise<EmbeddedDatabase | PostgresDatabase> {
  if (choice.databaseUrl) return openPostgres(choice.databaseUrl, choice)
  mkdirSync(choice.dataFolder, { recursive: true, mode: 0o700 })
  // loaded only here: its WebAssembly is 20 MB that a server on PostgreSQL never needs
  const { openEmbedded } = await import('./embedded.ts')
  return await openEmbedded(embeddedFolder(choice.dataFolder))
}
