import { BadRequestError, ConflictError, NotFoundError } from '../../errors.ts'
import { holdAccess } from '../../site/site.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import type { Database, Transaction } from '../../storage/database.ts'
import { groupNamed } from '../group-rows.ts'
import type { MembersContext } from '../memberships.ts'
import { type By, mustMay } from '../permission.ts'
import { keptText } from './vouch-text.ts'

/** What a voucher affirms, in the wording that counts now. */
export interface Attestation {
  readonly name: string
  readonly version: number
  readonly text: string
  readonly required: boolean
}

/** One affirmation on a vouch: which wording was affirmed. */
export interface Attested {
  readonly name: string
  readonly version: number
}

/** What every group begins with. */
const STANDARD: readonly (readonly [name: string, text: string])[] = [
  ['met', 'I have met this person face to face, more than once.'],
  ['trust', 'I trust this person to act on what they learn here, and to keep it.'],
  ['fate', 'I am willing to share the fate of this person’s membership.'],
]

const NAME = /^[a-z][a-z0-9-]{0,29}$/
const MAX_ATTESTATIONS = 12

/** The standard attestations of a new group, inside the caller's transaction. */
export async function insertStandardAttestations(trx: Transaction, groupNo: number, nowMicros: number): Promise<void> {
  const rows = STANDARD.map(([name, text]) => ({
    group_no: groupNo,
    name,
    version: 1,
    text,
    created_micros: nowMicros,
  }))
  await trx.insertInto('attestation').values(rows).execute()
}

/** What a group's vouchers affirm now, in the order in which it was thought of. */
export async function attestationsOf(
  { kysely }: Pick<Database, 'kysely'>,
  groupNo: number,
): Promise<readonly Attestation[]> {
  return await currentOf(kysely, groupNo)
}

/** As {@link attestationsOf}, inside a transaction. */
export async function currentOf(
  trx: Pick<Transaction, 'selectFrom'>,
  groupNo: number,
): Promise<readonly Attestation[]> {
  const rows = await trx
    .selectFrom('attestation')
    .select(['name', 'version', 'text', 'required', 'retired_micros', 'created_micros'])
    .where('group_no', '=', groupNo)
    .execute()
  const first = new Map<string, number>()
  for (const row of rows) first.set(row.name, Math.min(first.get(row.name) ?? row.created_micros, row.created_micros))
  const rank = ({ name }: { readonly name: string }) => {
    const standard = STANDARD.findIndex(([each]) => each === name)
    return standard < 0 ? STANDARD.length : standard
  }
  return rows
    .filter((row) => row.retired_micros === null)
    .toSorted(
      (a, b) => rank(a) - rank(b) || (first.get(a.name) ?? 0) - (first.get(b.name) ?? 0) || (a.name < b.name ? -1 : 1),
    )
    .map(({ name, version, text, required }) => ({ name, version, text, required }))
}

/** What a form or a call ticks: `met:1` is the attestation `met` in its first wording. */
export function attestedRef({ name, version }: Attested): string {
  return `${name}:${version}`
}

/**
 * What was ticked, checked against the wordings that count now.
 * @param refs as {@link attestedRef} writes them
 * @throws {BadRequestError} code `bad_attestations`: one is missing, or was ticked in a wording of before
 */
export async function checkedAttested(
  trx: Transaction,
  groupNo: number,
  refs: readonly string[],
): Promise<readonly Attested[]> {
  const current = await currentOf(trx, groupNo)
  const ticked = new Set(refs)
  const known = new Set(current.map(attestedRef))
  for (const ref of ticked) {
    if (known.has(ref)) continue
    const name = ref.split(':', 1)[0] ?? ''
    const sentence = current.some((each) => each.name === name)
      ? `the wording of ${JSON.stringify(name)} was changed: read it again and tick it again`
      : 'something was ticked that this group does not ask: look at the list again'
    throw new BadRequestError('bad_attestations', sentence)
  }
  const missing = current.filter((each) => each.required && !ticked.has(attestedRef(each)))
  if (missing.length > 0) {
    const refsMissing = missing.map(attestedRef).join(', ')
    throw new BadRequestError('bad_attestations', `affirm every statement, or do not vouch; missing: ${refsMissing}`)
  }
  return current.filter((each) => ticked.has(attestedRef(each))).map(({ name, version }) => ({ name, version }))
}

