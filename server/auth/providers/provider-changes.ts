import { ConflictError, NotFoundError, UnprocessableError } from '../../errors.ts'
import type { Context } from '../../context.ts'
import type { Actor } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import type { Transaction } from '../../storage/database.ts'
import { type Provider, findProvider, secretPurpose } from './providers.ts'
import { checkedSettings, type ProviderSettings, whoIsAsked } from './provider-settings.ts'

type ProviderContext = Pick<Context, 'database' | 'seal' | 'clock'>

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/

/** A provider to be made. */
export type NewProvider = Actor &
  ProviderSettings & { readonly name: string; readonly title: string; readonly secret?: string | undefined }

/** What is to change; what is undefined stays. A secret of `''` is taken away. */
export type ProviderChange = Actor &
  ProviderSettings & { readonly name: string; readonly title: string; readonly secret: string | undefined }

/**
 * Makes a sign-in provider; it is active at once unless said otherwise.
 * @throws {UnprocessableError} for settings that cannot be, with the field as code
 * @throws {ConflictError} when the name is taken
 */
export async function addProvider(
  { database, seal, clock }: ProviderContext,
  wanted: NewProvider & { readonly active?: boolean },
): Promise<void> {
  if (!NAME.test(wanted.name)) {
    throw new UnprocessableError('name', 'a name is 1 to 32 small letters, digits and - and begins and ends with one')
  }
  const title = checkedTitle(wanted.title)
  const settings = JSON.stringify(checkedSettings(wanted))
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    const made = await trx
      .insertInto('sign_in_provider')
      .values({
        name: wanted.name,
        kind: wanted.kind,
        title,
        settings,
        secret: wanted.secret ? seal.close(Buffer.from(wanted.secret), secretPurpose(wanted.name)) : null,
        active: wanted.active ?? true,
        created_micros: nowMicros,
      })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returning('provider_no')
      .executeTakeFirst()
    if (!made) throw new ConflictError('name', `a provider ${wanted.name} is there already: choose another name`)
    const detail = { provider: wanted.name, kind: wanted.kind, secret: Boolean(wanted.secret) }
    await recordAudit(trx, nowMicros, [{ kind: 'provider_added', actor: wanted.actor, detail }])
  })
}

/**
 * Changes a provider's title, settings and secret. When another server would be asked, the secret must be given again:
 * a server that somebody names must not be handed the password that was meant for another.
 * @throws {UnprocessableError} for settings that cannot be, with the field as code
 * @throws {NotFoundError} when there is none of the name and kind
 */
export async function changeProvider(context: ProviderContext, wanted: ProviderChange): Promise<void> {
  const before = await findProvider(context, wanted.name)
  if (before?.kind !== wanted.kind) throw new NotFoundError(`the sign-in provider ${wanted.name}`)
  const title = checkedTitle(wanted.title)
  const settings = checkedSettings(wanted)
  if (before.secret !== undefined && wanted.secret === undefined && whoIsAsked(before) !== whoIsAsked(wanted)) {
    throw new UnprocessableError('secret', 'give the secret again: another server would be told it')
  }
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await trx
      .updateTable('sign_in_provider')
      .set({
        title,
        settings: JSON.stringify(settings),
        ...(wanted.secret !== undefined && {
          secret:
            wanted.secret === '' ? null : context.seal.close(Buffer.from(wanted.secret), secretPurpose(wanted.name)),
        }),
      })
      .where('provider_no', '=', before.providerNo)
      .execute()
    const changed = changedNames(before, { ...settings }, title)
    const detail = { provider: wanted.name, changed: changed.join(' '), secret: wanted.secret !== undefined }
    await recordAudit(trx, nowMicros, [{ kind: 'provider_changed', actor: wanted.actor, detail }])
  })
}

/**
 * Pauses a provider, or lets it sign people in again; nothing of it is deleted.
 * @throws {NotFoundError} when there is none of the name
 */
export async function setProviderActive(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  wanted: Actor & { readonly name: string; readonly active: boolean },
): Promise<void> {
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    await providerNumber(trx, wanted.name)
    await trx.updateTable('sign_in_provider').set({ active: wanted.active }).where('name', '=', wanted.name).execute()
    const kind = wanted.active ? 'provider_resumed' : 'provider_paused'
    await recordAudit(trx, nowMicros, [{ kind, actor: wanted.actor, detail: { provider: wanted.name } }])
  })
}

/** @throws {NotFoundError} */
export async function providerNumber(trx: Transaction, name: string): Promise<number> {
  const row = await trx
    .selectFrom('sign_in_provider')
    .select('provider_no')
    .where('name', '=', name)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new NotFoundError(`the sign-in provider ${name}`)
  return row.provider_no
}

function checkedTitle(title: string): string {
  if (!/^[^\p{Cc}]{1,60}$/u.test(title)) throw new UnprocessableError('title', 'a title has 1 to 60 characters')
  return title
}

function changedNames(before: Provider, settings: Readonly<Record<string, unknown>>, title: string): string[] {
  const old: Readonly<Record<string, unknown>> = { ...before.settings }
  const names = Object.keys(settings).filter((name) => JSON.stringify(settings[name]) !== JSON.stringify(old[name]))
  return title === before.title ? names : ['title', ...names]
}
