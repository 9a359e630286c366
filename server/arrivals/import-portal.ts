import { normalAddress } from '../../mail/openpgp/user-address.ts'
import type { MemberState } from '../../policies/member-state.ts'
import { BadRequestError, NotFoundError } from '../errors.ts'
import { insertMembership, type MembersContext, tellMember } from '../members/memberships.ts'
import { type By, type GroupRow, mustMay } from '../members/permission.ts'
import { settle } from '../members/settle.ts'
import { insertWelcome } from '../members/invitations/welcome.ts'
import { raiseAccess } from '../site/site.ts'
import { isTimeZone } from '../site/time-zone.ts'
import { type AuditEvent, recordAudit } from '../storage/audit-log.ts'
import type { Transaction } from '../storage/database.ts'
import { openPortalSource, type PortalSource, sourceTrouble } from '../storage/portal-source.ts'
import type { ArrivalOptions, Arrivals } from './arrival.ts'
import { arrivalsFromPortal } from './arrivals-from-portal.ts'
import { batches } from './batches.ts'
import { bringGroups } from './bring-groups.ts'
import { bringMemberships, bringVouches, type Places } from './bring-memberships.ts'
import { bringPeople, numberOf } from './bring-people.ts'
import { someText } from './none.ts'
import { outlookOf } from './outlook.ts'
import { ownKey } from './own-key.ts'
import { type FoundKeys, keyOf } from './people-sources.ts'
import { readPresent } from './present.ts'
import { type PortalRows, readPortal } from './read-portal.ts'
import { type ArrivalReport, type Outlook, reportOf } from './report.ts'
import { toldOnly } from './told-only.ts'
import { toBeTold, toBeWelcomed } from './whom-to-tell.ts'

/** An import from another portal. */
export interface PortalImport {
  /** `postgres://user@host/database`, with a password or without. */
  readonly from: string
  /** IANA time zone of that server: its database keeps local times and does not say of where. */
  readonly zone: string
  /** Name by which its people and groups are known in a later run. */
  readonly source: string
  readonly groups?: ReadonlyMap<string, string | undefined> | undefined
  readonly states?: ReadonlyMap<string, MemberState>
  readonly mergeByAddress?: boolean
  readonly administrators?: boolean
  /** Name of an account here, for groups that bring no administrator of their own. */
  readonly administrator?: string | undefined
  /** Without it everything is done and taken back: a rehearsal. */
  readonly perform?: boolean
  /** Sends each new person a welcome link. */
  readonly welcome?: boolean
  /** Lets the rules move states at once, instead of within the hour. */
  readonly settle?: boolean
}

/** Ends the transaction of a rehearsal. */
class Rehearsed extends Error {
  override readonly name = 'Rehearsed'
  readonly report: ArrivalReport
  constructor(report: ArrivalReport) {
    super('a rehearsal is taken back')
    this.report = report
  }
}

/**
 * Brings people, groups, vouches and keys from a database of the Ops-Trust portal or of Trident, all of it or nothing. A
 * rehearsal does the same and takes it back, so that its report is what the import will do. A second run changes nothing
 * that is here; it brings who and what is new there.
 * @throws {BadRequestError} code `bad_zone`, `bad_source`, `bad_url`, `no_portal` or `portal_unreachable`
 */
export async function importPortal(context: MembersContext, wanted: By & PortalImport): Promise<ArrivalReport> {
  if (!/^[a-z0-9][a-z0-9.-]{0,62}$/.test(wanted.source)) {
    throw new BadRequestError(
      'bad_source',
      'the name of a source is 1 to 63 lower-case letters, digits, dots and hyphens',
    )
  }
  const rows = await withPortal(wanted, readPortal)
  const nowMicros = context.clock.nowMicros()
  // keys are verified before anything is locked: that is the slow part
  const keys = await keysOf(rows, nowMicros)
  try {
    return await context.database.transaction(async (trx) => {
      await raiseAccess(trx)
      await mustMay(trx, wanted, 'manage-groups')
      const options = await optionsOf(trx, wanted)
      const arrivals = arrivalsFromPortal(rows, await readPresent(trx, wanted.source), options, keys, nowMicros)
      const outlook = await bring(trx, context, { wanted, options, arrivals, nowMicros })
      const { source, zone, perform: done = false } = wanted
      const report = reportOf(rows, arrivals, { source, zone, done }, outlook, toldOnly(rows, arrivals))
      if (!done) throw new Rehearsed(report)
      return report
    })
  } catch (error) {
    if (error instanceof Rehearsed) return error.report
    throw error
  }
}

/** Opens the other database for one piece of reading. @throws {BadRequestError} in words for the operator */
export async function withPortal<T>(
  { from, zone }: Pick<PortalImport, 'from' | 'zone'>,
  use: (source: PortalSource) => Promise<T>,
): Promise<T> {
  if (!isTimeZone(zone)) {
    throw new BadRequestError('bad_zone', 'name the time zone of the other server, for example Europe/Amsterdam or UTC')
  }
  if (!/^postgres(?:ql)?:\/\//.test(from)) {
    throw new BadRequestError('bad_url', 'the address of the other database begins with postgres://')
  }
  try {
    const source = await openPortalSource(from, zone)
    try {
      return await use(source)
    } finally {
      await source.close()
    }
  } catch (error) {
    const trouble = sourceTrouble(error)
    if (trouble === undefined) throw error
    throw new BadRequestError('portal_unreachable', `the other database cannot be read: ${trouble}`)
  }
}

