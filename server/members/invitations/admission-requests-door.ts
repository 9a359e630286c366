import { raiseAccess } from '../../site/site.ts'
import type { Access, TrustGroup } from '../../storage/access.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { run } from '../../storage/database.ts'
import type { Context } from '../../context.ts'
import { groupNamed } from '../group-rows.ts'
import { type By, mustMay } from '../permission.ts'

/** Setting: numbers of the groups that take no requests from outside. */
const SETTING = 'closed-to-requests'

/** Whether a group takes no requests from outside: they go to the administrators of the site instead. */
export function isClosedToRequests({ settings }: Pick<Access, 'settings'>, { groupNo }: TrustGroup): boolean {
  return closedIn(settings.get(SETTING)).includes(groupNo)
}

/** Says whether a group takes requests from outside. */
export async function openToRequests(
  context: Pick<Context, 'clock' | 'database'>,
  wanted: By & { readonly group: string; readonly isOpen: boolean },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'see-requests', { row: group, nowMicros })
    const row = await trx.selectFrom('setting').select('value').where('name', '=', SETTING).executeTakeFirst()
    const others = closedIn(row?.value).filter((each) => each !== group.group_no)
    const value = JSON.stringify(wanted.isOpen ? others : [...others, group.group_no])
    await run(
      trx,
      'insert into setting (name, value) values ($1::text, $2::text) on conflict (name) do update set value = excluded.value',
      [SETTING, value],
    )
    const detail = { group: group.name, requests: wanted.isOpen ? 'taken' : 'not taken' }
    await recordAudit(trx, nowMicros, [{ kind: 'group_changed', actor: wanted.actor, detail }])
  })
}

function closedIn(value: string | undefined): readonly number[] {
  const list: unknown = JSON.parse(value ?? '[]')
  return Array.isArray(list) ? list.filter((each) => typeof each === 'number') : []
}
