import { type Database, run } from './database.ts'

/** A count that has reached its limit. */
export interface FullCount {
  readonly key: string
  /** When it starts anew. */
  readonly untilMicros: number
}

/**
 * Counts one attempt under each key, unless a key has as many as it may: check and count are one statement, so of attempts
 * at the same time no more than the limit get through, whichever process they come to.
 * @param limits keys with how many each may have in a window, which starts with the first
 * @returns the keys that were full, with the end of their windows; none when the attempt was counted under each
 */
export async function countAttempt(
  database: Database,
  limits: readonly (readonly [key: string, most: number])[],
  nowMicros: number,
  windowMicros: number,
): Promise<readonly FullCount[]> {
  const keys = limits.map(([key]) => key)
  return await database.transaction(async (trx) => {
    const { rows } = await run<{ key: string }>(
      trx,
      `with wanted as (select key, most from unnest($1::text[], $2::int[]) as x (key, most))
       insert into attempt (key, count, until_micros)
       select key, 1, $4::bigint from wanted order by key collate "C"
       on conflict (key) do update set
         count = case when attempt.until_micros <= $3::bigint then 1 else attempt.count + 1 end,
         until_micros = case when attempt.until_micros <= $3::bigint then $4::bigint else attempt.until_micros end
       where attempt.until_micros <= $3::bigint
          or attempt.count < (select most from wanted where wanted.key = attempt.key)
       returning attempt.key`,
      [keys, limits.map(([, most]) => most), nowMicros, nowMicros + windowMicros],
    )
    const full = keys.filter((key) => !rows.some((row) => row.key === key))
    if (full.length === 0) return []
    const ends = await trx.selectFrom('attempt').select(['key', 'until_micros']).where('key', 'in', full).execute()
    // one that is not there any more was forgiven meanwhile
    return full.map((key) => ({ key, untilMicros: ends.find((row) => row.key === key)?.until_micros ?? nowMicros }))
  })
}

/** Takes back one attempt under each key. */
export async function giveBack(database: Database, keys: readonly string[]): Promise<void> {
  await database.transaction(async (trx) => {
    await run(
      trx,
      `update attempt set count = count - 1 where key in
         (select key from attempt where key = any($1::text[]) and count > 0 order by key for update)`,
      [keys],
    )
  })
}

/** Forgets what was counted under keys. */
export async function forgetAttempts(database: Database, keys: readonly string[]): Promise<void> {
  await database.kysely
    .deleteFrom('attempt')
    .where('key', 'in', [...keys])
    .execute()
}

/** Keeps a mark until a time. One that is kept longer already stays. */
export async function keepMark(database: Database, key: string, untilMicros: number): Promise<void> {
  await database.transaction(async (trx) => {
    await run(
      trx,
      `insert into attempt (key, count, until_micros) values ($1::text, 0, $2::bigint)
       on conflict (key) do update set until_micros = greatest(attempt.until_micros, excluded.until_micros)`,
      [key, untilMicros],
    )
  })
}

/** Whether a mark is kept. */
export async function isKept(database: Database, key: string, nowMicros: number): Promise<boolean> {
  const row = await database.kysely
    .selectFrom('attempt')
    .select('key')
    .where('key', '=', key)
    .where('until_micros', '>', nowMicros)
    .executeTakeFirst()
  return row !== undefined
}

/** Forgets counts and marks whose time is over. */
export async function expireAttempts(database: Database, nowMicros: number): Promise<void> {
  await database.kysely.deleteFrom('attempt').where('until_micros', '<=', nowMicros).execute()
}
