import { hash } from 'node:crypto'
import { Type } from 'typebox'
import Value from 'typebox/value'
import { UnprocessableError } from '../errors.ts'
import { recordAudit } from '../storage/audit-log.ts'
import { type Database, run } from '../storage/database.ts'
import { imageOf } from './logo-image.ts'
import { writeSettings } from './settings.ts'
import { type Actor, raiseAccess, type SiteContext } from './site.ts'

/** Of one side, in pixels: twice what the largest screen shows. */
export const MAX_LOGO_SIDE = 1024
/** A logo on every page should not be larger than the page. */
export const MAX_LOGO_BYTES = 256 * 1024 - 4096

/** Why a file cannot be the logo. */
export type LogoFault = 'not a picture' | 'too many pixels' | 'too large'

const MESSAGES: Readonly<Record<LogoFault, string>> = {
  'not a picture': 'the logo is a PNG, JPEG or WebP picture; SVG is not taken, because it can hold scripts',
  'too many pixels': `the logo has at most ${MAX_LOGO_SIDE} pixels on each side`,
  'too large': 'the logo is smaller than 252 KiB',
}

/** The file cannot be the logo; nothing was changed. */
export class LogoError extends UnprocessableError {
  readonly fault: LogoFault
  constructor(fault: LogoFault) {
    super('bad_logo', MESSAGES[fault])
    this.fault = fault
  }
}

/** The logo of the site. */
export interface Logo {
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/webp'
  readonly bytes: Uint8Array
  /** Of the bytes, for addresses and caches. */
  readonly tag: string
}

/** Why these bytes cannot be the logo; undefined when they can. */
export function logoFault(bytes: Uint8Array): LogoFault | undefined {
  if (bytes.length > MAX_LOGO_BYTES) return 'too large'
  const image = imageOf(bytes)
  if (!image) return 'not a picture'
  return Math.max(image.width, image.height) > MAX_LOGO_SIDE ? 'too many pixels' : undefined
}

/**
 * Makes a picture the logo of the site.
 * @throws {LogoError} when it cannot be one
 */
export async function setLogo(
  { database, clock }: SiteContext,
  { actor, bytes }: Actor & { readonly bytes: Uint8Array },
): Promise<void> {
  const fault = logoFault(bytes)
  const image = imageOf(bytes)
  if (fault !== undefined || !image) throw new LogoError(fault ?? 'not a picture')
  const value = JSON.stringify({ mediaType: image.mediaType, base64: Buffer.from(bytes).toString('base64') })
  const logoTag = tagOf(bytes)
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    await raiseAccess(trx)
    await run(
      trx,
      `insert into setting (name, value) values ('logo', $1::text)
       on conflict (name) do update set value = excluded.value`,
      [value],
    )
    await writeSettings(trx, nowMicros, { actor, settings: { logoTag } })
  })
}

/** Takes the logo away; the name of the site stands in its place. */
export async function removeLogo({ database, clock }: SiteContext, { actor }: Actor): Promise<void> {
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    await raiseAccess(trx)
    const { count } = await run(trx, "delete from setting where name in ('logo', 'logoTag')")
    if (count === 0) return
    await recordAudit(trx, nowMicros, [{ kind: 'settings_changed', actor, detail: { settings: 'logoTag' } }])
  })
}

const STORED = Type.Object({
  mediaType: Type.Enum(['image/png', 'image/jpeg', 'image/webp']),
  base64: Type.String(),
})

/** The logo as it is kept; undefined when there is none. */
export async function readLogo(database: Database): Promise<Logo | undefined> {
  const row = await database.kysely.selectFrom('setting').select('value').where('name', '=', 'logo').executeTakeFirst()
  if (!row) return undefined
  const stored: unknown = JSON.parse(row.value)
  if (!Value.Check(STORED, stored)) return undefined
  const bytes = Buffer.from(stored.base64, 'base64')
  return { mediaType: stored.mediaType, bytes, tag: tagOf(bytes) }
}

function tagOf(bytes: Uint8Array): string {
  return hash('sha256', bytes).slice(0, 32)
}
