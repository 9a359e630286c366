import { hash } from 'node:crypto'
import { UnprocessableError } from '../../errors.ts'
import { holdAccess, type SiteContext } from '../../site/site.ts'
import { imageOf } from '../../site/logo-image.ts'
import type { Account } from '../../storage/access.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { type Database, run } from '../../storage/database.ts'
import { stripped } from './photo-strip.ts'

/** A face in a list needs no more. */
export const MAX_PHOTO_BYTES = 64 * 1024
/** Of one side, in pixels: a small file can unpack into very many. */
export const MAX_PHOTO_SIDE = 1024

/** A photo of a member. */
export interface Photo {
  readonly mediaType: string
  readonly bytes: Uint8Array
  /** Of the bytes, for caches. */
  readonly tag: string
}

/** The photo of an account; whoever may see it is the caller's question. */
export async function photoOf({ kysely }: Pick<Database, 'kysely'>, accountNo: number): Promise<Photo | undefined> {
  const row = await kysely
    .selectFrom('photo')
    .select(['media_type', 'body'])
    .where('account_no', '=', accountNo)
    .executeTakeFirst()
  return row && { mediaType: row.media_type, bytes: row.body, tag: hash('sha256', row.body).slice(0, 32) }
}

/** When the photo of an account was changed, which its address says; undefined when there is none. */
export async function photoChanged(
  { kysely }: Pick<Database, 'kysely'>,
  accountNo: number,
): Promise<number | undefined> {
  const row = await kysely
    .selectFrom('photo')
    .select('changed_micros')
    .where('account_no', '=', accountNo)
    .executeTakeFirst()
  return row?.changed_micros
}

/**
 * Makes a picture the photo of an account. What it says beside its pixels is not kept.
 * @throws {UnprocessableError} code `bad_photo`
 */
export async function setPhoto(
  { database, clock }: SiteContext,
  { account, bytes }: { readonly account: Account; readonly bytes: Uint8Array },
): Promise<void> {
  const { mediaType, body } = checkedPhoto(bytes)
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    await holdAccess(trx)
    await run(
      trx,
      `insert into photo (account_no, media_type, body, changed_micros)
       values ($1::int, $2::text, $3::bytea, $4::bigint)
       on conflict (account_no) do update set media_type = excluded.media_type, body = excluded.body,
         changed_micros = excluded.changed_micros`,
      [account.accountNo, mediaType, body, nowMicros],
    )
    await recordAudit(trx, nowMicros, [
      { kind: 'photo_set', actor: account.name, detail: { account: account.name, bytes: body.length } },
    ])
  })
}

/** Takes the photo of an account away; nothing when there is none. */
export async function removePhoto(
  { database, clock }: SiteContext,
  { account }: { readonly account: Account },
): Promise<void> {
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    await holdAccess(trx)
    const { count } = await run(trx, 'delete from photo where account_no = $1::int', [account.accountNo])
    if (count === 0) return
    await recordAudit(trx, nowMicros, [
      { kind: 'photo_removed', actor: account.name, detail: { account: account.name } },
    ])
  })
}

/**
 * A picture as it is kept: PNG, JPEG or WebP by its bytes, small, still, and without metadata.
 * @throws {UnprocessableError} code `bad_photo`
 */
export function checkedPhoto(bytes: Uint8Array): { readonly mediaType: string; readonly body: Buffer } {
  const no = (message: string) => new UnprocessableError('bad_photo', message)
  if (bytes.length > 4 * MAX_PHOTO_BYTES)
    throw no('the photo is larger than 64 KiB: make it smaller, for example 250 by 250 pixels')
  const image = imageOf(bytes)
  if (!image) throw no('the photo is a PNG, JPEG or WebP picture: save it as one of them')
  if (Math.max(image.width, image.height) > MAX_PHOTO_SIDE) {
    throw no(
      `the photo has more than ${MAX_PHOTO_SIDE} pixels on a side: make it smaller, for example 250 by 250 pixels`,
    )
  }
  const body = stripped(bytes, image.mediaType)
  if (!body) throw no('the photo is broken, or it moves: save it anew as a still picture')
  if (body.length > MAX_PHOTO_BYTES)
    throw no('the photo is larger than 64 KiB: make it smaller, for example 250 by 250 pixels')
  return { mediaType: image.mediaType, body }
}