async function optionsOf(trx: Transaction, wanted: PortalImport): Promise<ArrivalOptions> {
  const { source, groups, states = new Map(), mergeByAddress = false, administrators = false, administrator } = wanted
  const row =
    administrator === undefined
      ? undefined
      : await trx
          .selectFrom('account')
          .select(['account_no', 'name'])
          .where('name', '=', administrator)
          .where('active', '=', true)
          .executeTakeFirst()
  if (administrator !== undefined && !row) throw new NotFoundError(`an active account ${administrator}`)
  return {
    source,
    groups,
    states,
    mergeByAddress,
    administrators,
    administrator: row && { accountNo: row.account_no, name: row.name },
  }
}

async function keysOf({ tables }: PortalRows, nowMicros: number): Promise<FoundKeys> {
  const verified = Map.groupBy(
    tables.member_email.filter((row) => row.verified === true),
    (row) => row.member ?? '',
  )
  const found = new Map<string, Awaited<ReturnType<typeof ownKey>>>()
  for (const row of tables.member_email) {
    const address = normalAddress(row.email ?? '')
    const [ring, id] = [someText(row.keyring), someText(row.pgpkey_id)]
    if (address === undefined || (ring === undefined && id === undefined)) continue
    const addresses = (verified.get(row.member ?? '') ?? []).flatMap((each) => normalAddress(each.email ?? '') ?? [])
    const key = await ownKey(ring, address, id, { nowMicros, addresses })
    // the portal lays one upload at each address of a member: without an id it was meant for another one
    if (id === undefined && !key.ok && key.reason === 'no-key-of-address') continue
    found.set(keyOf(row.member ?? '', address), key)
  }
  return found
}

interface Bringing {
  readonly wanted: By & PortalImport
  readonly options: ArrivalOptions
  readonly arrivals: Arrivals
  readonly nowMicros: number
}

async function bring(
  trx: Transaction,
  context: MembersContext,
  { wanted, options, arrivals, nowMicros }: Bringing,
): Promise<Outlook> {
  const { actor } = wanted
  const groups = await bringGroups(trx, options.source, arrivals.groups, { actor, nowMicros })
  const brought = await bringPeople(trx, options.source, arrivals.people, nowMicros)
  const places: Places = { groups, brought, actor, nowMicros }
  await bringMemberships(trx, arrivals, places)
  for (const group of arrivals.groups) {
    const row = groups.get(group.there)
    if (!group.needsAdministrator || !row || !options.administrator) continue
    const { accountNo } = options.administrator
    await insertMembership(trx, context, { group: row, accountNo, roles: ['group-administrator'], actor, nowMicros })
  }
  await bringVouches(trx, arrivals, places)
  for (const { accountNo, group } of toBeTold(arrivals)) {
    await tellMember(trx, context, accountNo, `/groups/${groups.get(group)?.name ?? ''}`)
  }
  const accounts = Map.groupBy(arrivals.memberships, ({ group }) => group)
  const moved = [...groups].map(([there, row]) => ({
    row,
    accounts: (accounts.get(there) ?? []).map(({ person }) => numberOf(brought.accountNo, person)),
  }))
  const outlook = await outlookOf(trx, moved, nowMicros)
  let welcomes = 0
  for (const person of wanted.welcome === true ? toBeWelcomed(arrivals) : []) {
    const made = await insertWelcome(trx, context, { accountNo: numberOf(brought.accountNo, person.there) })
    if (made?.mailed) welcomes += 1
  }
  if (wanted.settle === true) {
    for (const { row, accounts: own } of moved) {
      for (const accounts of batches(own, 200)) {
        await settle(trx, context, { groupNo: row.group_no, accounts, actor, nowMicros })
      }
    }
  }
  await recordAudit(trx, nowMicros, auditOf(arrivals, groups, { source: options.source, actor, welcomes }))
  return { ...outlook, welcomes }
}

/** One record of the whole, and one of each group for those who may read only theirs. */
function auditOf(
  { groups, people, memberships, vouches }: Arrivals,
  rows: ReadonlyMap<string, GroupRow>,
  { source, actor, welcomes }: { readonly source: string; readonly actor: string; readonly welcomes: number },
): readonly AuditEvent[] {
  const fresh = people.filter(({ how }) => how === 'new')
  const whole = {
    source,
    groups: groups.filter(({ how }) => how === 'new').length,
    accounts: fresh.length,
    memberships: memberships.length,
    vouches: vouches.length,
    welcomes,
  }
  const events: AuditEvent[] = [{ kind: 'portal_imported', actor, detail: whole }]
  for (const { there, how } of groups) {
    const detail = {
      group: rows.get(there)?.name ?? null,
      source,
      memberships: memberships.filter(({ group }) => group === there).length,
      vouches: vouches.filter(({ group }) => group === there).length,
    }
    if (how === 'new') events.push({ kind: 'group_imported', actor, detail })
    else if (detail.memberships + detail.vouches > 0) events.push({ kind: 'members_imported', actor, detail })
  }
  for (const person of fresh.filter(({ role }) => role === 'administrator')) {
    events.push({ kind: 'administrator_appointed', actor, detail: { account: person.here } })
  }
  return events
}