/** Reads the column of a vouch. */
export function attestedFrom(json: string): readonly Attested[] {
  const stored: unknown = JSON.parse(json)
  if (!Array.isArray(stored)) return []
  return stored.flatMap((each: unknown) =>
    typeof each === 'object' &&
    each !== null &&
    'name' in each &&
    typeof each.name === 'string' &&
    'version' in each &&
    typeof each.version === 'number'
      ? [{ name: each.name, version: each.version }]
      : [],
  )
}

/** An attestation to be added, or worded anew. */
export interface NewAttestation {
  readonly group: string
  readonly name: string
  readonly text: string
  readonly required?: boolean
}

/**
 * Adds an attestation, or words one anew: what was affirmed stays affirmed in the wording of then.
 * @throws {BadRequestError} code `bad_attestation_name` or `bad_attestation_text`
 * @throws {ConflictError} code `attestation_already` for adding one that there is, `attestation_same` for the same words
 */
export async function wordAttestation(
  context: MembersContext,
  wanted: By & NewAttestation & { readonly act: 'add' | 'reword' },
): Promise<void> {
  if (!NAME.test(wanted.name)) {
    throw new BadRequestError(
      'bad_attestation_name',
      'a name has 1 to 30 lower-case letters, digits and hyphens, and starts with a letter',
    )
  }
  const text = keptText(wanted.text, { code: 'bad_attestation_text', what: 'the statement', needed: true })
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'set-group', { row: group, nowMicros })
    const current = await currentOf(trx, group.group_no)
    const own = current.find((each) => each.name === wanted.name)
    if (wanted.act === 'add' && own) {
      throw new ConflictError('attestation_already', `there is an attestation ${wanted.name} already: word it anew`)
    }
    if (wanted.act === 'reword' && !own) throw new NotFoundError('this statement')
    if (wanted.act === 'add' && current.length >= MAX_ATTESTATIONS) {
      throw new ConflictError('attestation_already', `${MAX_ATTESTATIONS} statements are enough: retire one first`)
    }
    if (own?.text === text) throw new ConflictError('attestation_same', 'these are the words that it has now')
    if (own) await retire(trx, group.group_no, wanted.name, nowMicros)
    const version = (await latestVersion(trx, group.group_no, wanted.name)) + 1
    const required = wanted.required ?? own?.required ?? true
    await trx
      .insertInto('attestation')
      .values({ group_no: group.group_no, name: wanted.name, version, text, required, created_micros: nowMicros })
      .execute()
    const detail = { group: group.name, attestation: wanted.name, version }
    await recordAudit(trx, nowMicros, [{ kind: 'attestation_worded', actor: wanted.actor, detail }])
  })
}

/** Asks for an attestation no more; vouches keep it. @throws {NotFoundError} when there is none of this name */
export async function retireAttestation(
  context: MembersContext,
  wanted: By & { readonly group: string; readonly name: string },
): Promise<void> {
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const group = await groupNamed(trx, wanted.group)
    await mustMay(trx, wanted, 'set-group', { row: group, nowMicros })
    const retired = await retire(trx, group.group_no, wanted.name, nowMicros)
    if (!retired) throw new NotFoundError('this statement')
    const detail = { group: group.name, attestation: wanted.name }
    await recordAudit(trx, nowMicros, [{ kind: 'attestation_retired', actor: wanted.actor, detail }])
  })
}

async function retire(trx: Transaction, groupNo: number, name: string, nowMicros: number): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('attestation')
    .set({ retired_micros: nowMicros })
    .where('group_no', '=', groupNo)
    .where('name', '=', name)
    .where('retired_micros', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

async function latestVersion(trx: Transaction, groupNo: number, name: string): Promise<number> {
  const row = await trx
    .selectFrom('attestation')
    .select(({ fn }) => fn.max('version').as('version'))
    .where('group_no', '=', groupNo)
    .where('name', '=', name)
    .executeTakeFirst()
  return Number(row?.version ?? 0)
}
