import type { Context } from '../../context.ts'
import { NotFoundError, UnprocessableError } from '../../errors.ts'
import type { Actor } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import type { Database } from '../../storage/database.ts'
import { normalDn } from '../ldap/dn.ts'
import { providerNumber } from './provider-changes.ts'
import type { ProviderKind } from './providers.ts'

/** An outside group that proposes its people for a trust group. */
export interface GroupMapping {
  readonly outsideGroup: string
  /** Name of the trust group. */
  readonly group: string
  readonly title: string
}

type MappingChange = Actor & {
  readonly provider: string
  readonly kind: ProviderKind
  readonly outsideGroup: string
  readonly group: string
}

/** The mappings of a provider, by outside group. */
export async function mappingsOf(database: Database, provider: string): Promise<readonly GroupMapping[]> {
  const rows = await database.kysely
    .selectFrom('group_mapping')
    .innerJoin('sign_in_provider', 'sign_in_provider.provider_no', 'group_mapping.provider_no')
    .innerJoin('trust_group', 'trust_group.group_no', 'group_mapping.group_no')
    .select(['group_mapping.outside_group', 'trust_group.name', 'trust_group.title'])
    .where('sign_in_provider.name', '=', provider)
    .orderBy('group_mapping.outside_group')
    .orderBy('trust_group.title')
    .limit(1000)
    .execute()
  return rows.map((row) => ({ outsideGroup: row.outside_group, group: row.name, title: row.title }))
}

/**
 * Lets an outside group propose its people for a trust group.
 * @throws {UnprocessableError} with the field as code
 */
export async function mapGroup(context: Pick<Context, 'database' | 'clock'>, wanted: MappingChange): Promise<void> {
  const outside_group = comparedName(wanted.kind, wanted.outsideGroup)
  if (outside_group === '' || outside_group.length > 500) {
    throw new UnprocessableError('outsideGroup', 'write the group as the provider does, in 1 to 500 characters')
  }
  if (wanted.kind === 'ldap' && !/^[a-z][a-z0-9-]*=./.test(outside_group)) {
    throw new UnprocessableError(
      'outsideGroup',
      'write the DN of the group, for example cn=soc,ou=groups,dc=city,dc=example',
    )
  }
  await change(context, { ...wanted, kind: 'group_mapped', outsideGroup: outside_group }, async (trx, row) => {
    await trx
      .insertInto('group_mapping')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  })
}

/** Ends a mapping. Proposals that wait are withdrawn when the person signs in the next time. */
export async function unmapGroup(context: Pick<Context, 'database' | 'clock'>, wanted: MappingChange): Promise<void> {
  await change(context, { ...wanted, kind: 'group_unmapped' }, async (trx, row) => {
    await trx
      .deleteFrom('group_mapping')
      .where('provider_no', '=', row.provider_no)
      .where('outside_group', '=', row.outside_group)
      .where('group_no', '=', row.group_no)
      .execute()
  })
}

/** An outside group as it is compared: DNs in normal form, claims as they are. */
function comparedName(kind: ProviderKind, outsideGroup: string): string {
  return kind === 'ldap' ? normalDn(outsideGroup) : outsideGroup.trim()
}

type Row = { readonly provider_no: number; readonly outside_group: string; readonly group_no: number }

async function change(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  wanted: Actor & {
    readonly provider: string
    readonly outsideGroup: string
    readonly group: string
    readonly kind: string
  },
  write: (trx: Parameters<Parameters<Database['transaction']>[0]>[0], row: Row) => Promise<void>,
): Promise<void> {
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    const provider_no = await providerNumber(trx, wanted.provider)
    const group = await trx
      .selectFrom('trust_group')
      .select('group_no')
      .where('name', '=', wanted.group)
      .executeTakeFirst()
    if (!group) throw new NotFoundError(`the trust group ${JSON.stringify(wanted.group)}`)
    await write(trx, { provider_no, outside_group: wanted.outsideGroup, group_no: group.group_no })
    const detail = { provider: wanted.provider, outside_group: wanted.outsideGroup, group: wanted.group }
    await recordAudit(trx, nowMicros, [{ kind: wanted.kind, actor: wanted.actor, detail }])
  })
}
