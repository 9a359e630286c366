import { byteaArray, int2Array, int8Array, textArrayOfBytes } from './bulk.ts'
import { run, type Transaction } from './database.ts'

/** An object as it was received: the exact bytes and what the index needs. */
export interface ReceivedObject {
  readonly objectNo: number
  readonly sha256: Uint8Array
  readonly labelRank: number
  /** UTF-8 of the object, a slice of the request. */
  readonly body: Uint8Array
}

/**
 * Keeps received objects. Bytes that the same source gave before are not stored again.
 * @returns the number under which each object is kept, in order: its own, or that of the bytes already there
 */
export async function keepObjects(
  trx: Transaction,
  sourceNo: number,
  nowMicros: number,
  objects: readonly ReceivedObject[],
): Promise<readonly number[]> {
  const hashes = byteaArray(objects.map((object) => object.sha256))
  const { count } = await run(
    trx,
    `insert into object (object_no, source_no, label, received_micros, sha256, body)
     select object_no, $1::int, label, $2::bigint, sha256, body
       from unnest($3::bigint[], $4::smallint[], $5::bytea[], $6::text[]) as x (object_no, label, sha256, body)
     on conflict (sha256, source_no) do nothing`,
    [
      sourceNo,
      nowMicros,
      int8Array(objects.map((object) => object.objectNo)),
      int2Array(objects.map((object) => object.labelRank)),
      hashes,
      textArrayOfBytes(objects.map((object) => object.body)),
    ],
  )
  if (count === objects.length) return objects.map((object) => object.objectNo)
  const { rows } = await run<{ object_no: number }>(
    trx,
    `select o.object_no
       from unnest($2::bytea[]) with ordinality as x (sha256, position)
       join object o on o.sha256 = x.sha256 and o.source_no = $1::int
      order by x.position`,
    [sourceNo, hashes],
  )
  if (rows.length !== objects.length) throw new Error('an object was neither stored nor found')
  return rows.map((row) => row.object_no)
}
