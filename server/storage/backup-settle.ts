import { run, type Transaction } from './database.ts'
import { SEGMENT_RELEASES } from './segments.ts'

/**
 * Makes what a backup does not hold, in the restore's transaction: numbers that go on where they stopped, the latest
 * version of each object, the cut of views into segments (without bytes: they are sealed on first use).
 */
export async function settle(trx: Transaction): Promise<void> {
  await continueNumbers(trx)
  await markLatest(trx)
  await cutIntoSegments(trx)
}

async function continueNumbers(trx: Transaction): Promise<void> {
  const { rows } = await run<{ table_name: string; column_name: string }>(
    trx,
    `select c.relname as table_name, a.attname as column_name
       from pg_class c
       join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema()
       join pg_attribute a on a.attrelid = c.oid and a.attidentity <> '' and not a.attisdropped
      where c.relkind = 'r'`,
  )
  for (const { table_name: table, column_name: column } of rows) {
    await run(
      trx,
      `select setval(pg_get_serial_sequence('${table}', '${column}'), max(${column})) from ${table} having max(${column}) is not null`,
    )
  }
  // object-numbers.ts: a value of the sequence stands for 1,024 numbers
  await run(trx, `select setval('object_no_block', max(object_no) / 1024) from object having max(object_no) >= 1024`)
}

/** A version that was added after the cut had superseded others: only rows that differ are written. */
async function markLatest(trx: Transaction): Promise<void> {
  const newest = `select collection_no, date_added, withdrawn_micros is null and 1 = row_number() over (
                      partition by collection_no, stix_id order by withdrawn_micros is null desc, version desc) as newest
                    from release`
  // first those that are no longer the latest: two latest rows of one object never stand side by side
  for (const wanted of [false, true]) {
    await run(
      trx,
      `update release r set latest = $1::boolean from (${newest}) x
        where x.collection_no = r.collection_no and x.date_added = r.date_added
          and x.newest = $1::boolean and r.latest <> $1::boolean`,
      [wanted],
    )
  }
}

async function cutIntoSegments(trx: Transaction): Promise<void> {
  // raised, so that nothing remembered of the old site under this number is taken for the new one
  await run(trx, 'update collection_clock set generation = generation + 1')
  await run(
    trx,
    `insert into segment (collection_no, first_date, last_date, objects, generation)
     select p.collection_no, min(p.date_added), max(p.date_added), count(*) filter (where p.latest)::int, k.generation
       from (${NUMBERED}) p join collection_clock k using (collection_no)
      group by p.collection_no, p.part, k.generation having count(*) = ${SEGMENT_RELEASES}`,
  )
  await run(
    trx,
    `update collection_clock k set open_first = e.open_first, open_count = e.open_count, open_objects = e.open_objects
       from (${OPEN_ENDS}) e where e.collection_no = k.collection_no`,
  )
}

const NUMBERED = `
  select collection_no, date_added, latest,
         (row_number() over (partition by collection_no order by date_added) - 1) / ${SEGMENT_RELEASES} as part
    from release`

/** For each collection: what its clock must say about the releases after the last whole segment. */
export const OPEN_ENDS = `
  select k.collection_no, min(r.date_added) as open_first, count(r.date_added)::int as open_count,
         (count(*) filter (where r.latest))::int as open_objects
    from collection_clock k
    left join release r on r.collection_no = k.collection_no
     and r.date_added > coalesce((select max(last_date) from segment s where s.collection_no = k.collection_no), -1)
   group by k.collection_no`
