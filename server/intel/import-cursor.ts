import type { Context } from '../context.ts'

/** How far an intake has come, under the name of what is taken in. */
export interface IntakeCursor {
  readonly name: string
  readonly position: string
}

/** The position that was stored last; undefined when there is none. */
export async function readCursor({ database }: Pick<Context, 'database'>, name: string): Promise<string | undefined> {
  const row = await database.kysely
    .selectFrom('intake_cursor')
    .select('position')
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.position
}

/** Stores a position on its own: for a step that brought no object to be stored together with. */
export async function storeCursor({ database, clock }: Pick<Context, 'database' | 'clock'>, cursor: IntakeCursor) {
  const at_micros = clock.nowMicros()
  await database.kysely
    .insertInto('intake_cursor')
    .values({ ...cursor, at_micros })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ position: cursor.position, at_micros }))
    .execute()
}
