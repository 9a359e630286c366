import { parseArgs } from 'node:util'

/** What the command line asked for. */
export interface Options {
  readonly json: boolean
  /** Rows to run by name; empty: all. */
  readonly only: readonly string[]
  /** Objects in the large view: a million, or a tenth of that. */
  readonly large: number
  readonly quick: boolean
  readonly embedded: boolean
  /** PostgreSQL on which scratch databases are made. */
  readonly databaseUrl: string
  /** Interleaved rounds of floor and candidate. */
  readonly rounds: number
  /** Length of a round of reads. */
  readonly roundMillis: number
  /** Folder for CPU profiles of the server. */
  readonly profile: string | undefined
}

export const USAGE = `npm run bench -- [options]
  --json            print one JSON object instead of the table
  --only NAME       run one row (repeat for more)
  --quick           100,000 objects instead of a million
  --embedded        the embedded database instead of PostgreSQL
  --database URL    PostgreSQL to make scratch databases on (postgres://postgres@127.0.0.1/postgres)
  --rounds N        interleaved rounds of floor and candidate (5)
  --seconds N       length of a round of reads (1.5)
  --profile FOLDER  write CPU profiles of the server`

/** @throws {TypeError} for an option that is not known */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      embedded: { type: 'boolean', default: false },
      database: { type: 'string', default: 'postgres://postgres@127.0.0.1/postgres' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '1.5' },
      profile: { type: 'string' },
    },
  })
  return {
    json: values.json,
    only: values.only,
    large: values.quick ? 100_000 : 1_000_000,
    quick: values.quick,
    embedded: values.embedded,
    databaseUrl: values.database,
    rounds: Number(values.rounds),
    roundMillis: Number(values.seconds) * 1000,
    profile: values.profile,
  }
}
