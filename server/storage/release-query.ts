import type { VersionMatch } from '../../schemas/taxii/object-query.ts'
import type { Statement } from './database.ts'

/** Which releases of a view are wanted. */
export interface ReleaseFilter {
  readonly collectionNo: number
  /** Exclusive, microseconds. */
  readonly afterMicros: number
  /** Inclusive, microseconds. */
  readonly untilMicros?: number | undefined
  readonly ids?: readonly string[] | undefined
  readonly types?: readonly string[] | undefined
  readonly versions: VersionMatch
  /** At least so many rows are asked for; the reader stops where it has enough. */
  readonly limit: number
}

/** What is selected of each release. */
export type Selected = 'body' | 'record'

/** So many types get an index range each; more are rare and are filtered. */
const MAX_BRANCHES = 8

/**
 * Limits that stand in the text. A limit given as a parameter would make every plan a custom one: the planner takes an
 * unknown limit for a tenth of the table.
 */
const LIMITS = [2, 11, 26, 51, 101, 251, 501, 1001] as const

/**
 * One statement for a page of a view, in the order of `date_added`. It depends only on the shape of the filter, so that
 * each shape is planned once per connection.
 */
export function releaseQuery(
  filter: ReleaseFilter,
  selected: Selected,
): { readonly statement: Statement; readonly values: readonly (string | number)[] } {
  const values: (string | number)[] = [filter.collectionNo, filter.afterMicros]
  const limit = LIMITS.find((step) => step >= filter.limit) ?? 1001
  const place = (value: string | number): string => `$${values.push(value)}`
  const conditions = [`${collectionTerm(filter)} = $1::int`, 'r.date_added > $2::bigint', 'r.withdrawn_micros is null']
  const shape: string[] = [selected, String(limit)]
  if (filter.untilMicros !== undefined) {
    conditions.push(`r.date_added <= ${place(filter.untilMicros)}::bigint`)
    shape.push('until')
  }
  const version = versionCondition(filter.versions, place)
  if (version) conditions.push(version)
  shape.push(`v${Number(filter.versions.first)}${Number(filter.versions.last)}${Number(filter.versions.all)}`)
  shape.push(`e${Number(filter.versions.exact.length > 0)}`)
  let rows: string
  if (filter.ids) {
    shape.push('ids')
    conditions.push(`r.stix_id = any(${place(arrayText(filter.ids))}::text[])`)
    if (filter.types) conditions.push(`r.type = any(${place(arrayText(filter.types))}::text[])`)
    shape.push(filter.types ? 'types' : '')
    // materialized: the few rows of the ids are found first, whatever the statistics say
    rows = `with hit as materialized (select ${COLUMNS} from release r where ${conditions.join(' and ')})
            select * from hit order by date_added limit ${limit}`
  } else if (filter.types && filter.types.length <= MAX_BRANCHES) {
    const types = [...new Set(filter.types)]
    shape.push(`t${types.length}`)
    const branches = types.map(
      (type) =>
        `(select ${COLUMNS} from release r where ${conditions.join(' and ')} and r.type = ${place(type)}::text order by r.date_added limit ${limit})`,
    )
    rows = `select * from (${branches.join(' union all ')}) branch order by date_added limit ${limit}`
  } else {
    if (filter.types) conditions.push(`r.type = any(${place(arrayText(filter.types))}::text[])`)
    shape.push(filter.types ? 'types' : '')
    rows = `select ${COLUMNS} from release r where ${conditions.join(' and ')} order by r.date_added limit ${limit}`
  }
  return { statement: { name: `releases-${shape.join('-')}`, text: select(rows, selected) }, values }
}

/** The form of the column that only the index for this question serves (migrations/0001-spine.ts, indexes of release). */
function collectionTerm(filter: ReleaseFilter): string {
  if (filter.ids) return 'r.collection_no - 0'
  return filter.types && filter.types.length <= MAX_BRANCHES ? 'r.collection_no + 0' : 'r.collection_no'
}

const COLUMNS = 'r.date_added, r.object_no, r.stix_id, r.version, r.version_digits'

function select(rows: string, selected: Selected): string {
  return selected === 'record'
    ? `select date_added, stix_id, version, version_digits from (${rows}) page order by date_added`
    : `select page.date_added, o.body from (${rows}) page join object o on o.object_no = page.object_no order by page.date_added`
}

/** Undefined when every version is wanted. */
function versionCondition(versions: VersionMatch, place: (value: string | number) => string): string | undefined {
  if (versions.all) return undefined
  const wanted: string[] = []
  if (versions.last) wanted.push('r.latest')
  if (versions.exact.length > 0) wanted.push(`r.version = any(${place(arrayText(versions.exact))}::text[])`)
  if (versions.first) {
    wanted.push(
      `not exists (select 1 from release older where older.collection_no - 0 = $1::int and older.stix_id = r.stix_id
                     and older.withdrawn_micros is null and older.version < r.version)`,
    )
  }
  return `(${wanted.join(' or ')})`
}

/** A text array as PostgreSQL's input syntax, every element quoted. */
function arrayText(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`).join()}}`
}
