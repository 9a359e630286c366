import type { PortalSource, SourceRow } from '../storage/portal-source.ts'
import { BadRequestError } from '../errors.ts'
import { PORTAL } from './portal-columns.ts'

/** Rows of one table as they were read. */
export type PortalRow<Table extends keyof typeof PORTAL> = SourceRow<(typeof PORTAL)[Table]>

/** Which of the two systems it is, by the columns that there are: the number of its version may be too low. */
export interface PortalShape {
  readonly kind: 'perl-portal' | 'trident'
  /** The number that it says, for people only. */
  readonly version: number | undefined
  /** Columns of ours that it lacks, as `table.column`. */
  readonly missing: readonly string[]
}

/** Everything that is read of another portal, in the order that its foreign keys want. */
export interface PortalRows {
  readonly shape: PortalShape
  readonly tables: { readonly [Table in keyof typeof PORTAL]: readonly PortalRow<Table>[] }
  /** Rows of what was done there, counted and not read. */
  readonly history: { readonly statements: number; readonly sentences: number }
}

/** Without these it is another kind of database. */
const NEEDED = ['member', 'member_email', 'member_trustgroup', 'member_vouch', 'trustgroup'] as const

/**
 * Reads another portal.
 * @throws {BadRequestError} code `no_portal` when the tables are not there, or may not be read
 */
export async function readPortal(source: PortalSource): Promise<PortalRows> {
  const absent = NEEDED.filter((table) => !source.has(table))
  if (absent.length > 0) {
    throw new BadRequestError(
      'no_portal',
      `this database has no table ${absent.join(', ')} that this user may read: name the database of the portal, and a user who may select from its tables`,
    )
  }
  const shape = await shapeOf(source)
  const read = <Table extends keyof typeof PORTAL>(table: Table) => source.rows(table, PORTAL[table])
  // one connection: one after the other
  const tables = {
    schema_metadata: await read('schema_metadata'),
    config: await read('config'),
    member_state: await read('member_state'),
    trustgroup: await read('trustgroup'),
    attestations: await read('attestations'),
    member: await read('member'),
    member_email: await read('member_email'),
    member_trustgroup: await read('member_trustgroup'),
    member_vouch: await read('member_vouch'),
    mailinglist: await read('mailinglist'),
    member_mailinglist: await read('member_mailinglist'),
    member_detail_types: await read('member_detail_types'),
    member_details: await read('member_details'),
    member_language_skill: await read('member_language_skill'),
    second_factors: await read('second_factors'),
  }
  return { shape, tables, history: await source.countHistory() }
}

async function shapeOf(source: PortalSource): Promise<PortalShape> {
  const metadata = await source.rows('schema_metadata', PORTAL.schema_metadata)
  const [before] = await source.rows('schema_version', { current_version: 'number' })
  const isTrident = source.has('config') || source.has('member', 'name_first') || source.has('audit_history', 'remote')
  const said = metadata.find((row) => row.key === 'portal_schema_version')?.value ?? before?.current_version
  const missing = Object.entries(PORTAL).flatMap(([table, columns]) =>
    Object.keys(columns)
      .filter((column) => !source.has(table, column))
      .map((column) => `${table}.${column}`),
  )
  return { kind: isTrident ? 'trident' : 'perl-portal', version: said ?? undefined, missing }
}
