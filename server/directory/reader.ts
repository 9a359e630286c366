import { can } from '../../policies/can.ts'
import type { Access, Account, TrustGroup } from '../storage/access.ts'

/** Whoever reads the directory, as of now. */
export interface Reader {
  readonly account: Account
  /** The groups that they see; never none. */
  readonly groups: readonly TrustGroup[]
}

/**
 * Who an account is to the directory: a member sees the groups that let them see who is in them, and a program the one
 * group that its owner gave it, while the owner sees it.
 * @param strong whether the bind counts as one with a second factor
 * @returns undefined for whoever sees no group: the directory has nothing for them, and they are not in it
 */
export function readerOf(access: Access, account: Account | undefined, strong: boolean): Reader | undefined {
  if (!account?.active) return undefined
  const { service } = account
  const person = service ? access.account(service.ownerNo) : account
  if (!person?.active || (service && person.service)) return undefined
  const { accountNo, active } = person
  const actor = { accountNo, active, siteAdministrator: false, secondFactor: strong }
  const groups = access.groups.filter((group) => {
    if (service && service.groupNo !== group.groupNo) return false
    const membership = access.membership(accountNo, group.groupNo)
    const { secondFactor } = group
    return membership && can(actor, 'see-members', { kind: 'group', membership, brokenGlass: false, secondFactor }).ok
  })
  return groups.length === 0 ? undefined : { account, groups }
}
