import { suggest } from '../config/suggest.ts'
import type { Context } from '../context.ts'
import { NotFoundError } from '../errors.ts'
import type { Account, TrustGroup } from '../storage/access.ts'

/** The trust group that the operator names. @throws {NotFoundError} with the nearest name that there is */
export async function groupOf({ freshness }: Pick<Context, 'freshness'>, name: string): Promise<TrustGroup> {
  const { access } = await freshness.read()
  const group = access.group(name)
  if (group) return group
  const near = suggest(
    name,
    access.groups.map((each) => each.name),
  )
  const hint = near === undefined ? 'see "vouchsafe group list"' : `did you mean ${near}?`
  throw new NotFoundError(`the trust group ${JSON.stringify(name)}`, hint)
}

/** The account that the operator names. @throws {NotFoundError} */
export async function accountOf({ freshness }: Pick<Context, 'freshness'>, name: string): Promise<Account> {
  const { access } = await freshness.read()
  const account = access.accountNamed(name)
  if (!account) throw new NotFoundError(`the account ${JSON.stringify(name)}`, 'see "vouchsafe user list"')
  return account
}

/** What to look at when somebody is no member of a group. */
export function membersHint(group: string): string {
  return `see "vouchsafe group members ${group}"`
}
